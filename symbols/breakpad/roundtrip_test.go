package breakpad

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/internal/testfile"
	"github.com/handletrace/handletrace/symbols/pdb"
)

// symWriter writes a .sym file as dump_syms does, of what the PDB reader
// answers at every byte.
type symWriter struct {
	files, origins map[string]int
	head, body     strings.Builder
}

func (w *symWriter) number(kind string, numbers map[string]int, name string) int {
	n, ok := numbers[name]
	if !ok {
		n = len(numbers)
		numbers[name] = n
		fmt.Fprintf(&w.head, "%s %d %s\n", kind, n, name)
	}
	return n
}

// function writes the bytes of one function: each change of the answer ends the
// ranges and lines before it.
func (w *symWriter) function(start uint32, answers [][]pdb.Frame) {
	outer := answers[0][len(answers[0])-1]
	fmt.Fprintf(&w.body, "FUNC %x %x 0 %s\n", start, len(answers), outer.Function)
	var inlines, lines strings.Builder
	for i := 0; i < len(answers); {
		n := i + 1
		for n < len(answers) && sameAnswer(answers[i], answers[n]) {
			n++
		}
		at, frames := start+uint32(i), answers[i]
		for k := len(frames) - 2; k >= 0; k-- {
			call := frames[k+1]
			fmt.Fprintf(&inlines, "INLINE %d %d %d %d %x %x\n", len(frames)-2-k, call.Line,
				w.number("FILE", w.files, call.File), w.number("INLINE_ORIGIN", w.origins, frames[k].Function), at, n-i)
		}
		if frames[0].Line != 0 {
			fmt.Fprintf(&lines, "%x %x %d %d\n", at, n-i, frames[0].Line, w.number("FILE", w.files, frames[0].File))
		}
		i = n
	}
	w.body.WriteString(inlines.String() + lines.String())
}

func sameAnswer(a, b []pdb.Frame) bool {
	return strings.Join(key(a), "\n") == strings.Join(key(b), "\n")
}

func key(frames []pdb.Frame) []string {
	var out []string
	for _, f := range frames {
		out = append(out, fmt.Sprintf("%s %s:%d %v", f.Function, f.File, f.Line, f.Inlined))
	}
	return out
}

// What is written of a PDB reads back with the same chains of inlined
// functions.
func TestRoundTrip(t *testing.T) {
	names, err := filepath.Glob("../pdb/testdata/*-O2.pdb.gz")
	if err != nil || len(names) == 0 {
		t.Fatal("no PDBs", err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) { roundTrip(t, name) })
	}
}

func roundTrip(t *testing.T, name string) {
	db := gunzipPDB(t, name)
	want := map[uint32][]pdb.Frame{}
	w := symWriter{files: map[string]int{}, origins: map[string]int{}}
	deepest := 0
	for rva := uint32(0x1000); rva < 0x10000; {
		frames, err := db.Lookup(rva)
		if err != nil {
			t.Fatal(err)
		}
		if len(frames) == 0 || frames[len(frames)-1].Kind != pdb.KindProcedure || frames[len(frames)-1].Offset != 0 {
			rva++
			continue
		}
		start := rva
		var answers [][]pdb.Frame
		for len(frames) > 0 && frames[len(frames)-1].Offset == rva-start && frames[len(frames)-1].Kind == pdb.KindProcedure {
			deepest = max(deepest, len(frames))
			want[rva] = frames
			answers = append(answers, frames)
			rva++
			frames, _ = db.Lookup(rva)
		}
		w.function(start, answers)
	}
	f := parse(t, "MODULE windows x86_64 0 p.pdb\n"+w.head.String()+w.body.String())
	for rva, frames := range want {
		if got := describe(f, rva); got != strings.Join(key(frames), "\n") {
			t.Fatalf("%#x\ngot\n%s\nwant\n%s", rva, got, strings.Join(key(frames), "\n"))
		}
	}
	if deepest < 3 {
		t.Errorf("no more than %d frames anywhere", deepest)
	}
}

func describe(f *File, rva uint32) string {
	var out []pdb.Frame
	for _, fr := range f.Frames(rva) {
		out = append(out, pdb.Frame{Function: fr.Function, File: fr.File, Line: uint32(fr.Line), Inlined: fr.Inlined})
	}
	return strings.Join(key(out), "\n")
}

func gunzipPDB(t *testing.T, name string) *pdb.File {
	t.Helper()
	data := testfile.MustRead(t, name)
	db, err := pdb.New(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return db
}
