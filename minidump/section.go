package minidump

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/handletrace/handletrace/internal/cursor"
)

// section is the place of a stream in the file, checked against its size.
type section struct {
	stream StreamType
	off    int64
	size   int64 // bytes, of those that are in the file
	stored int64 // bytes, as the directory says
}

// section finds the first stream of type t.
func (f *File) section(t StreamType) (section, error) {
	if i := f.firstOf(t); i >= 0 {
		return f.sectionOf(f.directory[i])
	}
	return section{}, fmt.Errorf("minidump: %v: %w", t, ErrNoStream)
}

func (f *File) sectionOf(d Directory) (section, error) {
	s := section{d.StreamType, int64(d.Rva), int64(d.DataSize), int64(d.DataSize)}
	if s.off > f.size {
		s.size = 0
		return s, s.fault("the stream lies beyond the end of the file (%d bytes)", f.size)
	}
	if rest := f.size - s.off; s.size > rest {
		f.warn(d.StreamType, s.off, "%d of the stream's %d bytes are in the file", rest, s.size)
		s.size = rest
	}
	return s, nil
}

// offsetOf returns where a stream is, for a warning about it.
func (f *File) offsetOf(t StreamType) int64 {
	i := f.firstOf(t)
	if i < 0 {
		return 0
	}
	return int64(f.directory[i].Rva)
}

// firstOf returns the number of the first directory entry of type t, or -1. A
// hostile directory has hundreds of thousands, each of which may be asked for.
func (f *File) firstOf(t StreamType) int {
	f.sortOnce.Do(func() {
		f.sorted = make([]uint32, len(f.directory))
		for i := range f.sorted {
			f.sorted[i] = uint32(i)
		}
		slices.SortStableFunc(f.sorted, func(a, b uint32) int { return cmp.Compare(f.directory[a].StreamType, f.directory[b].StreamType) })
	})
	i, ok := slices.BinarySearchFunc(f.sorted, t, func(i uint32, t StreamType) int { return cmp.Compare(f.directory[i].StreamType, t) })
	if !ok {
		return -1
	}
	return int(f.sorted[i])
}

// fault is what is wrong with a stream. Where the file ends inside it, that is
// the cause.
func (s section) fault(format string, args ...any) error {
	e := &FormatError{Stream: s.stream, Offset: s.off, Reason: fmt.Sprintf(format, args...)}
	if s.size < s.stored {
		e.Err = io.ErrUnexpectedEOF
	}
	return e
}

// bytesOf reads the first n bytes of a stream, or as many as it has.
func (f *File) bytesOf(s section, n int64) ([]byte, error) {
	b, err := f.read(s.off, min(s.size, n))
	if err != nil {
		return nil, causedBy(err, s.stream, s.off, "")
	}
	return b, nil
}

// cursorOf reads a whole stream.
func (f *File) cursorOf(s section) (*cursor.Cursor, error) { return f.headOf(s, s.size) }

// headOf reads the first n bytes of a stream, or as many as it has.
func (f *File) headOf(s section, n int64) (*cursor.Cursor, error) {
	b, err := f.bytesOf(s, n)
	if err != nil {
		return nil, err
	}
	return cursor.New(b, f.order), nil
}
