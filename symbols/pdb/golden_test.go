package pdb

import (
	"bufio"
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/internal/testfile"
)

// unzip reads a compressed file of testdata.
func unzip(t testing.TB, name string) []byte {
	t.Helper()
	return testfile.MustRead(t, filepath.Join("testdata", name))
}

func open(t testing.TB, data []byte) *File {
	t.Helper()
	f, err := New(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

var built = []string{"x64-O2", "x64-O0", "x86-O2", "arm64-O2", "x64-page8192"}

// oracleFrame is a frame as llvm-symbolizer prints it.
type oracleFrame struct {
	name, file string
	line       uint32
}

// readGolden calls check for every address of the golden file.
func readGolden(t *testing.T, name string, check func(rva uint32, want []oracleFrame)) {
	t.Helper()
	var want []oracleFrame
	next := uint32(0)
	sc := bufio.NewScanner(bytes.NewReader(unzip(t, name+".golden.gz")))
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		fields := strings.Split(sc.Text(), "\t")
		rva, err := strconv.ParseUint(fields[0], 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		for ; next < uint32(rva) && want != nil; next++ {
			check(next, want)
		}
		next, want = uint32(rva), nil
		if fields[1] == "end" {
			return
		}
		for _, f := range fields[1:] {
			want = append(want, parseOracleFrame(t, f))
		}
	}
}

// parseOracleFrame reads "name at file:line"; unknown ones are ?? and 0.
func parseOracleFrame(t *testing.T, s string) oracleFrame {
	at := strings.LastIndex(s, " at ")
	colon := strings.LastIndexByte(s, ':')
	if at < 0 || colon < at {
		t.Fatalf("no frame: %q", s)
	}
	line, err := strconv.Atoi(s[colon+1:])
	if err != nil {
		t.Fatal(err)
	}
	f := oracleFrame{s[:at], s[at+4 : colon], uint32(line)}
	if f.file == "??" {
		f.file = ""
	}
	if f.name == "??" {
		f.name = ""
	}
	return f
}

// disagreement returns what is different, or the empty string.
func disagreement(f *File, rva uint32, got []Frame, want []oracleFrame) string {
	if len(got) != len(want) {
		return fmt.Sprintf("%d frames, want %d", len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		names := append([]string{g.Function}, g.Aliases...)
		if i == len(want)-1 {
			// The oracle names the outer function by a public at its start.
			publics, _ := f.PublicsAt(rva - g.Offset)
			names = append(names, publics...)
		}
		if !slices.Contains(names, w.name) {
			return fmt.Sprintf("frame %d: name %q, want %q", i, g.Function, w.name)
		}
		if g.File != w.file || g.Line != w.line {
			return fmt.Sprintf("frame %d: %s:%d, want %s:%d", i, g.File, g.Line, w.file, w.line)
		}
	}
	return ""
}

// outerLines returns the line records of the fragments that begin where the one
// of this address does: more than one fragment where code was folded.
func outerLines(f *File, rva uint32) (off uint32, fragments [][]lineRecord, x *moduleIndex) {
	m, _ := f.addressMap()
	l, _ := f.layout()
	p, _ := m.place(rva)
	c := findSpan(l.contributions, p)
	if c < 0 {
		return 0, nil, nil
	}
	x = f.index(l, l.contributions[c].id)
	i := x.findFragment(p)
	if i < 0 {
		return 0, nil, x
	}
	start := x.fragments[i].off
	for n := range x.fragments {
		if x.fragments[n].off == start {
			records, _ := x.sortedLines(x.fragments[n].lines)
			fragments = append(fragments, records)
		}
	}
	return p.off - start, fragments, x
}

// onlyOuterLine reports that everything but the outer frame's line agrees.
func onlyOuterLine(f *File, rva uint32, got []Frame, want []oracleFrame) bool {
	if len(got) == 0 || len(got) != len(want) {
		return false
	}
	fixed := slices.Clone(want)
	last := len(want) - 1
	fixed[last].file, fixed[last].line = got[last].File, got[last].Line
	return disagreement(f, rva, got, fixed) == ""
}

// explained are the disagreements with llvm-symbolizer 19 in which the records
// in the file (llvm-pdbutil dump -l -symbols) bear us out.
var explained = []struct {
	name string
	is   func(f *File, rva uint32, got []Frame, want []oracleFrame) bool
}{
	{
		// llvm-symbolizer takes the nearest public however far it is. The
		// bytes between contributions belong to nobody.
		"padding between contributions",
		func(f *File, rva uint32, got []Frame, want []oracleFrame) bool {
			m, _ := f.addressMap()
			l, _ := f.layout()
			p, _ := m.place(rva)
			return len(got) == 0 && findSpan(l.contributions, p) < 0 && want[0].file == ""
		},
	},
	{
		// Of several records at one address all but the last are empty. DIA
		// drops those (see the .sym files); llvm-symbolizer gives the first,
		// but only at the very address.
		"line of no length",
		func(f *File, rva uint32, got []Frame, want []oracleFrame) bool {
			off, fragments, _ := outerLines(f, rva)
			if !onlyOuterLine(f, rva, got, want) {
				return false
			}
			w := want[len(want)-1]
			for _, records := range fragments {
				for i, r := range records {
					if r.off == off && r.line == w.line && i+1 < len(records) && records[i+1].off == off {
						return true
					}
				}
			}
			return false
		},
	},
	{
		// llvm-symbolizer pairs the name of one of the functions with the
		// line of another.
		"folded code",
		func(f *File, rva uint32, got []Frame, want []oracleFrame) bool {
			off, fragments, x := outerLines(f, rva)
			if !onlyOuterLine(f, rva, got, want) || len(fragments) < 2 {
				return false
			}
			w := want[len(want)-1]
			for _, records := range fragments {
				i := len(records) - 1
				for i >= 0 && records[i].off > off {
					i--
				}
				if i >= 0 && records[i].line == w.line && f.fileName(x, records[i].file) == w.file {
					return true
				}
			}
			return false
		},
	},
	{
		// A function whose lines come from several files has a block for each.
		// llvm-symbolizer looks in one of them alone.
		"lines from several files",
		func(f *File, rva uint32, got []Frame, want []oracleFrame) bool {
			_, fragments, x := outerLines(f, rva)
			if !onlyOuterLine(f, rva, got, want) || len(fragments) != 1 {
				return false
			}
			w := want[len(want)-1]
			several, other := false, false
			for _, r := range fragments[0] {
				several = several || r.file != fragments[0][0].file
				other = other || r.line == w.line && f.fileName(x, r.file) == w.file
			}
			return several && other
		},
	},
}

func TestGolden(t *testing.T) {
	for _, name := range built {
		t.Run(name, func(t *testing.T) {
			f := open(t, unzip(t, name+".pdb.gz"))
			same, shown := 0, 0
			reasons := map[string]int{}
			readGolden(t, name, func(rva uint32, want []oracleFrame) {
				got, err := f.Lookup(rva)
				if err != nil {
					t.Fatal(err)
				}
				d := disagreement(f, rva, got, want)
				if d == "" {
					same++
					return
				}
				for _, e := range explained {
					if e.is(f, rva, got, want) {
						reasons[e.name]++
						return
					}
				}
				if shown++; shown <= 20 {
					t.Errorf("%#x: %s", rva, d)
				}
			})
			t.Logf("%d addresses agree; explained: %v", same, reasons)
			if same == 0 {
				t.Error("no address was compared")
			}
		})
	}
}
