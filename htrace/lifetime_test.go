package htrace

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lives puts lifetimes in one line each, by the indices of their operations.
func lives(tr *Trace) []string {
	at := func(op *Operation) string {
		if op == nil {
			return "?"
		}
		return fmt.Sprint(op.Index)
	}
	var list []string
	for l := range tr.Lifetimes() {
		line := fmt.Sprintf("%#x of %d: %s-%s", l.Value, l.ProcessID, at(l.Open), at(l.Close))
		for _, op := range l.References {
			line += " !" + at(op)
		}
		list = append(list, line)
	}
	return list
}

func TestLifetimes(t *testing.T) {
	stored, _ := parseScript(t, `
1 C 40 legacy.Cleanup
1 O 3c legacy.Init
1 C 3d legacy.Cleanup
2 O 3c session.Open
2 O 40 session.Open
2 U 44 session.Write
1 C 3c legacy.Cleanup
1 B 3c legacy.Cleanup
2 U 40 session.Write`)
	got := lives(New(stored, Options{Order: OldestFirst}))
	want := []string{"0x40 of 100: ?-0", "0x40 of 100: 4-? !8", "0x3c of 100: 1-2", "0x3c of 100: 3-6 !7", "0x44 of 100: ?-? !5"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Where the handle table of the dump still lists a handle, it tells what the
// last object of the value is.
func TestLifetimesOf(t *testing.T) {
	stored, _ := parseScript(t, "1 O 3c legacy.Init\n1 C 3c legacy.Cleanup\n1 O 3d session.Open\n1 O 40 session.Open")
	tr := New(stored, Options{Order: OldestFirst, Table: map[uint64]TableEntry{0x3c: {Type: "Event", Name: `\Session\Ready`}}})
	var got []string
	for l := range tr.LifetimesOf(0x3e) {
		got = append(got, fmt.Sprintf("%v %s %s", l.Complete, l.Type, l.Name))
	}
	want := []string{"true  ", `true Event \Session\Ready`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A process that duplicates a handle into ours is recorded with its own
// number, but the handle is ours. Operations of a process on its own table are
// kept apart.
func TestOtherProcesses(t *testing.T) {
	stored, _ := parseScript(t, "1 O 3c legacy.Init\n1 C 3c legacy.Cleanup\n9 O 3c app.Inject\n1 C 3c legacy.Cleanup\n1 O 48 legacy.Init")
	stored[2].ProcessID = 7
	tr := New(slices.Clone(stored), Options{Order: OldestFirst})
	want := []string{"0x3c of 100: 0-1", "0x3c of 100: 2-3", "0x48 of 100: 4-?"}
	if diff := cmp.Diff(want, lives(tr)); diff != "" {
		t.Errorf("a handle given by another process (-want +got):\n%s", diff)
	}
	if f := Analyze(tr, AnalyzeOptions{}); len(f) != 0 {
		t.Errorf("findings: %v", verdicts(f))
	}
	if op := &tr.Operations[2]; !tr.IsForeign(op) || tr.Frames(op, &scriptCode{})[0].Module != "" {
		t.Error("the other process's frames are taken for this one's")
	}

	two, _ := parseScript(t, repeat(3, "1 O 3c legacy.Init\n9 O 3c app.Open\n1 C 3c legacy.Cleanup\n9 C 3c app.Close\n1 O 40 legacy.Init\n1 C 40 legacy.Cleanup"))
	for i := range two {
		if two[i].ThreadID == 9 {
			two[i].ProcessID = 7
		}
	}
	tr = New(two, Options{Order: OldestFirst})
	if f := Analyze(tr, AnalyzeOptions{}); len(f) != 0 {
		t.Errorf("findings between two processes: %v", verdicts(f))
	}
}

// A process number that no operation has says nothing of whose they are.
func TestProcessOfAnotherNumbering(t *testing.T) {
	stored, code := parseScript(t, "1 O 3c legacy.Init\n1 C 3c legacy.Cleanup\n1 B 3c legacy.Cleanup")
	tr := New(stored, Options{Order: OldestFirst, ProcessID: 4711})
	if tr.ProcessID != 100 || tr.IsForeign(&tr.Operations[0]) {
		t.Errorf("process %d", tr.ProcessID)
	}
	want := []string{"double-close certain culprit=2 first=1 victim=-"}
	if diff := cmp.Diff(want, verdicts(Analyze(tr, AnalyzeOptions{Code: code}))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
