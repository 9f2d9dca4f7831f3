package pdb

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// breakpadSym is a Breakpad .sym file, as others' tools (on DIA or on
// Mozilla's dump_syms) made it of a PDB.
type breakpadSym struct {
	functions []breakpadFunc
	publics   []breakpadPublic
	lines     map[uint32]breakpadLine // by address, every byte
}

type breakpadFunc struct {
	rva, size uint32
	name      string
}

type breakpadPublic struct {
	rva  uint32
	name string
}

type breakpadLine struct {
	file string
	line uint32
}

var (
	symFunc   = regexp.MustCompile(`^FUNC (?:m )?([0-9a-f]+) ([0-9a-f]+) [0-9a-f]+ (.*)$`)
	symPublic = regexp.MustCompile(`^PUBLIC (?:m )?([0-9a-f]+) [0-9a-f]+ (.*)$`)
	symLine   = regexp.MustCompile(`^([0-9a-f]+) ([0-9a-f]+) ([0-9]+) ([0-9]+)$`)
	symFile   = regexp.MustCompile(`^FILE ([0-9]+) (.*)$`)
)

func hexNumber(s string) uint32 {
	n, _ := strconv.ParseUint(s, 16, 32)
	return uint32(n)
}

// readSym reads name.sym or name.pdb.sym.
func readSym(t *testing.T, name string) *breakpadSym {
	f, err := os.Open(strings.TrimSuffix(name, filepath.Ext(name)) + ".sym")
	if err != nil {
		f, err = os.Open(name + ".sym")
	}
	if err != nil {
		t.Skip("no .sym file beside it")
	}
	defer f.Close()
	sym := &breakpadSym{lines: map[uint32]breakpadLine{}}
	files := map[string]string{}
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		s := sc.Text()
		if m := symFile.FindStringSubmatch(s); m != nil {
			files[m[1]] = m[2]
		} else if m := symFunc.FindStringSubmatch(s); m != nil {
			sym.functions = append(sym.functions, breakpadFunc{hexNumber(m[1]), hexNumber(m[2]), m[3]})
		} else if m := symPublic.FindStringSubmatch(s); m != nil {
			sym.publics = append(sym.publics, breakpadPublic{hexNumber(m[1]), m[2]})
		} else if m := symLine.FindStringSubmatch(s); m != nil {
			line, _ := strconv.Atoi(m[3])
			for i := range hexNumber(m[2]) {
				sym.lines[hexNumber(m[1])+i] = breakpadLine{files[m[4]], uint32(line)}
			}
		}
	}
	return sym
}

var (
	templateArguments = regexp.MustCompile(`<.*>`)
	decoration        = regexp.MustCompile(`^[_@]+|@[0-9]+$`)
)

// bareName leaves of a name what all tools agree on: the last component,
// without parameters, template arguments, result or the underscore of C.
func bareName(name string) string {
	name = strings.NewReplacer("(anonymous namespace)", "anonymous", "operator()", "operator_call").Replace(name)
	if i := strings.IndexByte(name, '('); i > 0 && !strings.HasSuffix(name[:i], "operator") {
		name = name[:i]
	}
	name = templateArguments.ReplaceAllString(name, "")
	name = name[strings.LastIndex(name, "::")+1:]
	if i := strings.LastIndexByte(name, ' '); i >= 0 && !strings.Contains(name, "operator") && !strings.Contains(name, "`") {
		name = name[i+1:]
	}
	return strings.TrimLeft(decoration.ReplaceAllString(strings.TrimPrefix(name, ":"), ""), "_")
}

// symExplained are the disagreements with .sym files in which we believe the
// records, by name.
var symExplained = []struct {
	name string
	is   func(f *File, rva uint32, outer Frame, want breakpadFunc, line breakpadLine, hasLine bool) bool
}{
	{
		// Several modules' functions in one: the first in the file against
		// one that the tool chose. All are publics of that address.
		"folded code",
		func(f *File, rva uint32, outer Frame, want breakpadFunc, _ breakpadLine, _ bool) bool {
			names, _ := f.PublicsAt(rva - outer.Offset)
			return slices.ContainsFunc(names, func(s string) bool {
				return strings.Contains(s, bareName(want.name))
			})
		},
	},
	{
		// 0xf00f00 and 0xfeefee stand for no line; the one before goes on.
		"no source line",
		func(_ *File, _ uint32, _ Frame, _ breakpadFunc, line breakpadLine, hasLine bool) bool {
			return hasLine && !hasSource(line.line)
		},
	},
	{
		// Code put in after the link has no line there, and the nearest here.
		"inserted by instrumentation",
		func(f *File, rva uint32, _ Frame, _ breakpadFunc, _ breakpadLine, hasLine bool) bool {
			m, _ := f.addressMap()
			return !hasLine && len(m.toSrc) > 0
		},
	},
}

// TestCorpus compares with the .sym files beside the PDBs of the folder that
// HANDLETRACE_PDBS names, at every byte of every function.
func TestCorpus(t *testing.T) {
	dir := os.Getenv("HANDLETRACE_PDBS")
	if dir == "" {
		t.Skip("HANDLETRACE_PDBS names no folder of PDBs")
	}
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.EqualFold(filepath.Ext(path), ".pdb") && !d.IsDir() {
			files++
			t.Run(filepath.Base(path), func(t *testing.T) { compareSym(t, path) })
		}
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("%d files, error %v", files, err)
	}
}

func compareSym(t *testing.T, path string) {
	f, err := Open(path)
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	touchAll(f, 0x1000)
	sym := readSym(t, path)
	same, reasons, shown := 0, map[string]int{}, 0
	for _, fn := range sym.functions {
		for rva := fn.rva; rva < fn.rva+fn.size; rva++ {
			line, hasLine := sym.lines[rva]
			outer, d := compareByte(f, rva, fn, line, hasLine)
			if d == "" {
				same++
				continue
			}
			reason := ""
			for _, e := range symExplained {
				if e.is(f, rva, outer, fn, line, hasLine) {
					reason = e.name
					break
				}
			}
			if reason != "" {
				reasons[reason]++
			} else if shown++; shown <= 20 {
				t.Errorf("%#x: %s", rva, d)
			}
		}
	}
	for _, p := range sym.publics {
		if names, err := f.Lookup(p.rva); len(names) == 0 {
			reasons["public without an answer"]++
			t.Logf("public %s at %#x: no answer, %v", p.name, p.rva, err)
		}
	}
	t.Logf("%d bytes of code agree; explained: %v; %d publics", same, reasons, len(sym.publics))
}

func compareByte(f *File, rva uint32, fn breakpadFunc, line breakpadLine, hasLine bool) (Frame, string) {
	frames, err := f.Lookup(rva)
	if err != nil || len(frames) == 0 {
		return Frame{}, fmt.Sprintf("%d frames, error %v; want %s", len(frames), err, fn.name)
	}
	outer := frames[len(frames)-1]
	if !slices.ContainsFunc(append([]string{outer.Function}, outer.Aliases...), func(s string) bool {
		return bareName(s) == bareName(fn.name)
	}) {
		return outer, fmt.Sprintf("name %q, want %q", outer.Function, fn.name)
	}
	if outer.Line != line.line || hasLine && !strings.EqualFold(outer.File, line.file) {
		return outer, fmt.Sprintf("%s:%d, want %s:%d", outer.File, outer.Line, line.file, line.line)
	}
	// In an image that was stretched the .sym counts in the image and we, as
	// DbgHelp, in the original code.
	if outer.Offset != rva-fn.rva && !f.Reordered() {
		return outer, fmt.Sprintf("offset %#x, want %#x", outer.Offset, rva-fn.rva)
	}
	return outer, ""
}
