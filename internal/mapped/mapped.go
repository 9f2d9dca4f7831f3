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
}

// Open opens the named file. Only regular files are mapped.
func Open(name string) (*File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	if info.IsDir() {
		f.Close()
		return nil, &os.PathError{Op: "open", Path: name, Err: errors.New("is a directory")}
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
	return errors.Join(unmapErr, m.f.Close())
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
	n, err := guardedCopy(p, m.data[off:])
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return n, err
}

// guardedCopy turns the fault of a page that is no longer there into an error.
func guardedCopy(dst, src []byte) (n int, err error) {
	old := debug.SetPanicOnFault(true)
	defer func() {
		debug.SetPanicOnFault(old)
		if r := recover(); r != nil {
			if _, ok := r.(interface{ Addr() uintptr }); !ok {
				panic(r)
			}
			n, err = 0, ErrFault
		}
	}()
	return copy(dst, src), nil
}
