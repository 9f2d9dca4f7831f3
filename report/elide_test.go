package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// A name of any length leaves the text readable and says how long it is.
func TestElide(t *testing.T) {
	for name, want := range map[string]string{
		"":                        "",
		strings.Repeat("x", 1000): strings.Repeat("x", 1000),
		strings.Repeat("é", 1000): strings.Repeat("é", 1000),
		strings.Repeat("a", 600) + strings.Repeat("é", 600): strings.Repeat("a", 400) + "[… 1,200 characters …]" + strings.Repeat("é", 400),
	} {
		if got := elide(name); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Text has the ends of long names, JSON has them whole.
func TestLongNames(t *testing.T) {
	long := strings.Repeat("very::", 6000) + "end"
	code := named{0x1010: {Module: "app.dll", Function: long, Offset: 0x10}, 0x2010: {Module: "app.dll", Function: "Make", Offset: 0x10}}
	ops := []htrace.Operation{
		{Handle: 4, Kind: htrace.KindOpen, ThreadID: 1, Stack: []uint64{0x2010}},
		{Handle: 4, Kind: htrace.KindClose, ThreadID: 1, Stack: []uint64{0x1010}},
		{Handle: 4, Kind: htrace.KindBadReference, ThreadID: 1, Stack: []uint64{0x1010}},
	}
	trace := htrace.New(ops, htrace.Options{Order: htrace.OldestFirst})
	in := Input{Path: "x", Trace: trace, Code: code, Findings: htrace.Analyze(trace, htrace.AnalyzeOptions{Code: code}), ThreadNames: map[uint32]string{1: long}}
	if len(in.Findings) == 0 {
		t.Fatal("nothing is found")
	}
	var text, document bytes.Buffer
	if err := WriteText(&text, []Input{in}); err != nil {
		t.Fatal(err)
	}
	if err := WriteJSON(&document, []Input{in}); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(text.String(), "[… 36,003 characters …]"); n < 3 || text.Len() > 20_000 {
		t.Errorf("%d elided names in %d bytes:\n%.4000s", n, text.Len(), text.String())
	}
	if !strings.Contains(document.String(), long) {
		t.Error("the JSON report lacks the name")
	}

	b := minidumptest.New(minidump.ProcessorArchitectureAMD64)
	b.AddHandle(minidumptest.Handle{Value: 4, Type: "Event", Name: long})
	f, err := minidump.New(bytes.NewReader(b.Bytes()), int64(len(b.Bytes())))
	if err != nil {
		t.Fatal(err)
	}
	text.Reset()
	if err := WriteInfoText(&text, f, InfoOptions{}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "[… 36,003 characters …]") || strings.Contains(text.String(), long) {
		t.Errorf("info:\n%.4000s", text.String())
	}
}

// named is the code of a table.
type named map[uint64]htrace.Frame

func (n named) Frames(a uint64) []htrace.Frame {
	f := n[a]
	f.Address = a
	return []htrace.Frame{f}
}

func (n named) IsSystem(uint64) bool { return false }

// Frames that no module holds at the inner end are counted in one line; alone,
// few, or further out they stay.
func TestFoldedFrames(t *testing.T) {
	frames := func(kinds string) []htrace.Frame {
		var list []htrace.Frame
		for i, k := range kinds {
			f := htrace.Frame{Address: uint64(i + 1)}
			switch k {
			case 'm':
				f.Module = "app.dll"
			case 'g':
				f.Generated = true
			}
			list = append(list, f)
		}
		return list
	}
	for kinds, want := range map[string]int{"....mm": 4, "...m": 3, "..m": 0, ".....": 0, "m...m": 0, "...g..m": 0, "": 0, "....m...m": 4} {
		if got := hiddenFrames(frames(kinds)); got != want {
			t.Errorf("%q: %d folded, want %d", kinds, got, want)
		}
	}
	got := string(stackText(frames("....m.")))
	if want := "      (4 frames of the kernel or of WoW64's 64-bit half)\n      app+0x0\n      0x6\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
