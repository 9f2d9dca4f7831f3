package minidump

import (
	"fmt"
	"iter"

	"github.com/handletrace/handletrace/internal/cursor"
)

// list is a stream of a count and fixed-size entries, cut to what is there.
type list struct {
	section
	c      *cursor.Cursor // at the first entry
	first  int64          // the first entry's offset in the file
	stride int
	count  int
	// announced is the count that the file gives.
	announced int64
}

// offset returns where in the file entry i is.
func (l *list) offset(i int) int64 { return l.first + int64(i)*int64(l.stride) }

// plainList opens a list of the old form: a u32 count, then the entries.
// Breakpad's old writers put four bytes of padding between them, which only
// the size tells.
func (f *File) plainList(t StreamType, stride int) (*list, error) {
	s, err := f.section(t)
	if err != nil {
		return nil, err
	}
	c, err := f.cursorOf(s)
	if err != nil {
		return nil, err
	}
	count := int64(c.Uint32())
	if err := c.Err(); err != nil {
		return nil, &FormatError{t, s.off, "the list ends before its count"}
	}
	if int64(c.Len()) == count*int64(stride)+4 {
		c.Skip(4)
	}
	return f.fit(s, c, stride, count), nil
}

// exList opens a list of the newer form, whose header gives its own size and
// that of an entry. known is the size of the oldest form of an entry, count64
// whether the count is a u64.
func (f *File) exList(t StreamType, known int, count64 bool) (*list, error) {
	s, err := f.section(t)
	if err != nil {
		return nil, err
	}
	c, err := f.cursorOf(s)
	if err != nil {
		return nil, err
	}
	h, err := readExHeader(s, c, known, count64)
	if err != nil {
		return nil, err
	}
	c.Seek(h.header)
	return f.fit(s, c, h.entry, h.count), nil
}

// longList is a list of the newer form that is read a piece at a time, for it
// may have very many entries.
type longList struct {
	section
	f         *File
	first     int64 // the first entry's offset in the file
	stride    int
	count     int
	announced int64
}

// longExList is exList for a list that may be long.
func (f *File) longExList(t StreamType, known int, count64 bool) (*longList, error) {
	s, err := f.section(t)
	if err != nil {
		return nil, err
	}
	b, err := f.read(s.off, min(s.size, 16))
	if err != nil {
		return nil, &FormatError{t, s.off, err.Error()}
	}
	h, err := readExHeader(s, cursor.New(b, f.order), known, count64)
	if err != nil {
		return nil, err
	}
	there := (s.size - int64(h.header)) / int64(max(h.entry, 1))
	if h.count > there {
		f.warn(t, s.off, "%d entries are announced, %d are there", h.count, there)
	}
	return &longList{s, f, s.off + int64(h.header), h.entry, int(min(h.count, there)), h.count}, nil
}

// all yields the entries' bytes, which are good until the next. A failing read
// ends the sequence, with a warning.
func (l *longList) all() iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		for i, b := range l.pieces(64 << 10) {
			for ; len(b) > 0; i++ {
				if !yield(i, b[:l.stride:l.stride]) {
					return
				}
				b = b[l.stride:]
			}
		}
	}
}

// pieces yields the bytes of whole entries, about size at a time, with the
// index of the first. They are good until the next. A failing read ends the
// sequence, with a warning.
func (l *longList) pieces(size int) iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		entries := max(size/max(l.stride, 1), 1)
		buf := make([]byte, min(entries, l.count)*l.stride)
		for i := 0; i < l.count; i += entries {
			b := buf[:min(entries, l.count-i)*l.stride]
			if err := l.f.readInto(b, l.first+int64(i)*int64(l.stride)); err != nil {
				l.leaveOut(i, err)
				return
			}
			if !yield(i, b) {
				return
			}
		}
	}
}

func (l *longList) leaveOut(i int, err error) {
	l.f.warn(l.stream, l.first, "entry %d and those after it are left out: %v", i, err)
}

type exHeader struct {
	header, entry int
	count         int64
}

func readExHeader(s section, c *cursor.Cursor, known int, count64 bool) (exHeader, error) {
	h := exHeader{header: int(c.Uint32()), entry: int(c.Uint32())}
	if count64 {
		h.count = int64(min(c.Uint64(), 1<<62))
	} else {
		h.count = int64(c.Uint32())
	}
	if c.Err() != nil {
		return h, &FormatError{s.stream, s.off, "the list ends inside its header"}
	}
	if h.count > 0 && h.entry < known {
		return h, &FormatError{s.stream, s.off, fmt.Sprintf("entries of %d bytes, at least %d were expected", h.entry, known)}
	}
	if h.header < c.Offset() {
		return h, &FormatError{s.stream, s.off, fmt.Sprintf("a header of %d bytes, at least %d were expected", h.header, c.Offset())}
	}
	if int64(h.header) > s.size {
		return h, &FormatError{s.stream, s.off, fmt.Sprintf("a header of %d bytes in a stream of %d", h.header, s.size)}
	}
	return h, nil
}

// fit cuts the count to the entries that are there.
func (f *File) fit(s section, c *cursor.Cursor, stride int, count int64) *list {
	l := &list{section: s, c: c, first: s.off + int64(c.Offset()), stride: stride, announced: count}
	if there := int64(c.Len() / max(stride, 1)); count > there {
		f.warn(s.stream, s.off, "%d entries are announced, %d are there", count, there)
		count = there
	}
	l.count = int(count)
	return l
}

// next returns a cursor over the next entry.
func (l *list) next(f *File) *cursor.Cursor { return cursor.New(l.c.Bytes(l.stride), f.order) }
