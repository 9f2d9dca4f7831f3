package dwarfsym

import (
	"bufio"
	"bytes"
	"debug/dwarf"
	stdpe "debug/pe"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ianlancetaylor/demangle"

	"github.com/handletrace/handletrace/callstack"
	"github.com/handletrace/handletrace/internal/testfile"
	"github.com/handletrace/handletrace/symbols/internal/frametest"
	"github.com/handletrace/handletrace/symbols/pe"
)

// goldenImages are the images that testdata/build.sh makes.
func goldenImages(t testing.TB) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/*.exe.gz")
	if err != nil || len(names) == 0 {
		t.Fatal("no images", err)
	}
	for i, name := range names {
		names[i] = strings.TrimSuffix(filepath.Base(name), ".exe.gz")
	}
	return names
}

func imageBytes(t testing.TB, name string) []byte {
	t.Helper()
	return testfile.MustRead(t, filepath.Join("testdata", name+".exe.gz"))
}

func openBytes(t testing.TB, data []byte) *File {
	t.Helper()
	img, err := pe.New(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := New(img)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// answer is a frame as testdata/answers.py prints it.
type answer struct {
	function, file string
	line           int
}

// goldenAnswers returns the answers by RVA, at which runs of the same begin.
func goldenAnswers(t testing.TB, name string) map[uint32][]answer {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name+".golden"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	answers := map[uint32][]answer{}
	var last uint64
	var run []answer
	for s := bufio.NewScanner(f); s.Scan(); {
		at, text, _ := strings.Cut(s.Text(), " ")
		rva, err := strconv.ParseUint(at, 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		for ; run != nil && last < rva; last++ {
			answers[uint32(last)] = run
		}
		last, run = rva, []answer{}
		for frame := range strings.SplitSeq(text, " < ") {
			if part := strings.Split(frame, "|"); len(part) == 3 {
				line, _ := strconv.Atoi(part[2])
				run = append(run, answer{part[0], part[1], line})
			}
		}
	}
	answers[uint32(last)] = run
	return answers
}

// codeOf returns the bytes that the standard library's reader finds in
// functions: where there is padding, llvm-symbolizer answers with the COFF
// symbol before it.
func codeOf(t testing.TB, data []byte) map[uint32]bool {
	t.Helper()
	img, err := stdpe.NewFile(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	base := uint64(0)
	switch h := img.OptionalHeader.(type) {
	case *stdpe.OptionalHeader32:
		base = uint64(h.ImageBase)
	case *stdpe.OptionalHeader64:
		base = h.ImageBase
	}
	d, err := img.DWARF()
	if err != nil {
		t.Fatal(err)
	}
	code := map[uint32]bool{}
	for r := d.Reader(); ; {
		e, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if e == nil {
			return code
		}
		if e.Tag != dwarf.TagSubprogram {
			continue
		}
		ranges, err := d.Ranges(e)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range ranges {
			for pc := r[0]; pc < r[1]; pc++ {
				code[uint32(pc-base)] = true
			}
		}
	}
}

// readable returns a linkage name as our qualified names are.
func readable(name string) string {
	name = demangle.Filter(name, demangle.NoParams, demangle.NoClones)
	return strings.ReplaceAll(name, "> >", ">>")
}

// sameName compares names that two tools have from different places.
func sameName(ours, theirs string) bool {
	ours, theirs = readable(ours), readable(strings.TrimSuffix(theirs, "@8"))
	switch {
	case ours == theirs:
		return true
	case strings.Contains(ours, "<lambda(") || strings.Contains(ours, "(lambda at") || strings.Contains(ours, "{lambda"):
		// GCC and Clang have names of their own for lambdas, and no linkage
		// name for one that was inlined.
		return lastName(ours) == lastName(theirs)
	}
	// Without a linkage name the other tool has the bare one.
	return strings.HasSuffix(ours, "::"+theirs)
}

func lastName(s string) string {
	s, _, _ = strings.Cut(s, "<")
	return s[strings.LastIndex(s, ":")+1:]
}

// secondPart begins the name that GCC gives to the cold code of a function if
// it must write DWARF 2, where functions have one range. What is inlined there
// is written down with the hot code.
const secondPart = "__second_sect_of_"

func sameFrames(ours []callstack.Frame, theirs []answer) bool {
	if len(ours) == 1 && strings.HasPrefix(ours[0].Function, secondPart) {
		return ours[0].Line != 0
	}
	if len(ours) != len(theirs) {
		return false
	}
	for i, f := range ours {
		want := theirs[i]
		if want.line == 0 {
			want.file = ""
		}
		if !sameName(f.Function, want.function) || f.File != want.file || f.Line != want.line || f.Inlined != (i < len(ours)-1) {
			return false
		}
	}
	return true
}

// Every byte of the code has llvm-symbolizer's answer.
func TestAgainstLLVM(t *testing.T) {
	for _, name := range goldenImages(t) {
		t.Run(name, func(t *testing.T) {
			data := imageBytes(t, name)
			f, code := openBytes(t, data), codeOf(t, data)
			bad, deepest := 0, 0
			for rva, want := range goldenAnswers(t, name) {
				frames := f.Frames(rva)
				deepest = max(deepest, len(frames))
				if !code[rva] {
					if frames != nil {
						t.Errorf("%#x is in no function, but in %s", rva, frametest.Show(frames))
					}
					continue
				}
				if !sameFrames(frames, want) {
					if bad++; bad < 5 {
						t.Errorf("%#x\ngot  %s\nwant %v", rva, frametest.Show(frames), want)
					}
				}
			}
			if deepest < 2 {
				t.Errorf("no more than %d frames", deepest)
			}
		})
	}
}
