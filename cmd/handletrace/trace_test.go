package main

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// traced returns the operations that trace prints as JSON lines.
func traced(t *testing.T, args ...string) []jsonOperation {
	t.Helper()
	var ops []jsonOperation
	for line := range strings.Lines(command(t, exitClean, append([]string{"trace", "--format", "jsonl"}, args...)...)) {
		var op jsonOperation
		if err := json.Unmarshal([]byte(line), &op); err != nil {
			t.Fatal(err)
		}
		ops = append(ops, op)
	}
	return ops
}

// The filters leave what they say, of the trace of a real program, and all of
// it.
func TestTraceFilters(t *testing.T) {
	name := labDump(t, "handlelab-x64")
	pdbs := filepath.Join(lab, "x64")
	all := traced(t, "--symbols", pdbs, name)
	if len(all) != 539 {
		t.Fatalf("%d operations", len(all))
	}
	onStack := func(match func(module, function, file string) bool) func(jsonOperation) bool {
		return func(op jsonOperation) bool {
			for _, f := range op.Stack {
				if match(f.Module, f.Function, f.File) {
					return true
				}
			}
			return false
		}
	}
	for _, c := range []struct {
		args string
		want func(jsonOperation) bool
	}{
		{"--kind bad-reference", func(op jsonOperation) bool { return op.Operation == "bad-reference" }},
		{"--kind open,close", func(op jsonOperation) bool { return op.Operation != "bad-reference" }},
		{"--handle 0xcd", func(op jsonOperation) bool { return op.Handle == "0xcc" }},
		{"--thread 0x110", func(op jsonOperation) bool { return op.ThreadID == 0x110 }},
		{"--thread 110 --kind close", func(op jsonOperation) bool { return op.ThreadID == 0x110 && op.Operation == "close" }},
		{"--module broker", onStack(func(m, _, _ string) bool { return m == "broker.dll" })},
		{"--module BROKER.DLL", onStack(func(m, _, _ string) bool { return m == "broker.dll" })},
		{"--module none", func(jsonOperation) bool { return false }},
		{"--site LegacyCleanup_*", onStack(func(_, f, _ string) bool { return strings.HasPrefix(f, "LegacyCleanup_") })},
		{"--site legacy!*", onStack(func(m, f, _ string) bool { return m == "legacy.dll" && f != "" })},
		{"--site settings.c", onStack(func(_, _, file string) bool { return strings.HasSuffix(file, `\settings.c`) })},
		{"--site session!* --site settings.?", onStack(func(m, _, file string) bool { return m == "session.dll" || strings.HasSuffix(file, `\settings.c`) })},
	} {
		got := traced(t, append(strings.Fields(c.args), "--symbols", pdbs, name)...)
		var want []int
		for _, op := range all {
			if c.want(op) {
				want = append(want, op.Index)
			}
		}
		var indices []int
		for _, op := range got {
			indices = append(indices, op.Index)
		}
		if !slices.Equal(indices, want) {
			t.Errorf("%s:\ngot  %v\nwant %v", c.args, indices, want)
		}
	}
}

// The newest come first, whether the newest or the oldest are asked for.
func TestFirstAndLast(t *testing.T) {
	name := labDump(t, "handlelab-x64")
	for args, want := range map[string][]int{
		"--last 3":                {0, 1, 2},
		"--first 3":               {536, 537, 538},
		"--kind open --last 1":    {4},
		"--first 1000 --thread 1": nil,
	} {
		var got []int
		for _, op := range traced(t, append(strings.Fields(args), name)...) {
			got = append(got, op.Index)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", args, got, want)
		}
	}
}

// A pattern stands for whole names, and only * and ? mean something in it.
func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"std::vector<int>::~vector<int>", "std::vector<int>::~vector<int>", true},
		{"std::*::~vector*", "std::vector<int>::~vector<int>", true},
		{"operator[]", "operator[]", true},
		{"operator[]", "operatorx", false},
		{"close", "CloseHandle", false},
		{"close*", "CloseHandle", true},
		{"f.c", "fxc", false},
		{"f?c", "fxc", true},
		{"", "x", false},
	} {
		p, err := newPattern(c.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.any(c.name); got != c.want {
			t.Errorf("%q for %q: %v", c.pattern, c.name, got)
		}
	}
	if _, err := newPattern("\xff"); err == nil {
		t.Error("a pattern that is no UTF-8 was taken")
	}
}

// Of a text of two processes the one with most operations is meant, or the one
// that is asked for.
func TestProcess(t *testing.T) {
	one := command(t, exitClean, "trace", labDump(t, "handlelab-x64"))
	other := strings.ReplaceAll(command(t, exitClean, "trace", "--last", "7", labDump(t, "handlelab-x64")), "Process ID = 0x0000000000000020", "Process ID = 0x0000000000000abc")
	both := written(t, "both.txt", []byte(one+"\n0:000> !htrace\n"+other))
	_, errs := commandBoth(t, exitClean, "trace", both)
	expect(t, errs, "also holds 7 operations of process 0xabc", "--process 0xabc picks it")
	if n := len(traced(t, both)); n != 539 {
		t.Errorf("%d operations", n)
	}
	if n := len(traced(t, "--process", "0xabc", both)); n != 7 {
		t.Errorf("%d operations of the other process", n)
	}
	_, errs = commandBoth(t, exitFailed, "trace", "--process", "explorer", both)
	expect(t, errs, "--process", "hexadecimal")
}
