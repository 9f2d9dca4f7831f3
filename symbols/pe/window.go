package pe

import (
	"bytes"
	"encoding/binary"
	"io"
)

// window reads small things that lie near each other, a page at a time, and
// survives pages that are absent in whole or in part.
type window struct {
	r     io.ReaderAt
	start int64 // of the bytes in buf
	n     int
	err   error // of the last read that brought nothing
	buf   [pageSize]byte
}

// at returns the bytes from off to the end of what the window could get of the
// page; nil if there are none.
func (w *window) at(off int64) []byte {
	if b := w.cached(off); b != nil {
		return b
	}
	page := off &^ (pageSize - 1)
	w.load(page, pageSize)
	if b := w.cached(off); b != nil {
		return b
	}
	// The page begins with a hole: what is behind it may be there.
	w.load(off, int(page+pageSize-off))
	return w.cached(off)
}

func (w *window) cached(off int64) []byte {
	if off < w.start || off >= w.start+int64(w.n) {
		return nil
	}
	return w.buf[off-w.start : w.n]
}

func (w *window) load(off int64, n int) {
	w.start = off
	w.n, w.err = w.r.ReadAt(w.buf[:n], off)
}

// fill copies n bytes at off into p, over page borders.
func (w *window) fill(p []byte, off int64) bool {
	for len(p) > 0 {
		b := w.at(off)
		if b == nil {
			return false
		}
		n := copy(p, b)
		p, off = p[n:], off+int64(n)
	}
	return true
}

func (w *window) uint16(off int64) (uint16, bool) {
	var b [2]byte
	ok := w.fill(b[:], off)
	return binary.LittleEndian.Uint16(b[:]), ok
}

func (w *window) uint32(off int64) (uint32, bool) {
	var b [4]byte
	ok := w.fill(b[:], off)
	return binary.LittleEndian.Uint32(b[:]), ok
}

// appendCString appends the string at off to dst without its NUL. A string
// longer than limit, or one whose end cannot be read, is not ok; dst has then
// grown by what was looked at.
func (w *window) appendCString(dst []byte, off int64, limit int) (_ []byte, ok bool) {
	for limit > 0 {
		b := w.at(off)
		if b == nil {
			return dst, false
		}
		b = b[:min(len(b), limit)]
		if i := bytes.IndexByte(b, 0); i >= 0 {
			return append(dst, b[:i]...), true
		}
		dst = append(dst, b...)
		off += int64(len(b))
		limit -= len(b)
	}
	return dst, false
}
