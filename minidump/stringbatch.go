package minidump

import (
	"fmt"
	"io"

	"github.com/handletrace/handletrace/internal/mapped"
)

// stringBatch reads the strings of a piece of a long list into one piece of
// memory, which costs one allocation for all of them. While it reads it moves
// no pointers, for which the garbage collector would want to be told.
//
// The strings of a sound list lie apart or are shared, so that those that are
// read fit in the file; the budget stops those of a hostile one. Of the shared
// ones the last are remembered, for lists use the same name again and again.
type stringBatch struct {
	f      *File
	stream StreamType
	source byteSource
	budget int64
	buf    []byte   // the text of the strings of this piece
	long   []string // those that have memory of their own
}

// batchedString is the part of a batch's text that a string is: or, where from
// is the larger, the number of a long one.
type batchedString struct{ from, up uint32 }

// recentStrings are those of one kind that were read last, by place. Strings
// of different kinds would drive each other out.
type recentStrings [64]struct {
	rva uint32
	batchedString
}

const (
	// longString is the size in bytes from which on a string has memory of
	// its own.
	longString = 8 << 10
	// sharedStrings is how many bytes may be read again in other pieces.
	sharedStrings = 2 << 20
)

func (f *File) newStringBatch(t StreamType) *stringBatch {
	return &stringBatch{f: f, stream: t, source: byteSource{src: f.src, size: f.size}, budget: f.size + sharedStrings}
}

// begin forgets what was read.
func (b *stringBatch) begin(recent ...*recentStrings) {
	b.buf = b.buf[:0]
	clear(b.long)
	b.long = b.long[:0]
	for _, r := range recent {
		*r = recentStrings{}
	}
}

// read reads the MINIDUMP_STRING at rva. One that cannot be read is empty,
// with a warning.
func (b *stringBatch) read(rva uint32, recent *recentStrings) batchedString {
	if rva == 0 {
		return batchedString{}
	}
	k := &recent[(rva>>2^rva>>8)%uint32(len(recent))]
	if k.rva != rva {
		s, err := b.add(int64(rva))
		if err != nil {
			b.f.warn(b.stream, int64(rva), "a string is left out: %v", err)
		}
		k.rva, k.batchedString = rva, s
	}
	return k.batchedString
}

func (b *stringBatch) add(rva int64) (s batchedString, err error) {
	head, err := b.source.bytes(rva, 4)
	if err != nil {
		return s, err
	}
	n := int64(b.f.numbers().uint32(head)) &^ 1
	if n > b.f.size-rva-4 {
		return s, fmt.Errorf("its %d bytes reach beyond the end of the file (%d bytes)", n, b.f.size)
	}
	if b.budget -= n; b.budget < 0 {
		return s, fmt.Errorf("the strings before it add up to more than the file holds")
	}
	content, err := b.source.bytes(rva+4, n)
	if err != nil {
		return s, err
	}
	if n > longString {
		b.long = append(b.long, decodeUTF16(content, b.f.order))
		return batchedString{from: uint32(len(b.long))}, nil
	}
	s.from = uint32(len(b.buf))
	b.buf = appendUTF16(b.buf, content, b.f.numbers())
	s.up = uint32(len(b.buf))
	return s, nil
}

// text returns what was read since the last begin, for string.
func (b *stringBatch) text() string { return string(b.buf) }

// string returns a string, of the batch's text.
func (b *stringBatch) string(s batchedString, text string) string {
	if s.from > s.up {
		return b.long[s.from-1]
	}
	return text[s.from:s.up]
}

// byteSource gives bytes of a file, from the mapping or else from a window of
// it, for what is read in turn mostly lies one behind the other.
type byteSource struct {
	src    io.ReaderAt
	size   int64
	data   []byte // of the whole file, where it is mapped
	buf    []byte // of the window
	window []byte // what buf holds of the file
	start  int64  // the window's offset in the file
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
	size = min(size, s.size-off)
	if s.buf == nil {
		s.buf = make([]byte, min(windowSize, s.size))
	}
	s.window, s.start = s.buf[:size], off
	if err := readFull(s.src, s.window, off); err != nil {
		s.window = nil
		return nil, err
	}
	return s.window[:n], nil
}
