// Package mapped opens a file for reading by mapping it into memory where the
// system can, and by plain reads elsewhere. The file is never read whole.
package mapped

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
)

// ErrFault is reported when a mapped page could not be read: the file was
// truncated by somebody else while it was open, or its disk failed.
var ErrFault = errors.New("the file changed or became unreadable while it was open")

// File is an open file. It is safe for use by several goroutines until Close.
type File struct {
	f    *os.File
	data []byte
	size int64
	// leftover is the name of a temporary file to be removed.
	leftover string
}

// Open opens the named file. Only regular files are mapped.
func Open(name string) (*File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	m, err := New(f)
	if err != nil {
		f.Close()
	}
	return m, err
}

// New maps a file that is open already, which Close closes.
func New(f *os.File) (*File, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, &os.PathError{Op: "open", Path: f.Name(), Err: errors.New("is a directory")}
	}
	m := &File{f: f, size: info.Size()}
	if m.size > 0 && info.Mode().IsRegular() && int64(int(m.size)) == m.size {
		// A failed mapping is no error: plain reads serve as well.
		m.data, _ = mapFile(f, int(m.size))
	}
	return m, nil
}

// Size returns the size the file had when it was opened.
func (m *File) Size() int64 { return m.size }

// Close unmaps and closes the file. No read may be under way.
func (m *File) Close() error {
	var unmapErr error
	if m.data != nil {
		unmapErr = unmapFile(m.data)
		m.data = nil
	}
	return errors.Join(unmapErr, m.f.Close(), removeLeftover(m.leftover))
}

// ReadAt implements io.ReaderAt.
func (m *File) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fmt.Errorf("negative offset %d", off)
	}
	if m.data == nil {
		return m.f.ReadAt(p, off)
	}
	if off >= int64(len(m.data)) {
		return 0, io.EOF
	}
	n, err := Copy(p, m.data[off:])
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return n, err
}

// Bytes returns the mapping, which has none where the file is not mapped. A
// page of it that is gone ends the program, unless the function that reads it
// has deferred RecoverFault and called debug.SetPanicOnFault(true) before.
func (m *File) Bytes() []byte { return m.data }

// RecoverFault is to be deferred itself by a function that reads Bytes. After a
// fault it sets debug.SetPanicOnFault to false, and the function returns what
// its results were set to before. Without captured variables and unless there
// was a fault it costs next to nothing.
func RecoverFault() {
	if r := recover(); r != nil {
		debug.SetPanicOnFault(false)
		_ = faultError(r)
	}
}

// faultError is the error for what a read panicked with, which is the fault of
// a page that is no longer there. All else goes on.
func faultError(r any) error {
	if _, ok := r.(interface{ Addr() uintptr }); !ok {
		panic(r)
	}
	return ErrFault
}

// View calls use with the bytes of the mapping, which has none where the file
// is not mapped. They are good until use returns. A page that is gone ends use
// where it is, with ErrFault.
func (m *File) View(use func(data []byte)) (err error) {
	old := debug.SetPanicOnFault(true)
	defer func() {
		debug.SetPanicOnFault(old)
		if r := recover(); r != nil {
			err = faultError(r)
		}
	}()
	use(m.data)
	return nil
}

// Copy copies what it can of src, which is of Bytes. The fault of a page that is
// no longer there is ErrFault.
func Copy(dst, src []byte) (n int, err error) {
	old := debug.SetPanicOnFault(true)
	defer func() {
		debug.SetPanicOnFault(old)
		if r := recover(); r != nil {
			n, err = 0, faultError(r)
		}
	}()
	return copy(dst, src), nil
}
