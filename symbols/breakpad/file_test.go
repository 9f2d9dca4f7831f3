package breakpad

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/handletrace/handletrace/callstack"
	"github.com/handletrace/handletrace/symbols/internal/frametest"
)

func parse(t testing.TB, text string) *File {
	t.Helper()
	f, err := New(strings.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

const program = `MODULE windows x86_64 0123456789ABCDEF0123456789ABCDEF2 program.pdb
INFO CODE_ID 5C9E09599000 program.exe
INFO GENERATOR something
FILE 0 c:\src with blanks\main.cpp
FILE 1 leaf.h
INLINE_ORIGIN 0 leaf(int)
INLINE_ORIGIN 7 mid<int, char>(int)
FUNC 1000 40 0 main
INLINE 0 12 0 7 1010 10 1030 8
INLINE 1 5 1 0 1014 4 1030 4
1000 10 10 0
1010 4 5 1
1014 4 2 1
1018 8 6 1
1020 10 13 0
1030 4 3 1
1034 4 7 1
FUNC m 1080 20 8 folded(int, int)
1080 20 30 0
PUBLIC 1200 0 a_public
PUBLIC m 1300 c second public
STACK CFI INIT 1000 40 .cfa: $rsp 8 + .ra: .cfa -8 + ^
STACK WIN 4 1000 40 0 0 0 0 0 0 1 $T0
`

var programAnswers = map[uint32]string{
	0xfff:  "",
	0x1000: `main+0x0@1000 c:\src with blanks\main.cpp:10`,
	0x1010: `mid<int, char>(int) (inlined) leaf.h:5 < main+0x10@1000 c:\src with blanks\main.cpp:12`,
	0x1017: `leaf(int) (inlined) leaf.h:2 < mid<int, char>(int) (inlined) leaf.h:5 < main+0x17@1000 c:\src with blanks\main.cpp:12`,
	0x1018: `mid<int, char>(int) (inlined) leaf.h:6 < main+0x18@1000 c:\src with blanks\main.cpp:12`,
	0x1020: `main+0x20@1000 c:\src with blanks\main.cpp:13`,
	0x1033: `leaf(int) (inlined) leaf.h:3 < mid<int, char>(int) (inlined) leaf.h:5 < main+0x33@1000 c:\src with blanks\main.cpp:12`,
	0x1034: `mid<int, char>(int) (inlined) leaf.h:7 < main+0x34@1000 c:\src with blanks\main.cpp:12`,
	0x1038: `main+0x38@1000`,
	0x1040: "",
	0x109f: `folded(int, int)+0x1f@1080 c:\src with blanks\main.cpp:30`,
	0x1100: "",
	0x1210: "a_public+0x10@1200",
	0x1300: "second public+0x0@1300",
}

func TestFrames(t *testing.T) {
	for name, text := range map[string]string{
		"LF":       program,
		"CRLF":     strings.ReplaceAll(program, "\n", "\r\n"),
		"BOM":      "\xef\xbb\xbf" + program,
		"no end":   strings.TrimSuffix(program, "\n"),
		"indented": strings.ReplaceAll(program, "\n", " \n\n  "),
	} {
		t.Run(name, func(t *testing.T) {
			f := parse(t, text)
			for rva, want := range programAnswers {
				if got := frametest.Show(f.Frames(rva)); got != want {
					t.Errorf("%#x\ngot  %s\nwant %s", rva, got, want)
				}
			}
			want := Module{"windows", "x86_64", "0123456789ABCDEF0123456789ABCDEF2", "program.pdb", "5C9E09599000", "program.exe"}
			if diff := cmp.Diff(want, f.Module); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFramesAreWhole(t *testing.T) {
	want := []callstack.Frame{
		{Function: "mid<int, char>(int)", FunctionStart: 0x1000, File: "leaf.h", Line: 6, Inlined: true, Source: callstack.Breakpad},
		{Function: "main", FunctionStart: 0x1000, Offset: 0x19, File: `c:\src with blanks\main.cpp`, Line: 12, Source: callstack.Breakpad},
	}
	if diff := cmp.Diff(want, parse(t, program).Frames(0x1019)); diff != "" {
		t.Error(diff)
	}
}

// What occurs in files that are in use.
func TestDamage(t *testing.T) {
	const head = "MODULE Linux x86 00 a\nFILE 1 a.c\nINLINE_ORIGIN 1 in\n"
	for _, test := range []struct {
		name, text string
		rva        uint32
		want       string
	}{
		{"function without a size", "FUNC 10 f\nFUNC 30 g\n", 0x2f, "f+0x1f@10"},
		{"size up to a public symbol", "FUNC 10 f\nPUBLIC 20 0 p\n", 0x21, "p+0x1@20"},
		{"size 0", "FUNC 10 0 0 f\nFUNC 30 8 0 g\n", 0x2f, "f+0x1f@10"},
		{"no parameters' size", "FUNC 10 8 f\n", 0x11, "f+0x1@10"},
		{"a name of hexadecimal digits", "FUNC 10 8 0 add\n", 0x11, "add+0x1@10"},
		{"such a name without parameters' size", "FUNC 10 8 add\n", 0x11, "add+0x1@10"},
		{"no name", "FUNC 10 8 0\n", 0x11, "+0x1@10"},
		{"a nested function", "FUNC 10 40 0 f\nFUNC 20 8 0 g\n", 0x21, "g+0x1@20"},
		{"behind a nested function", "FUNC 10 40 0 f\nFUNC 20 8 0 g\n", 0x28, "f+0x18@10"},
		{"overlap", "FUNC 10 18 0 f\nFUNC 20 18 0 g\n", 0x20, "g+0x0@20"},
		{"two at an address", "FUNC 10 8 0 f\nFUNC 10 8 0 g\n", 0x10, "f+0x0@10"},
		{"two at an address, the first without a size", "FUNC 10 0 0 f\nFUNC 10 8 0 g\n", 0x10, "g+0x0@10"},
		{"functions out of order", "FUNC 30 8 0 g\nFUNC 10 8 0 f\n", 0x11, "f+0x1@10"},
		{"lines out of order", "FUNC 10 8 0 f\n14 4 3 1\n10 4 2 1\n", 0x11, "f+0x1@10 a.c:2"},
		{"overlapping lines", "FUNC 10 8 0 f\n10 8 2 1\n12 2 3 1\n", 0x15, "f+0x5@10 a.c:2"},
		{"line without a size", "FUNC 10 8 0 f\n10 0 2 1\n14 4 3 1\n", 0x13, "f+0x3@10 a.c:2"},
		{"line without a file", "FUNC 10 8 0 f\n10 8 2\n", 0x13, "f+0x3@10 :2"},
		{"unknown file", "FUNC 10 8 0 f\n10 8 2 9\n", 0x13, "f+0x3@10 :2"},
		{"no line in the source", "FUNC 10 8 0 f\n10 8 15732480 1\n", 0x13, "f+0x3@10"},
		{"line without a function", "10 8 2 1\nFUNC 20 8 0 f\n", 0x12, ""},
		{"lines behind STACK belong to nothing", "FUNC 10 8 0 f\nSTACK CFI 1\n10 8 2 1\n", 0x12, "f+0x2@10"},
		{"parts of a function share lines", "FUNC 10 8 0 f\nFUNC 20 8 0 f\n10 8 2 1\n20 8 3 1\n", 0x12, "f+0x2@10 a.c:2"},
		{"the second of the parts", "FUNC 10 8 0 f\nFUNC 20 8 0 f\n10 8 2 1\n20 8 3 1\n", 0x22, "f+0x2@20 a.c:3"},
		{"another function's lines are not shared", "FUNC 10 18 0 f\nFUNC 20 8 0 g\n10 8 2 1\n", 0x12, "f+0x2@10"},
		{"garbage between lines", "FUNC 10 8 0 f\nxyz\n\nzz 1 2\n10 8 2 1\n", 0x12, "f+0x2@10 a.c:2"},
		{"FILE between lines", "FUNC 10 8 0 f\nFILE 2 b.c\n10 8 2 2\n", 0x12, "f+0x2@10 b.c:2"},
		{"older INLINE", "FUNC 10 8 0 f\nINLINE 0 7 1 10 4\n10 8 2 1\n", 0x12, "in (inlined) a.c:2 < f+0x2@10 :7"},
		{"INLINE of an unknown function", "FUNC 10 8 0 f\nINLINE 0 7 1 5 10 4\n10 8 2 1\n", 0x12, " (inlined) a.c:2 < f+0x2@10 a.c:7"},
		{"a level is missing", "FUNC 10 8 0 f\nINLINE 1 7 1 1 10 4\n10 8 2 1\n", 0x12, "f+0x2@10 a.c:2"},
		{"levels out of order", "FUNC 10 8 0 f\nINLINE 1 7 1 1 10 4\nINLINE 0 8 1 1 10 4\n", 0x12, "in (inlined) < in (inlined) a.c:7 < f+0x2@10 a.c:8"},
		{"PUBLIC at 0", "PUBLIC 0 0 nowhere\n", 0x12, ""},
		{"two publics at an address", "PUBLIC 10 0 p\nPUBLIC 10 0 q\n", 0x12, "p+0x2@10"},
		{"public before a function", "PUBLIC 8 0 p\nFUNC 10 8 0 f\n", 0x18, ""},
		{"an address that no image has", "FUNC 100000010 8 0 f\nFUNC 10 8 0 g\n", 0x12, "g+0x2@10"},
		{"a size beyond all", "FUNC fffffff0 ffffffff 0 f\n", 0xfffffff8, "f+0x8@fffffff0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := frametest.Show(parse(t, head+test.text).Frames(test.rva)); got != test.want {
				t.Errorf("%#x\ngot  %s\nwant %s", test.rva, got, test.want)
			}
		})
	}
}

func TestNotBreakpad(t *testing.T) {
	for _, text := range []string{"", "\n\n", "FUNC 10 8 0 f\n", "MODULES", "Microsoft C/C++ MSF 7.00\r\n\x1aDS\x00\x00\x00"} {
		if _, err := New(strings.NewReader(text), int64(len(text))); !errors.Is(err, ErrNotBreakpad) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestOpen(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.sym")
	if err := os.WriteFile(name, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	if got := frametest.Show(f.Frames(0x1020)); got != programAnswers[0x1020] {
		t.Error(got)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// A line longer than any buffer is cut off, and what follows it is read.
func TestLongLines(t *testing.T) {
	long := strings.Repeat("x", 3*maxLine)
	f := parse(t, "MODULE a b c d\nFUNC 10 8 0 "+long+"\n10 8 2 1\nFILE 1 a.c\nFUNC 20 8 0 "+long[:chunkSize+5]+"\nPUBLIC 30 0 p\n")
	got := f.Frames(0x10)
	if len(got) != 1 || len(got[0].Function) < maxLine/2 || len(got[0].Function) > maxLine+chunkSize || got[0].File != "a.c" {
		t.Errorf("%d frames, name of %d bytes", len(got), len(got[0].Function))
	}
	if got := f.Frames(0x20); len(got) != 1 || len(got[0].Function) != chunkSize+5 {
		t.Errorf("%d frames", len(got))
	}
	if got := frametest.Show(f.Frames(0x30)); got != "p+0x0@30" {
		t.Error(got)
	}
}

// failing reads nothing from an offset on.
type failing struct {
	text string
	from int64
}

var errGone = errors.New("gone")

func (r failing) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > r.from {
		return copy(p, r.text[min(off, r.from):r.from]), errGone
	}
	return copy(p, r.text[off:]), nil
}

func TestUnreadablePart(t *testing.T) {
	cut := int64(strings.Index(program, "FUNC m"))
	f, err := New(failing{program, cut}, int64(len(program)))
	if err != nil {
		t.Fatal(err)
	}
	if got := frametest.Show(f.Frames(0x1020)); got != programAnswers[0x1020] {
		t.Error(got)
	}
	if got := f.Frames(0x1080); got != nil {
		t.Error(got)
	}
	if _, err := New(failing{program, 0}, int64(len(program))); !errors.Is(err, errGone) || !errors.Is(err, ErrNotBreakpad) {
		t.Error(err)
	}
}

func TestConcurrent(t *testing.T) {
	f := parse(t, program)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for rva, want := range programAnswers {
				if got := frametest.Show(f.Frames(rva)); got != want {
					t.Errorf("%#x: %s", rva, got)
				}
			}
		})
	}
	wg.Wait()
}

// Forgotten functions are read again.
func TestCache(t *testing.T) {
	var c cache
	big := &function{lines: make([]line, cacheLimit/40)}
	for i := range int64(10) {
		c.put(i, big)
		if _, ok := c.get(i); !ok {
			t.Errorf("%d is forgotten at once", i)
		}
	}
	if n := len(c.young) + len(c.old); n > 6 {
		t.Errorf("%d big functions are kept", n)
	}
	if _, ok := c.get(0); ok {
		t.Error("the first is kept for ever")
	}
}

func FuzzFrames(f *testing.F) {
	f.Add([]byte(program), uint32(0x1017))
	f.Add([]byte("MODULE a\nFUNC 10 f\nINLINE 0 1 2 10 4\n"), uint32(0x10))
	f.Fuzz(func(t *testing.T, data []byte, rva uint32) {
		file, err := New(strings.NewReader(string(data)), int64(len(data)))
		if err != nil {
			return
		}
		for _, at := range []uint32{0, rva, rva + 1, 1<<32 - 1} {
			frames := file.Frames(at)
			for i, fr := range frames {
				if fr.Inlined != (i < len(frames)-1) || fr.FunctionStart > uint64(at) {
					t.Errorf("%#x: %+v", at, frames)
				}
			}
			if len(frames) > 0 && frames[len(frames)-1].Offset+frames[0].FunctionStart != uint64(at) {
				t.Errorf("%#x: %+v", at, frames)
			}
		}
	})
}
