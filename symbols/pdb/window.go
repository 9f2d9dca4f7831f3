package pdb

import "encoding/binary"

const (
	scanWindow = 64 << 10 // bytes fetched at a time by walks over a stream
	maxRecord  = 2 + 0xffff
)

// window is a part of a stream held in memory, which moves as reads ask for
// other parts. What it hands out is valid until the next call.
type window struct {
	s     *Stream
	buf   []byte
	start uint32 // stream offset of buf[0]
	limit uint32 // reads end here
	fetch uint32 // least bytes to read at a time
	err   error  // the first failure of the stream below
}

// reset points the window at s[:limit]; its buffer is kept.
func (w *window) reset(s *Stream, limit, fetch uint32) {
	*w = window{s: s, buf: w.buf[:0], limit: min(limit, s.size), fetch: fetch}
}

// at returns n bytes from off on, or nil where the stream has not so many.
func (w *window) at(off, n uint32) []byte {
	if off >= w.start {
		if i := off - w.start; uint64(i)+uint64(n) <= uint64(len(w.buf)) {
			return w.buf[i : i+n : i+n]
		}
	}
	return w.move(off, n)
}

func (w *window) move(off, n uint32) []byte {
	if uint64(off)+uint64(n) > uint64(w.limit) || w.err != nil {
		return nil
	}
	size := min(max(n, w.fetch), w.limit-off)
	if uint32(cap(w.buf)) < size {
		w.buf = make([]byte, 0, size)
	}
	w.buf, w.start = w.buf[:size], off
	if err := readFull(w.s, w.buf, int64(off)); err != nil {
		w.buf, w.err = w.buf[:0], err
		return nil
	}
	return w.buf[:n:n]
}

// record returns the symbol record at off, its length field included, and the
// offset behind it. It is nil at the end and where the length makes no sense.
func (w *window) record(off uint32) (rec []byte, next uint32) {
	head := w.at(off, 4)
	if head == nil {
		return nil, off
	}
	n := 2 + uint32(binary.LittleEndian.Uint16(head))
	if n < 4 {
		return nil, off
	}
	return w.at(off, n), off + n
}
