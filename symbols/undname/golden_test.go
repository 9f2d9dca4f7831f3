package undname_test

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/symbols/undname"
)

// readTable reads the rows of a tab-separated file.
func readTable(t testing.TB, name string) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows [][]string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		rows = append(rows, strings.Split(lines.Text(), "\t"))
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

func check(t *testing.T, name string, style undname.Style, want string) {
	t.Helper()
	got, err := undname.Undecorate(name, style)
	if err != nil || got != want {
		t.Errorf("%v style of %s:\n got %s, %v\nwant %s", style, name, got, err, want)
	}
}

// TestFullAgainstLLVM compares with llvm-undname-19's own answers; see
// testdata/src/generate.sh. Names in extra.tsv it is known not to decode
// wholly.
func TestFullAgainstLLVM(t *testing.T) {
	beyond := map[string]bool{}
	for _, row := range readTable(t, "extra.tsv") {
		beyond[row[0]] = true
	}
	n := 0
	for _, row := range readTable(t, "llvm.tsv") {
		if !beyond[row[0]] {
			check(t, row[0], undname.Full, row[1])
			n++
		}
	}
	if n < 1600 {
		t.Errorf("only %d names", n)
	}
}

// TestBeyondLLVM has the names that llvm-undname-19 does not decode, or not
// wholly, with both styles' texts, which were reviewed by hand.
func TestBeyondLLVM(t *testing.T) {
	for _, row := range readTable(t, "extra.tsv") {
		check(t, row[0], undname.Full, row[1])
		check(t, row[0], undname.Name, row[2])
	}
}

// TestNameAgainstWine has the names on which Wine's dbghelp.dll agrees; see
// testdata/src/undecorate.c.
func TestNameAgainstWine(t *testing.T) {
	for _, row := range readTable(t, "wine.tsv") {
		check(t, row[0], undname.Name, row[1])
	}
}

// TestNameHasNoTypes checks on all names what every text of the Name style has
// in common.
func TestNameHasNoTypes(t *testing.T) {
	for _, row := range readTable(t, "llvm.tsv") {
		got, err := undname.Undecorate(row[0], undname.Name)
		if err != nil {
			t.Errorf("%s: %v", row[0], err)
			continue
		}
		for _, word := range []string{"class ", "struct ", "union ", "enum ", "public: ", "__ptr64", ", ", ">>>", " dtor'"} {
			if strings.Contains(got, word) && !strings.Contains(got, "operator>>") {
				t.Errorf("%s: %q in %s", row[0], word, got)
			}
		}
	}
}
