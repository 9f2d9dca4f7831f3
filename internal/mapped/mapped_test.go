package mapped

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"testing"
)

func TestReadAt(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(name, []byte("handletrace"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if f.Size() != 11 {
		t.Errorf("size %d", f.Size())
	}
	buf := make([]byte, 5)
	if n, err := f.ReadAt(buf, 6); n != 5 || string(buf) != "trace" || (err != nil && err != io.EOF) {
		t.Errorf("ReadAt = %d %q %v", n, buf, err)
	}
	if n, err := f.ReadAt(buf, 9); n != 2 || err != io.EOF {
		t.Errorf("ReadAt over the end = %d %v", n, err)
	}
	if n, err := f.ReadAt(buf, 11); n != 0 || err != io.EOF {
		t.Errorf("ReadAt at the end = %d %v", n, err)
	}
	if _, err := f.ReadAt(buf, -1); err == nil {
		t.Error("a negative offset was accepted")
	}
}

func TestEmptyFileAndFolder(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "empty")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if n, err := f.ReadAt(make([]byte, 1), 0); n != 0 || err != io.EOF {
		t.Errorf("ReadAt = %d %v", n, err)
	}
	if _, err := Open(dir); err == nil {
		t.Error("a folder was opened as a file")
	}
	if _, err := Open(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error = %v", err)
	}
}

// A log that is rotated or a dump on a share that goes away must not kill the
// process with SIGBUS.
func TestFileCutWhileOpen(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Log("Windows does not let a mapped file be cut")
		return
	}
	name := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(name, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if !guarded(f, 1<<19) {
		t.Error("a byte of the mapping cannot be read")
	}
	sum := 0
	add := func(data []byte) {
		for _, b := range data {
			sum += int(b) + 1
		}
	}
	if err := f.View(add); err != nil || sum != 1<<20 {
		t.Errorf("View of %d bytes, %v", sum, err)
	}
	if err := os.Truncate(name, 0); err != nil {
		t.Fatal(err)
	}
	if err := f.View(add); !errors.Is(err, ErrFault) {
		t.Errorf("View of pages that are gone: %v", err)
	}
	if guarded(f, 1<<19) {
		t.Error("a byte of a page that is gone was read")
	}
	if debug.SetPanicOnFault(false) {
		t.Error("faults stay panics after RecoverFault")
	}
	if _, err := f.ReadAt(make([]byte, 16), 1<<19); err == nil {
		t.Error("a read of a page that is gone gave no error")
	}
}

// guarded reports whether a byte can be read.
func guarded(f *File, off int) (ok bool) {
	if f.Bytes() == nil {
		return true // where nothing is mapped
	}
	defer RecoverFault()
	debug.SetPanicOnFault(true)
	ok = f.Bytes()[off] == 0
	debug.SetPanicOnFault(false)
	return ok
}

// A panic that is no fault goes on.
func TestRecoverFaultOnly(t *testing.T) {
	defer func() {
		if r := recover(); r != "other" {
			t.Errorf("recovered %v", r)
		}
	}()
	func() {
		defer RecoverFault()
		panic("other")
	}()
}
