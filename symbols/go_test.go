package symbols_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/handletrace/handletrace/callstack"
	"github.com/handletrace/handletrace/symbols"
	"github.com/handletrace/handletrace/symbols/pe"
)

// goProgram builds a program of Go's for Windows, stripped, and returns the
// folder that has it.
func goProgram(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("builds a program")
	}
	folder := t.TempDir()
	source := "package main\n\nfunc main() { println(outer(2)) }\n\n//go:noinline\nfunc outer(n int) int { return n * 3 }\n"
	for name, text := range map[string]string{"go.mod": "module app\n\ngo 1.25\n", "main.go": source} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "go", "build", "-ldflags=-s -w", "-o", "app.exe", ".")
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return folder
}

// A Go program names its own code: in memory, or in its file where the table's
// pages are absent.
func TestGoProgram(t *testing.T) {
	folder := goProgram(t)
	path := filepath.Join(folder, "app.exe")
	img, err := pe.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer img.Close()
	rva := findGo(t, path, "main.outer")
	m := symbols.Module{Base: 0x140000000, Size: uint64(img.SizeOfImage), Path: `C:\app.exe`, TimeDateStamp: img.TimeDateStamp}
	check := func(memory io.ReaderAt, want string) {
		t.Helper()
		r, err := symbols.New(inMemory{m, memory}, symbols.Options{Directories: []string{folder}})
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		f := r.FramesAt(m.Base + uint64(rva))[0]
		if f.Function != "main.outer" || f.Line != 6 || f.Source != callstack.GoTable {
			t.Errorf("%+v", f)
		}
		for s := range r.Modules() {
			if s.State != symbols.StateGo || s.Path != want {
				t.Errorf("status %v, want the path %q", s, want)
			}
		}
	}
	check(holed{img, func(int64) bool { return false }}, "")
	check(holed{img, func(page int64) bool { return page != 0 }}, path)
}

// findGo looks for a function of Go's by its name.
func findGo(t *testing.T, path, name string) uint32 {
	t.Helper()
	m, err := symbols.OpenModule(path, symbols.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for rva := uint64(0x1000); rva < 0x200000; rva += 16 {
		if f := m.FramesAt(rva); len(f) > 0 && f[0].Function == name {
			return uint32(f[0].FunctionStart)
		}
	}
	t.Fatalf("%s is not in %s", name, path)
	return 0
}
