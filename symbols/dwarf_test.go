package symbols_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/handletrace/handletrace/callstack"
	"github.com/handletrace/handletrace/internal/testfile"
	"github.com/handletrace/handletrace/symbols"
	"github.com/handletrace/handletrace/symbols/pe"
)

// mingwProgram is a program with DWARF.
func mingwProgram(t *testing.T) []byte {
	t.Helper()
	return testfile.MustRead(t, "dwarfsym/testdata/x64-cpp-O2.exe.gz")
}

// DWARF is read from the module's file or from one of its own beside it, if
// that is of the same build.
func TestDWARF(t *testing.T) {
	whole := mingwProgram(t)
	stripped := bytes.ReplaceAll(whole, []byte(".debug_"), []byte(".other_"))
	another := bytes.Clone(whole)
	binary.LittleEndian.PutUint32(another[binary.LittleEndian.Uint32(another[0x3c:])+8:], 1) // TimeDateStamp
	for _, c := range []struct {
		name  string
		files map[string][]byte
		path  string // where the DWARF is from
	}{
		{"in the file", map[string][]byte{"app.exe": whole}, "app.exe"},
		{"beside it", map[string][]byte{"app.exe": stripped, "app.debug": whole}, "app.debug"},
		{"beside it, by its whole name", map[string][]byte{"app.exe": stripped, "app.exe.debug": whole}, "app.exe.debug"},
		{"of another build", map[string][]byte{"app.exe": stripped, "app.debug": another}, ""},
		{"damaged", map[string][]byte{"app.exe": stripped, "app.debug": whole[:100]}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			for name, data := range c.files {
				if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			img, err := pe.New(bytes.NewReader(whole), int64(len(whole)))
			if err != nil {
				t.Fatal(err)
			}
			m := symbols.Module{Base: 0x140000000, Size: uint64(img.SizeOfImage), Path: `C:\app.exe`, TimeDateStamp: img.TimeDateStamp}
			memory := holed{img, func(page int64) bool { return page != 0 }}
			r, err := symbols.New(inMemory{m, memory}, symbols.Options{Directories: []string{folder}})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			frames := r.FramesAt(m.Base + 0x100b)
			last := frames[len(frames)-1]
			for s := range r.Modules() {
				if c.path == "" {
					if last.Source == callstack.DWARF || s.State == symbols.StateDWARF {
						t.Errorf("%v, %v", frames, s)
					}
					continue
				}
				if s.State != symbols.StateDWARF || s.Path != filepath.Join(folder, c.path) {
					t.Errorf("status %v", s)
				}
				if len(frames) != 3 || last.String() != "app!outer::(anonymous namespace)::local+0xb" || last.Line != 7 {
					t.Errorf("%v", frames)
				}
			}
		})
	}
}
