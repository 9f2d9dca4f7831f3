package report_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/report"
)

// hostile is a name that would colour a terminal, break lines and turn text
// around.
const hostile = "evil\x1b[31m\r\n--------\nHandle = 0x4 - OPEN\u202egnp.exe\x00\u2028\u009b2J\x7fend"

// hostileCode gives every address hostile names.
type hostileCode struct{}

func (hostileCode) IsSystem(uint64) bool { return false }
func (hostileCode) Frames(a uint64) []htrace.Frame {
	return []htrace.Frame{{Address: a, Module: hostile + ".dll", Function: hostile, File: hostile, Line: 1, Source: "pdb"}}
}

// hostileInput is an input with a double close and all names hostile.
func hostileInput() *report.Input {
	ops := []htrace.Operation{
		{Handle: 0x10, Kind: htrace.KindOpen, ThreadID: 1, Stack: []uint64{0x1000, 0x2000}},
		{Handle: 0x10, Kind: htrace.KindClose, ThreadID: 1, Stack: []uint64{0x1100, 0x2000}},
		{Handle: 0x10, Kind: htrace.KindBadReference, ThreadID: 1, Stack: []uint64{0x1100, 0x2000}},
	}
	table := map[uint64]htrace.TableEntry{0x14: {Type: hostile, Name: hostile}}
	trace := htrace.New(ops, htrace.Options{Order: htrace.OldestFirst, Table: table})
	a := htrace.NewAnalysis(trace, htrace.AnalyzeOptions{Code: hostileCode{}})
	return &report.Input{
		Path:        hostile,
		Kind:        report.Minidump,
		Trace:       trace,
		Code:        hostileCode{},
		PointerSize: 8,
		Findings:    a.Findings(),
		Story:       report.NewStory(a, 0x10),
		Failure:     &report.Failure{ThreadID: 1, Operation: &trace.Operations[2], Handle: 0x10},
		Warnings:    []string{hostile},
		Notes:       []string{hostile},
		ThreadNames: map[uint32]string{1: hostile},
	}
}

// Nothing that a dump names acts on the terminal or begins a line of its own.
func TestHostileNames(t *testing.T) {
	in := hostileInput()
	if len(in.Findings) == 0 {
		t.Fatal("no finding to write")
	}
	var text, trace, document, lines bytes.Buffer
	if err := report.WriteText(&text, []report.Input{*in}); err != nil {
		t.Fatal(err)
	}
	ops := []*htrace.Operation{&in.Trace.Operations[2], &in.Trace.Operations[1], &in.Trace.Operations[0]}
	if err := report.WriteHtrace(&trace, in, ops); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteJSON(&document, []report.Input{*in}); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteJSONLines(&lines, in, ops); err != nil {
		t.Fatal(err)
	}
	var first report.OperationJSON
	if err := json.NewDecoder(bytes.NewReader(lines.Bytes())).Decode(&first); err != nil || first.Stack[0].Function != hostile {
		t.Errorf("the name is %q in JSON (%v)", first.Stack[0].Function, err)
	}
	outputs := map[string]string{"the report": text.String(), "the trace": trace.String(), "the document": document.String(), "the lines": lines.String()}
	for what, out := range outputs {
		if i := strings.IndexFunc(out, acts); i >= 0 {
			t.Errorf("%s holds %q", what, out[max(i-20, 0):i+8])
		}
		if strings.Contains(out, "\nHandle = 0x4 ") {
			t.Errorf("a name forged a line of %s:\n%s", what, out)
		}
	}
	back, err := htrace.ReadTranscript(&trace, htrace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(back.Trace.Operations); n != len(ops) {
		t.Errorf("%d operations are read back, want %d", n, len(ops))
	}
}

func acts(r rune) bool {
	return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028')
}

// Colours stand only where they are asked for, and around whole lines.
func TestColor(t *testing.T) {
	in := hostileInput()
	var plain, coloured bytes.Buffer
	if err := report.WriteText(&plain, []report.Input{*in}); err != nil {
		t.Fatal(err)
	}
	w := report.NewTextWriter(&coloured, report.TextOptions{Color: true})
	if err := w.Write(in); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var without strings.Builder
	for line := range strings.Lines(coloured.String()) {
		if strings.HasPrefix(line, "\x1b[") {
			_, line, _ = strings.Cut(line, "m")
			line = strings.TrimSuffix(line, "\x1b[0m\n") + "\n"
		}
		without.WriteString(line)
	}
	if without.String() != plain.String() {
		t.Errorf("with colours:\n%s\nwithout:\n%s", coloured.String(), plain.String())
	}
	if coloured.Len() == plain.Len() {
		t.Error("there are no colours")
	}
}

// namesOf is code whose names are those of a table, by address.
type namesOf map[uint64]htrace.Frame

func (namesOf) IsSystem(uint64) bool { return false }
func (n namesOf) Frames(a uint64) []htrace.Frame {
	f := n[a]
	f.Address = a
	return []htrace.Frame{f}
}

// Names that would end a name in a line of !htrace read back as one name, the
// nearest to what they were.
func TestOddNamesReadBack(t *testing.T) {
	code := namesOf{
		1: {Module: "my app (2).exe", Function: "operator new", Offset: 1},
		2: {Module: "a!b+c.dll", Function: "std::map<int, int>::operator[]", Offset: 2},
		3: {Module: "x.dll", Function: "  two  blanks ", Offset: 3},
		4: {Module: "no name.dll", Offset: 4},
	}
	op := htrace.Operation{Handle: 4, Kind: htrace.KindOpen, ThreadID: 1, ProcessID: 2, Stack: []uint64{1, 2, 3, 4}}
	in := &report.Input{Trace: htrace.New([]htrace.Operation{op}, htrace.Options{}), Code: code, PointerSize: 8}
	var text bytes.Buffer
	if err := report.WriteHtrace(&text, in, []*htrace.Operation{&in.Trace.Operations[0]}); err != nil {
		t.Fatal(err)
	}
	back, err := htrace.ReadTranscript(&text, htrace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range back.Trace.Frames(&back.Trace.Operations[0], back) {
		got = append(got, f.String())
	}
	want := []string{"my_app__2_!operator new+0x1", "a_b_c!std::map<int, int>::operator[]+0x2", "x!two blanks+0x3", "no_name+0x4"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
