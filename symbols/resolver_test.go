package symbols_test

import (
	"errors"
	"io"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/symbols"
)

const story = "../testdata/handlelab/handlelab-x64.dmp"

func openStory(t testing.TB) (*minidump.File, *symbols.Resolver) {
	t.Helper()
	f, err := minidump.Open(story)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	r, err := symbols.New(symbols.FromDump(f), symbols.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return f, r
}

// Every frame of the dump's trace is in a module; those in the system's
// libraries have names, and an address that no function of a known name holds
// keeps its module.
func TestFramesOfTheTrace(t *testing.T) {
	f, r := openStory(t)
	list, err := f.HandleOperationList()
	if err != nil {
		t.Fatal(err)
	}
	unloaded := 0
	for i, op := range list.All() {
		first := r.Frames(op.ReturnAddresses[0])[0]
		if first.Module != "ntdll.dll" || len(first.Function) < 3 || first.Function[:2] != "Nt" || first.Offset != 0x14 {
			t.Errorf("operation %d: innermost frame %v, want the system call", i, first)
		}
		for _, a := range op.ReturnAddresses {
			frames := r.Frames(a)
			if len(frames) != 1 || frames[0].Module == "" || frames[0].Address != a {
				t.Errorf("operation %d: %#x: %v", i, a, frames)
			}
			if frames[0].Unloaded {
				unloaded++
				if frames[0].Module != "plugin.dll" || frames[0].Function != "" {
					t.Errorf("operation %d: %v, want the unloaded plugin alone", i, frames[0])
				}
			}
		}
	}
	if unloaded == 0 {
		t.Error("no frame lies in the unloaded module")
	}
}

func TestOutsideEveryModule(t *testing.T) {
	_, r := openStory(t)
	for _, a := range []uint64{0, 1, 0x1234, 1<<64 - 1} {
		f := r.Frames(a)
		if len(f) != 1 || f[0].Address != a || f[0].Module != "" || f[0].Function != "" {
			t.Errorf("%#x: %v", a, f)
		}
		if r.IsSystem(a) {
			t.Errorf("%#x is taken for the system's", a)
		}
	}
}

func TestIsSystem(t *testing.T) {
	for path, want := range map[string]bool{
		`C:\Windows\System32\ntdll.dll`:             true,
		`C:\WINDOWS\SysWOW64\kernel32.dll`:          true,
		`C:\Windows\WinSxS\x86_foo\comctl32.dll`:    true,
		`C:\Windows\System32\svchost.exe`:           false,
		`C:\Program Files\App\app.dll`:              false,
		`D:\build\windows\system32\mine\helper.dll`: true,
		`app.exe`: false,
	} {
		m := symbols.Module{Path: path}
		if got := m.IsSystem(); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}

// fake is a process of modules whose memory nobody has.
type fake struct {
	modules []symbols.Module
	err     error
}

func (f fake) Modules() ([]symbols.Module, error) { return f.modules, f.err }
func (f fake) Memory(*symbols.Module) io.ReaderAt { return absent{} }

type absent struct{}

var errAbsent = errors.New("absent")

func (absent) ReadAt([]byte, int64) (int, error) { return 0, errAbsent }

func TestModulesWithoutMemory(t *testing.T) {
	r, err := symbols.New(fake{modules: []symbols.Module{
		{Base: 0x20000, Size: 0x1000, Path: `C:\app\second.dll`},
		{Base: 0x10000, Size: 0x2000, Path: `C:\app\first.exe`},
		{Base: 0x10000, Size: 0x9000, Path: `C:\app\again.exe`},
		{Base: 0x1f000, Size: 0x9000, Path: `old.dll`, Unloaded: true},
		{Base: 0x1f000, Size: 0x9000, Path: `newer.dll`, Unloaded: true},
	}}, symbols.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[uint64]string{
		0x10001: "first+0x1",
		0x12000: "first+0x2000", // a return address at the end is the call before it
		0x12001: "0x12001",
		0x20800: "second+0x800",
		0x1f800: "newer+0x800", // unloaded last
		0x21800: "newer+0x2800",
	} {
		if got := r.Frames(address)[0].String(); got != want {
			t.Errorf("%#x: %s, want %s", address, got, want)
		}
	}
}

// A dump whose list of modules is damaged still has bare addresses.
func TestProcessWithoutModules(t *testing.T) {
	r, err := symbols.New(fake{err: errAbsent}, symbols.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Frames(0x10001)[0].String(); got != "0x10001" {
		t.Errorf("got %s", got)
	}
	if w := r.Warnings(); len(w) != 1 || !errors.Is(w[0], errAbsent) {
		t.Errorf("warnings %v", w)
	}
}
