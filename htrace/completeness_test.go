package htrace

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

func TestCompleteness(t *testing.T) {
	const whole = "1 O 3c session.Open\n1 C 3c session.Close\n1 O 40 session.Open"
	table := map[uint64]TableEntry{0x40: {}}
	for _, c := range []struct {
		name   string
		script string
		table  map[uint64]TableEntry
		want   Completeness
	}{
		{"nothing is missing", whole, table, Completeness{}},
		{"a list of what is open", "1 O 3c session.Open\n1 O 40 session.Open", nil, Completeness{OpensOnly: true}},
		{"opened before", "1 C 3c session.Close\n1 C 40 session.Close\n1 O 40 session.Open\n1 C 40 session.Close", nil, Completeness{Begun: 2}},
		{"a value that never was a handle", whole + "\n1 U 100 session.Write", table, Completeness{}},
		{"listed without a record", whole, map[uint64]TableEntry{0x40: {}, 0x44: {}}, Completeness{Unrecorded: 1}},
		{"one handle of many", "1 O 3c session.Open\n1 C 3c session.Close", map[uint64]TableEntry{0x40: {}, 0x44: {}}, Completeness{OneHandle: true, Unrecorded: 2}},
	} {
		stored, _ := parseScript(t, c.script)
		got := New(stored, Options{Order: OldestFirst, Table: c.table}).Completeness()
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		if got.Whole() != (got.String() == "") {
			t.Errorf("%s: Whole is %v, but %q", c.name, got.Whole(), got)
		}
	}
}

// A ring of a power of two is full; slots that were never used are none of
// its entries, and what cannot be read is missing.
func TestCompletenessOfDump(t *testing.T) {
	ring := func(unused, unreadable int) Completeness {
		b := minidumptest.New(minidump.ProcessorArchitectureAMD64)
		b.AddSystemInfo(minidumptest.SystemInfo{})
		for i := range 0x80 - unused - unreadable {
			kind := minidump.OperationDbOPEN
			if i%2 == 0 {
				kind = minidump.OperationDbCLOSE
			}
			b.AddHandleOperations(minidumptest.HandleOperation{Handle: uint64(4 + i/2*4), Type: kind, ThreadID: 1, ProcessID: 2})
		}
		for range unused {
			b.AddHandleOperations(minidumptest.HandleOperation{})
		}
		for range unreadable {
			b.AddHandleOperations(minidumptest.HandleOperation{Type: 77})
		}
		f, err := b.Open()
		if err != nil {
			t.Fatal(err)
		}
		tr, err := FromDump(f, Options{})
		if err != nil {
			t.Fatal(err)
		}
		return tr.Completeness()
	}
	if c := ring(0, 0); !c.RingFull || c.Missing != 0 {
		t.Errorf("a full ring: %+v", c)
	}
	if c := ring(5, 0); c.RingFull || c.Missing != 0 {
		t.Errorf("a ring with room: %+v", c)
	}
	if c := ring(0, 3); c.Missing != 3 || !c.Cut {
		t.Errorf("entries that cannot be read: %+v", c)
	}
}

// Each finding says what would make it surer.
func TestCaveats(t *testing.T) {
	text := `Handle = 0x0000000000000040 - *** BAD REF ***
Thread ID = 0x0000000000000001, Process ID = 0x0000000000000064

0x00007ff000001234: ntdll!NtClose+0x0000000000000014
0x00007ff000005678: app!Stop+0x0000000000000020
--------------------------------------
Parsed 0x1000 stack traces.
Dumped 0x1 stack traces.
`
	tr, err := ReadTranscript(strings.NewReader(text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	found := Analyze(tr.Trace, AnalyzeOptions{Code: tr})
	if len(found) != 1 || found[0].Rule != BadReference {
		t.Fatalf("findings: %v", verdicts(found))
	}
	if got := strings.Join(found[0].Caveats, " "); !strings.Contains(got, "ring of the trace was full") {
		t.Errorf("caveats: %q", got)
	}
}

// A dump that was written at the failure starts from it.
func TestAtException(t *testing.T) {
	b := minidumptest.New(minidump.ProcessorArchitectureAMD64)
	b.AddSystemInfo(minidumptest.SystemInfo{})
	op := func(kind minidump.OperationType, thread uint32, handle uint64) minidumptest.HandleOperation {
		return minidumptest.HandleOperation{Handle: handle, Type: kind, ThreadID: thread, ProcessID: 100}
	}
	b.AddMiscInfo(100)
	// Newest first, as dbghelp writes it.
	b.AddHandleOperations(
		op(minidump.OperationDbBADREF, 7, 0x200),
		op(minidump.OperationDbBADREF, 3, 0x80),
		op(minidump.OperationDbBADREF, 3, 0x400),
		op(minidump.OperationDbCLOSE, 3, 0x200), op(minidump.OperationDbOPEN, 3, 0x200),
		op(minidump.OperationDbCLOSE, 1, 0x80), op(minidump.OperationDbOPEN, 1, 0x80),
	)
	b.AddException(minidumptest.Exception{ThreadID: 3, Code: minidump.StatusInvalidHandle})
	f, err := b.Open()
	if err != nil {
		t.Fatal(err)
	}
	tr, err := FromDump(f, Options{Order: NewestFirst})
	if err != nil {
		t.Fatal(err)
	}
	if at := tr.AtException(f); at == nil || at.Index != 1 {
		t.Fatalf("the failure is %+v, want operation 1", at)
	}
	found := Analyze(tr, AnalyzeOptions{Dump: f})
	if len(found) < 2 || !found[0].AtException || found[0].Value != 0x80 || !strings.Contains(found[0].Message, "written at this failure") || found[1].AtException {
		t.Errorf("findings: %v", verdicts(found))
	}
}
