package htrace

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/handletrace/handletrace/callstack"
)

// namedCode names addresses by a table of module!function.
type namedCode map[uint64]string

func (c namedCode) Frames(a uint64) []Frame {
	module, function, _ := strings.Cut(c[a], "!")
	return []Frame{{Address: a, Module: module + ".dll", Function: function, FunctionStart: a, Source: callstack.Export}}
}

func (namedCode) IsSystem(uint64) bool { return false }

// stackOf returns addresses for names, innermost first.
func (c namedCode) stackOf(names ...string) []uint64 {
	var stack []uint64
	for _, n := range names {
		a := uint64(0)
		for k, v := range c {
			if v == n {
				a = k
			}
		}
		if a == 0 {
			a = 0x10000 * uint64(len(c)+1)
			c[a] = n
		}
		stack = append(stack, a)
	}
	return stack
}

func TestWrongClose(t *testing.T) {
	c := namedCode{}
	socket := c.stackOf("ntdll!NtCreateFile", "mswsock!SockSocket", "ws2_32!WSASocketW", "net!Connect")
	right := c.stackOf("ntdll!NtClose", "mswsock!SockCloseSocket", "ws2_32!closesocket", "net!Disconnect")
	wrong := c.stackOf("ntdll!NtClose", "kernelbase!CloseHandle", "net!Abort")
	file := c.stackOf("ntdll!NtCreateFile", "kernelbase!CreateFileW", "ucrtbase!_wsopen_s", "net!Log")
	exit := c.stackOf("ntdll!NtClose", "ntdll!LdrShutdownProcess", "net!main")
	var ops []Operation
	life := func(handle uint64, open, close []uint64) {
		ops = append(ops, Operation{Handle: handle, Kind: KindOpen, Stack: open}, Operation{Handle: handle, Kind: KindClose, Stack: close})
	}
	life(0x10, socket, right)
	life(0x14, socket, wrong)
	life(0x18, socket, wrong)
	life(0x1c, file, wrong)
	life(0x20, file, exit)
	got := verdicts(Analyze(New(slices.Clone(ops), Options{Order: OldestFirst}), AnalyzeOptions{Code: c}))
	want := []string{
		"wrong-close likely culprit=3 first=- victim=- related=5",
		"wrong-close likely culprit=7 first=- victim=-",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Without names nothing can be said.
	if f := Analyze(New(ops, Options{Order: OldestFirst}), AnalyzeOptions{}); len(f) != 0 {
		t.Errorf("without names: %v", verdicts(f))
	}
}

func TestTableMismatch(t *testing.T) {
	stored, _ := parseScript(t, `
1 O 3c legacy.Init
1 O 40 legacy.Init
1 C 40 legacy.Cleanup
2 O 44 session.Open`)
	table := map[uint64]TableEntry{0x40: {Type: "File"}, 0x44: {Type: "Event"}, 0x99: {}}
	got := verdicts(Analyze(New(stored, Options{Order: OldestFirst, Table: table}), AnalyzeOptions{}))
	want := []string{
		"table-mismatch possible culprit=0 first=- victim=-",
		"table-mismatch possible culprit=2 first=- victim=-",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
