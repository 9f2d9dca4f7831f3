package breakpad

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/symbols/internal/frametest"
	"github.com/handletrace/handletrace/symbols/pdb"
)

// symText is what a plain reading of a .sym file gives: for every byte of every
// function its name and line.
type symText map[uint32]string

func readSymText(t *testing.T, name string) symText {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	answers, files, starts := symText{}, map[string]string{}, map[uint32]bool{}
	var function string
	var start, end uint32
	for _, l := range strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n") {
		w := strings.SplitN(strings.Replace(l, "FUNC m ", "FUNC ", 1), " ", 5)
		switch {
		case w[0] == "FILE":
			files[w[1]] = strings.SplitN(l, " ", 3)[2]
		case w[0] == "FUNC":
			start, end = hex(t, w[1]), hex(t, w[1])+hex(t, w[2])
			function = w[4]
			if starts[start] {
				continue // the first is the one
			}
			starts[start] = true
			for a := start; a < end; a++ {
				answers[a] = function + "|"
			}
		case w[0] == "PUBLIC" || w[0] == "STACK":
			function = ""
		case len(w) == 4 && function != "":
			at := hex(t, w[0])
			for a := at; a < at+hex(t, w[1]); a++ {
				if strings.HasPrefix(answers[a], function+"|") {
					answers[a] = function + "|" + files[w[3]] + ":" + w[2]
				}
			}
		}
	}
	return answers
}

func hex(t *testing.T, s string) uint32 {
	n, ok := number([]byte(s), hexadecimal)
	if !ok {
		t.Fatalf("%q is no number", s)
	}
	return n
}

// TestCorpus compares with the text of the .sym files in the folder that
// HANDLETRACE_PDBS names, at every byte of every function, and with the PDBs
// that they were made of.
func TestCorpus(t *testing.T) {
	dir := os.Getenv("HANDLETRACE_PDBS")
	if dir == "" {
		t.Skip("HANDLETRACE_PDBS names no folder of .sym files")
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.sym"))
	if err != nil || len(names) == 0 {
		t.Fatal("no .sym files", err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			f, err := Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			answers := readSymText(t, name)
			compareText(t, f, answers)
			comparePDB(t, f, strings.TrimSuffix(strings.TrimSuffix(name, ".sym"), ".pdb")+".pdb", answers)
		})
	}
}

// noLines are the numbers of code without a line in the source.
var noLines = []string{":16707566", ":15732480", ":0"}

func compareText(t *testing.T, f *File, answers symText) {
	bad := 0
	for rva, want := range answers {
		frames := f.Frames(rva)
		got := ""
		if len(frames) > 0 {
			outer := frames[len(frames)-1]
			got = outer.Function + "|"
			if outer.File != "" {
				got = strings.TrimPrefix(frametest.Show(frames), outer.Function)
				got = outer.Function + "|" + got[strings.Index(got, " ")+1:]
			}
		}
		for _, no := range noLines {
			if strings.HasSuffix(want, no) {
				want = want[:strings.Index(want, "|")+1]
			}
		}
		if got != want {
			if bad++; bad < 10 {
				t.Errorf("%#x\ngot  %s\nwant %s", rva, got, want)
			}
		}
	}
	if bad > 0 {
		t.Errorf("%d of %d bytes differ", bad, len(answers))
	}
}

// comparePDB compares lines and starts of functions with the PDB reader's.
// Names are compared in that package's own test, which knows how the tools'
// spellings differ.
func comparePDB(t *testing.T, f *File, name string, answers symText) {
	db, err := pdb.Open(name)
	if err != nil {
		t.Logf("no PDB: %v", err)
		return
	}
	defer db.Close()
	if !strings.EqualFold(db.DebugID(), f.DebugID) {
		t.Errorf("%s, the PDB is %s", f.DebugID, db.DebugID())
	}
	same, all := 0, 0
	for rva := range answers {
		theirs, _ := db.Lookup(rva)
		ours := f.Frames(rva)
		if len(theirs) == 0 || theirs[0].Line == 0 || len(ours) == 0 || ours[0].Line == 0 || db.Reordered() {
			continue
		}
		all++
		// These files are from before dump_syms wrote inlined functions: their
		// lines are those of the innermost.
		if int(theirs[0].Line) == ours[0].Line || int(theirs[len(theirs)-1].Line) == ours[0].Line {
			same++
		}
	}
	t.Logf("%d of %d lines are the PDB's", same, all)
	if same*1000 < all*985 {
		t.Errorf("only %d of %d lines are the PDB's", same, all)
	}
}
