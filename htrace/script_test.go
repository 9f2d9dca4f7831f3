package htrace

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/callstack"
)

// A script is a trace in words, a line for each operation in the order of
// time:
//
//	thread kind value place
//
// kind is O (open), C (close), B (a close that failed) or U (a use that
// failed). A place is module.function, or several from the innermost frame
// outwards: "pool.Release<app.Worker".

// scriptModules have room for 0x1000 functions each.
var scriptModules = []string{"ntdll.dll", "kernelbase.dll", "legacy.dll", "session.dll", "pool.dll", "app.exe", "queue.dll", "common.dll"}

const moduleSize = 0x100000

// scriptCode names what scripts make.
type scriptCode struct{ functions map[string]uint64 }

// address returns the return address of the only call in a function.
func (s *scriptCode) address(place string) uint64 {
	if a, ok := s.functions[place]; ok {
		return a
	}
	module, _, _ := strings.Cut(place, ".")
	i := slices.IndexFunc(scriptModules, func(m string) bool { return strings.TrimSuffix(strings.TrimSuffix(m, ".dll"), ".exe") == module })
	if i < 0 {
		panic("no module " + place)
	}
	a := uint64(i+1)*moduleSize + uint64(len(s.functions)+1)*0x400 + 0x20
	s.functions[place] = a
	return a
}

func (s *scriptCode) Frames(a uint64) []Frame {
	for place, at := range s.functions {
		if at == a {
			_, function, _ := strings.Cut(place, ".")
			return []Frame{{Address: a, Module: scriptModules[a/moduleSize-1], Function: function, Offset: 0x20, FunctionStart: a - 0x20, Source: callstack.Export}}
		}
	}
	return []Frame{{Address: a}}
}

func (s *scriptCode) IsSystem(uint64) bool { return false }

var scriptKinds = map[string]struct {
	kind   Kind
	system []string
}{
	"O": {KindOpen, []string{"ntdll.NtCreateFile", "kernelbase.CreateFileW"}},
	"C": {KindClose, []string{"ntdll.NtClose", "kernelbase.CloseHandle"}},
	"B": {KindBadReference, []string{"ntdll.NtClose", "kernelbase.CloseHandle"}},
	"U": {KindBadReference, []string{"ntdll.NtWriteFile", "kernelbase.WriteFile"}},
}

func parseScript(t *testing.T, script string) ([]Operation, *scriptCode) {
	t.Helper()
	code := &scriptCode{functions: map[string]uint64{}}
	var ops []Operation
	for line := range strings.Lines(script) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		thread, err1 := strconv.ParseUint(f[0], 10, 32)
		value, err2 := strconv.ParseUint(f[2], 16, 64)
		k, ok := scriptKinds[f[1]]
		if err1 != nil || err2 != nil || !ok {
			t.Fatalf("script line %q", line)
		}
		op := Operation{Handle: value, ThreadID: uint32(thread), ProcessID: 100, Kind: k.kind}
		for _, place := range append(slices.Clone(k.system), strings.Split(f[3], "<")...) {
			op.Stack = append(op.Stack, code.address(place))
		}
		ops = append(ops, op)
	}
	return ops, code
}

// verdicts puts findings in one line each: rule, confidence, and the places in
// time of culprit, first close, victim and what followed.
func verdicts(findings []Finding) []string {
	place := func(op *Operation) string {
		if op == nil {
			return "-"
		}
		return strconv.Itoa(op.Index)
	}
	list := []string{}
	for _, f := range findings {
		s := fmt.Sprintf("%s %v culprit=%s first=%s victim=%s", f.Rule, f.Confidence, place(f.Culprit), place(f.FirstClose), place(f.Victim))
		if f.Rule == Leak {
			s += fmt.Sprintf(" count=%d", f.Count)
		} else if len(f.Related) > 0 {
			s += " related="
			for i, op := range f.Related {
				if i > 0 {
					s += ","
				}
				s += place(op)
			}
		}
		list = append(list, s)
	}
	return list
}

// repeat returns a script n times.
func repeat(n int, script string) string { return strings.Repeat(script+"\n", n) }
