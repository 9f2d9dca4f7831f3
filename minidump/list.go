package minidump

import (
	"iter"

	"github.com/handletrace/handletrace/internal/cursor"
)

// list is a stream of a count and fixed-size entries, cut to what is there. It
// is read a piece at a time, for it may have very many entries.
type list struct {
	section
	f         *File
	first     int64 // the first entry's offset in the file
	stride    int
	count     int
	announced int64 // the count that the file gives
}

// newList opens a list whose header has the given size. The count is cut to
// the entries that are there.
func (f *File) newList(s section, header int64, stride int, count int64) *list {
	there := max(s.size-header, 0) / int64(max(stride, 1))
	if count > there {
		f.warn(s.stream, s.off, "%d entries are announced, %d are there", count, there)
	}
	return &list{s, f, s.off + header, stride, int(min(count, there)), count}
}

// plainList opens a list of the old form: a u32 count, then the entries.
// Breakpad's old writers put four bytes of padding between them, which only
// the size tells.
func (f *File) plainList(t StreamType, stride int) (*list, error) {
	s, err := f.section(t)
	if err != nil {
		return nil, err
	}
	c, err := f.headOf(s, 4)
	if err != nil {
		return nil, err
	}
	header, count := int64(4), int64(c.Uint32())
	if err := c.Err(); err != nil {
		return nil, s.fault("the list ends before its count")
	}
	if s.stored-header == count*int64(stride)+4 {
		header += 4
	}
	return f.newList(s, header, stride, count), nil
}

// exList opens a list of the newer form, whose header gives its own size and
// that of an entry. known is the size of the oldest form of an entry, count64
// whether the count is a u64.
func (f *File) exList(t StreamType, known int, count64 bool) (*list, error) {
	s, err := f.section(t)
	if err != nil {
		return nil, err
	}
	c, err := f.headOf(s, 16)
	if err != nil {
		return nil, err
	}
	h, err := readExHeader(s, c, known, count64)
	if err != nil {
		return nil, err
	}
	return f.newList(s, int64(h.header), h.entry, h.count), nil
}

// entriesOf decodes all entries of a list.
func entriesOf[T any](l *list, decode func(*cursor.Cursor) T) []T {
	entries := make([]T, l.count)
	there := 0
	c := cursor.New(nil, l.f.order)
	for i, b := range l.all() {
		c.Reset(b)
		entries[i] = decode(c)
		there = i + 1
	}
	return entries[:there]
}

// offset returns where in the file entry i is.
func (l *list) offset(i int) int64 { return l.first + int64(i)*int64(l.stride) }

// all yields the entries' bytes, which are good until the next. A failing read
// ends the sequence, with a warning.
func (l *list) all() iter.Seq2[int, []byte] {
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
func (l *list) pieces(size int) iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		entries := max(size/max(l.stride, 1), 1)
		buf := make([]byte, min(entries, l.count)*l.stride)
		for i := 0; i < l.count; i += entries {
			b := buf[:min(entries, l.count-i)*l.stride]
			if err := l.f.readInto(b, l.offset(i)); err != nil {
				l.leaveOut(i, err)
				return
			}
			if !yield(i, b) {
				return
			}
		}
	}
}

func (l *list) leaveOut(i int, err error) {
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
		return h, s.fault("the list ends inside its header")
	}
	if h.count > 0 && h.entry < known {
		return h, s.fault("entries of %d bytes, at least %d were expected", h.entry, known)
	}
	if h.header < c.Offset() {
		return h, s.fault("a header of %d bytes, at least %d were expected", h.header, c.Offset())
	}
	if int64(h.header) > s.size {
		return h, s.fault("a header of %d bytes in a stream of %d", h.header, s.size)
	}
	return h, nil
}
