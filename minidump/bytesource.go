package minidump

import (
	"fmt"
	"io"

	"github.com/handletrace/handletrace/internal/mapped"
)

// byteSource gives bytes of a file, from the mapping or else from a window of
// it, for what is read in turn mostly lies one behind the other.
type byteSource struct {
	src    io.ReaderAt
	size   int64
	data   []byte // of the whole file, where it is mapped
	buf    []byte // of the window
	window []byte // what buf holds of the file
	start  int64  // the window's offset in the file
	// least is whether no more is to be read than what is asked for.
	least bool
}

const windowSize = 64 << 10

// whileMapped calls use, which may read from the source. A page of the mapping
// that is gone ends the call with an error.
func (s *byteSource) whileMapped(use func()) error {
	m, ok := s.src.(*mapped.File)
	if !ok {
		use()
		return nil
	}
	return m.View(func(data []byte) {
		s.data = data
		use()
		s.data = nil
	})
}

// bytes returns n bytes of the file, which are good until the next call.
func (s *byteSource) bytes(off, n int64) ([]byte, error) {
	if off > s.size || n > s.size-off {
		return nil, fmt.Errorf("it lies beyond the end of the file (%d bytes)", s.size)
	}
	if int64(len(s.data)) == s.size {
		return s.data[off : off+n], nil
	}
	if at := off - s.start; at >= 0 && at+n <= int64(len(s.window)) {
		return s.window[at : at+n], nil
	}
	return s.move(off, n)
}

// move reads a window that begins at off.
func (s *byteSource) move(off, n int64) ([]byte, error) {
	if n > windowSize {
		b := make([]byte, n)
		return b, readFull(s.src, b, off)
	}
	// What is not near the last place gets a small window.
	size := max(n, windowSize/64)
	if ahead := off - s.start; s.window == nil || ahead >= 0 && ahead < 2*windowSize {
		size = windowSize
	}
	if s.least {
		size = n
	}
	size = min(size, s.size-off)
	if int64(len(s.buf)) < size {
		s.buf = make([]byte, size)
	}
	s.window, s.start = s.buf[:size], off
	if err := readFull(s.src, s.window, off); err != nil {
		s.window = nil
		return nil, err
	}
	return s.window[:n], nil
}
