package symbols_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/callstack"
	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
	"github.com/handletrace/handletrace/symbols"
	"github.com/handletrace/handletrace/symbols/pdb"
	"github.com/handletrace/handletrace/symbols/pe"
)

// debugID is the identity of one of the lab's PDBs.
func debugID(t *testing.T, name string) string {
	t.Helper()
	f, err := pdb.Open(filepath.Join(labPDBs, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return f.DebugID()
}

// states returns what is known of the module at 0x10000 after an address in it
// was looked up.
func states(t *testing.T, m symbols.Module, opts symbols.Options) (symbols.ModuleStatus, []symbols.Frame) {
	t.Helper()
	m.Base, m.Size = 0x10000, 0x100000
	r, err := symbols.New(fake{modules: []symbols.Module{m}}, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	frames := r.FramesAt(0x10000 + 0x1094)
	for s := range r.Modules() {
		return s, frames
	}
	return symbols.ModuleStatus{}, nil
}

// A PDB is used if it is of the very build; another is told and not used.
func TestMatchingPDB(t *testing.T) {
	id := debugID(t, "legacy.pdb")
	m := symbols.Module{Path: `C:\app\legacy.dll`, DebugFile: `D:\build\legacy.pdb`, DebugID: id}
	here := symbols.Options{Directories: []string{t.TempDir(), labPDBs}}
	s, frames := states(t, m, here)
	path := filepath.Join(labPDBs, "legacy.pdb")
	if s.State != symbols.StatePrivatePDB || s.Path != path || s.Err != nil {
		t.Errorf("status %v", s)
	}
	if last := frames[len(frames)-1]; last.Function != "LegacyCleanup_CloseEvent" || last.Source != callstack.PDB || last.Line == 0 {
		t.Errorf("frames %v", frames)
	}
	m.DebugID = id[:32] + "4F"
	s, frames = states(t, m, here)
	want := "no symbols: no matching PDB (found age 1, want 4F): " + path
	if s.String() != want || len(frames) != 1 || frames[0].Function != "" {
		t.Errorf("status %q, want %q; %v", s, want, frames)
	}
	var mismatch *symbols.MismatchError
	if !errors.As(s.Err, &mismatch) || mismatch.Found != id {
		t.Errorf("error %v", s.Err)
	}
	// A locator that gives another build's file is not believed.
	s, _ = states(t, m, symbols.Options{Locator: fixed{path}})
	if !errors.As(s.Err, &mismatch) {
		t.Errorf("error %v", s.Err)
	}
	for debugFile, want := range map[string]string{
		`..`:         "names no PDB",
		`legacy.exe`: "names no PDB",
		`gone.pdb`:   "gone.pdb " + m.DebugID + ": was not found",
	} {
		m.DebugFile = debugFile
		if s, _ := states(t, m, here); s.State != symbols.StateNone || !strings.Contains(s.String(), want) {
			t.Errorf("%s: status %q, want %q", debugFile, s, want)
		}
	}
	if s, _ := states(t, m, symbols.Options{}); !strings.Contains(s.String(), "no folder of symbols was given") {
		t.Errorf("status %q", s)
	}
}

// fixed is a locator that has one file for everything.
type fixed struct{ path string }

func (f fixed) FindPDB(context.Context, string, string) (string, error) { return f.path, nil }
func (f fixed) FindImage(context.Context, string, uint32, uint32) (string, error) {
	return f.path, nil
}

// The places below a folder in which debuggers look.
func TestDirectories(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(labPDBs, "legacy.pdb"))
	if err != nil {
		t.Fatal(err)
	}
	id := debugID(t, "legacy.pdb")
	for _, place := range []string{"legacy.pdb", "dll/legacy.pdb", "exe/legacy.pdb", "symbols/dll/legacy.pdb", "legacy.pdb/" + id + "/legacy.pdb"} {
		folder := t.TempDir()
		path := filepath.Join(folder, filepath.FromSlash(place))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := symbols.Directories{folder}.FindPDB(t.Context(), "legacy.pdb", id)
		if got != path || err != nil {
			t.Errorf("%s: %q, %v", place, got, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (symbols.Directories{labPDBs}).FindPDB(ctx, "legacy.pdb", id); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// holed is the memory of an image of which pages are absent.
type holed struct {
	*pe.Image
	absent func(page int64) bool
}

func (h holed) ReadAt(p []byte, off int64) (int, error) {
	for i := range p {
		if h.absent((off + int64(i)) / 0x1000) {
			return i, errAbsent
		}
		if _, err := h.Image.ReadAt(p[i:i+1], off+int64(i)); err != nil {
			return i, err
		}
	}
	return len(p), nil
}

// inMemory is a process of one module.
type inMemory struct {
	module symbols.Module
	memory io.ReaderAt
}

func (p inMemory) Modules() ([]symbols.Module, error) { return []symbols.Module{p.module}, nil }
func (p inMemory) Memory(*symbols.Module) io.ReaderAt { return p.memory }

// What memory lacks of an image is read from its file, if that is the same
// build.
func TestImageFile(t *testing.T) {
	const folder = "pe/testdata"
	img, err := pe.Open(filepath.Join(folder, "x64.dll"))
	if err != nil {
		t.Fatal(err)
	}
	defer img.Close()
	exports, err := img.Exports()
	if err != nil {
		t.Fatal(err)
	}
	var name string
	var rva uint32
	for e := range exports.All() {
		if !e.Data && e.Forwarder == "" && e.Name != "" {
			name, rva = e.Name, e.RVA
			break
		}
	}
	m := symbols.Module{Base: 0x180000000, Size: uint64(img.SizeOfImage), Path: `C:\app\x64.dll`, TimeDateStamp: img.TimeDateStamp}
	named := func(memory io.ReaderAt, m symbols.Module, opts symbols.Options) string {
		r, err := symbols.New(inMemory{m, memory}, opts)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		return r.FramesAt(m.Base + uint64(rva))[0].Symbol + r.FramesAt(m.Base + uint64(rva))[0].Function
	}
	files := symbols.Options{Directories: []string{folder}}
	whole := holed{img, func(int64) bool { return false }}
	nothing := holed{img, func(int64) bool { return true }}
	headers := holed{img, func(page int64) bool { return page != 0 }}
	body := holed{img, func(page int64) bool { return page == 0 }}
	want := named(whole, m, symbols.Options{})
	if !strings.Contains(want, strings.TrimLeft(name, "_?")) {
		t.Errorf("got %q for %s", want, name)
	}
	for what, memory := range map[string]io.ReaderAt{"nothing": nothing, "headers": headers, "body": body} {
		if got := named(memory, m, files); got != want {
			t.Errorf("with %s in memory: %q, want %q", what, got, want)
		}
		if got := named(memory, m, symbols.Options{}); got == want && what != "body" {
			t.Errorf("with %s in memory and no file: %q", what, got)
		}
	}
	m.TimeDateStamp++
	if got := named(nothing, m, files); got != "" {
		t.Errorf("another build's file gave %q", got)
	}
	if got := named(nothing, m, symbols.Options{Locator: fixed{filepath.Join(folder, "x64.dll")}}); got != "" {
		t.Errorf("another build's file gave %q", got)
	}
}

func TestOpenModule(t *testing.T) {
	m, err := symbols.OpenModule("pe/testdata/x64.dll", symbols.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s := m.Status(); s.State != symbols.StateNotAsked {
		t.Errorf("status %v", s)
	}
	if f := m.FramesAt(1 << 32); f != nil {
		t.Errorf("%v", f)
	}
	if _, err := m.ResolveAt(t.Context(), []uint64{0x1000, 1 << 40}); err != nil {
		t.Error(err)
	}
	if s := m.Status(); s.State != symbols.StateExports {
		t.Errorf("status %v", s)
	}
	if err := m.Close(); err != nil {
		t.Error(err)
	}
	garbage := filepath.Join(t.TempDir(), "garbage")
	if err := os.WriteFile(garbage, []byte("neither one nor the other"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = symbols.OpenModule(garbage, symbols.Options{})
	if !errors.Is(err, pdb.ErrNotPDB) || !errors.Is(err, pe.ErrNotPE) {
		t.Errorf("error %v", err)
	}
	if _, err := symbols.OpenModule(t.TempDir(), symbols.Options{}); err == nil || !strings.Contains(err.Error(), "directory") {
		t.Errorf("error %v", err)
	}
	if _, err := symbols.OpenModule("gone", symbols.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

// The PDB of an image is found beside it.
func TestOpenModuleWithPDB(t *testing.T) {
	folder := os.Getenv("HANDLETRACE_PDBS")
	if folder == "" {
		t.Skip("HANDLETRACE_PDBS names no folder of PDBs")
	}
	m, err := symbols.OpenModule(filepath.Join(folder, "CrashWithException.exe"), symbols.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if _, err := m.ResolveAt(t.Context(), []uint64{0x1000}); err != nil {
		t.Error(err)
	}
	if s := m.Status(); s.State != symbols.StatePrivatePDB || filepath.Base(s.Path) != "CrashWithException.pdb" {
		t.Errorf("status %v", s)
	}
}

// Executable memory outside every module is generated code, as stream 16 tells.
func TestGeneratedCodeOfADump(t *testing.T) {
	b := minidumptest.New(minidump.ProcessorArchitectureAMD64)
	region := minidumptest.MemoryInfo{Base: 0x50000, Size: 0x1000, State: minidump.MemCommit, Type: minidump.MemPrivate, Protect: minidump.PageExecuteReadWrite}
	data, image := region, region
	data.Base, data.Protect = 0x60000, minidump.PageReadWrite
	image.Base, image.Type = 0x70000, minidump.MemImage
	b.AddMemoryInfo(region, data, image)
	bin := b.Bytes()
	f, err := minidump.New(bytes.NewReader(bin), int64(len(bin)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := symbols.New(symbols.FromDump(f), symbols.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[uint64]bool{0x50800: true, 0x60800: false, 0x70800: false, 0x80800: false} {
		if f := r.Frames(address)[0]; f.Generated != want || f.Module != "" {
			t.Errorf("%#x: %+v", address, f)
		}
	}
}

// A dump whose list of modules is broken costs the names, not the dump.
func TestDamagedModuleList(t *testing.T) {
	b := minidumptest.New(minidump.ProcessorArchitectureAMD64)
	b.Add(minidump.ModuleListStream, []byte{1})
	data := b.Bytes()
	f, err := minidump.New(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := symbols.New(symbols.FromDump(f), symbols.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var format *minidump.FormatError
	if w := r.Warnings(); len(w) != 1 || !errors.As(w[0], &format) {
		t.Errorf("warnings %v", w)
	}
	if got := r.Frames(0x1234)[0].String(); got != "0x1234" {
		t.Errorf("got %s", got)
	}
}

const symText = `MODULE windows x86_64 0123456789ABCDEF0123456789ABCDEF2 app.pdb
INFO CODE_ID 5AB3807710000 app.exe
FILE 0 c:\src\app.c
INLINE_ORIGIN 0 inner
FUNC 1000 20 0 outer(int)
INLINE 0 7 0 0 1004 4
1000 4 7 0
1004 4 70 0
1008 18 8 0
PUBLIC 1100 0 _ZN3FooC1Ev
`

// A Breakpad file answers for the build that it is of, wherever it may lie.
func TestBreakpad(t *testing.T) {
	m := symbols.Module{Base: 0x10000, Size: 0x10000, Path: `C:\app\app.exe`, TimeDateStamp: 0x5ab38077, DebugFile: `D:\b\app.pdb`, DebugID: "0123456789ABCDEF0123456789ABCDEF2"}
	at := func(t *testing.T, folder string, m symbols.Module) (symbols.ModuleStatus, string) {
		r, err := symbols.New(fake{modules: []symbols.Module{m}}, symbols.Options{Directories: []string{folder}})
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		var names []string
		for _, f := range append(r.FramesAt(0x11005), r.FramesAt(0x11104)...) {
			names = append(names, f.String())
		}
		for s := range r.Modules() {
			return s, strings.Join(names, " ")
		}
		return symbols.ModuleStatus{}, ""
	}
	const want = "app!inner app!outer+0x5 app!Foo::Foo+0x4"
	for _, place := range []string{"app.pdb/0123456789ABCDEF0123456789ABCDEF2/app.sym", "app.sym", "app.pdb.sym", "app.exe.sym"} {
		folder := t.TempDir()
		path := filepath.Join(folder, filepath.FromSlash(place))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(symText), 0o600); err != nil {
			t.Fatal(err)
		}
		if s, got := at(t, folder, m); got != want || s.State != symbols.StateBreakpad || s.Path != path {
			t.Errorf("%s: %q, %v", place, got, s)
		}
		other := m
		other.DebugID = m.DebugID[:32] + "3"
		if s, got := at(t, folder, other); strings.Contains(got, "outer") || place == "app.sym" && !strings.Contains(s.String(), "found age 2, want 3") {
			t.Errorf("%s: another build: %q, %v", place, got, s)
		}
		unknown := m
		unknown.DebugID, unknown.DebugFile = "", ""
		if s, got := at(t, folder, unknown); place == "app.sym" && got != want {
			t.Errorf("%s: by the image's identity: %q, %v", place, got, s)
		}
		unknown.TimeDateStamp++
		if s, got := at(t, folder, unknown); strings.Contains(got, "outer") {
			t.Errorf("%s: another image: %q, %v", place, got, s)
		}
	}
	path := filepath.Join(t.TempDir(), "app.sym")
	if err := os.WriteFile(path, []byte(symText), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := symbols.OpenModule(path, symbols.Options{})
	if err != nil {
		t.Fatal(err)
	}
	frames := f.FramesAt(0x1005)
	if len(frames) != 2 || frames[1].String() != "app!outer+0x5" || frames[0].Line != 70 || frames[1].Line != 7 {
		t.Errorf("%v", frames)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// COFF symbols are read from the module's file, found for a module in memory.
func TestCOFFSymbols(t *testing.T) {
	const folder = "pe/testdata"
	img, err := pe.Open(filepath.Join(folder, "gnu32.dll"))
	if err != nil {
		t.Fatal(err)
	}
	defer img.Close()
	m := symbols.Module{Base: 0x65300000, Size: uint64(img.SizeOfImage), Path: `C:\app\gnu32.dll`, TimeDateStamp: img.TimeDateStamp}
	r, err := symbols.New(inMemory{m, holed{img, func(int64) bool { return false }}}, symbols.Options{Directories: []string{folder}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	const text = 0x1000 // the section's RVA
	for offset, want := range map[uint64][2]string{
		2:  {"hidden", "_hidden"},
		12: {"std2", "_std2@8"},
		36: {"fast2", "@fast2@8"},
	} {
		f := r.FramesAt(m.Base + text + offset)[0]
		if f.Function != want[0] || f.Symbol != want[1] || f.Source != callstack.COFF {
			t.Errorf("%d: %+v, want %s", offset, f, want)
		}
	}
	for s := range r.Modules() {
		if s.State != symbols.StateCOFF || s.Path != filepath.Join(folder, "gnu32.dll") {
			t.Errorf("status %v", s)
		}
	}
}
