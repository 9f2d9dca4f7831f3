package breakpad

import (
	"bytes"
	"errors"
	"io"
)

const (
	chunkSize = 256 << 10
	// maxLine is more than any compiler's name. What is longer is cut off.
	maxLine = 1 << 20
)

// scanner goes through the lines of a text.
type scanner struct {
	r        io.ReaderAt
	off, end int64  // what is still to be read
	buf      []byte // what was read and is not gone through
	room     []byte
	err      error // why it ended before end

	line   []byte // holds until the next
	offset int64  // of line in the text
}

func newScanner(r io.ReaderAt, off, end int64) *scanner {
	return newScannerSize(r, off, end, chunkSize)
}

// newScannerSize reads size bytes at a time.
func newScannerSize(r io.ReaderAt, off, end int64, size int) *scanner {
	return &scanner{r: r, off: off, end: end, room: make([]byte, min(int64(size), max(0, end-off)))}
}

// next moves to the next line, and is false at the end or where no more can be
// read.
func (s *scanner) next() bool {
	for {
		if i := bytes.IndexByte(s.buf, '\n'); i >= 0 {
			s.take(i, i+1)
			return true
		}
		if len(s.buf) >= maxLine {
			s.take(len(s.buf), len(s.buf))
			s.skipRest()
			return true
		}
		if !s.fill() {
			break
		}
	}
	if len(s.buf) == 0 {
		return false
	}
	s.take(len(s.buf), len(s.buf))
	return true
}

// take makes the first n bytes the line, and goes on at the byte numbered next.
func (s *scanner) take(n, next int) {
	s.offset = s.off - int64(len(s.buf))
	s.line = s.buf[:n]
	if s.offset == 0 {
		s.line = bytes.TrimPrefix(s.line, utf8BOM)
	}
	s.line = trimmed(s.line)
	s.buf = s.buf[next:]
}

// fill reads more behind what is left in the buffer.
func (s *scanner) fill() bool {
	if s.off >= s.end || s.err != nil {
		return false
	}
	if len(s.buf) == len(s.room) {
		s.room = make([]byte, 2*len(s.room))
	}
	have := copy(s.room, s.buf)
	want := s.room[have:min(int64(len(s.room)), int64(have)+s.end-s.off)]
	n, err := s.r.ReadAt(want, s.off)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	s.off += int64(n)
	if n == 0 {
		s.end = s.off
	}
	s.buf = s.room[:have+n]
	return n > 0
}

// skipRest passes over what is left of a line that is too long. The line that
// was taken stays as it is.
func (s *scanner) skipRest() {
	s.line = bytes.Clone(s.line)
	for {
		if i := bytes.IndexByte(s.buf, '\n'); i >= 0 {
			s.buf = s.buf[i+1:]
			return
		}
		s.buf = nil
		if !s.fill() {
			return
		}
	}
}
