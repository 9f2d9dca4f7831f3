package gosym

import (
	"bytes"
	"encoding/binary"
	"io"
)

// memory reads an image by RVA. Go writes programs for Windows in little-endian
// order alone.
type memory struct{ r io.ReaderAt }

// read fills p, or is false.
func (m memory) read(p []byte, rva int64) bool {
	n, _ := m.r.ReadAt(p, rva)
	return n == len(p)
}

func (m memory) uint32(rva int64) (uint32, bool) {
	var b [4]byte
	ok := m.read(b[:], rva)
	return binary.LittleEndian.Uint32(b[:]), ok
}

// word reads a number of 4 or 8 bytes.
func word(b []byte, size int) uint64 {
	if size == 4 {
		return uint64(binary.LittleEndian.Uint32(b))
	}
	return binary.LittleEndian.Uint64(b)
}

// maxName is more than any name of a function or file.
const maxName = 1 << 16

// cstring reads a string that ends in NUL.
func (m memory) cstring(rva int64) (string, bool) {
	var first [128]byte
	n, _ := m.r.ReadAt(first[:], rva)
	if end := bytes.IndexByte(first[:n], 0); end >= 0 {
		return string(first[:end]), true
	}
	if n < len(first) {
		return "", false
	}
	buf := make([]byte, maxName)
	n, _ = m.r.ReadAt(buf, rva)
	end := bytes.IndexByte(buf[:n], 0)
	return string(buf[:max(end, 0)]), end >= 0
}

// byteReader reads bytes one after the other.
type byteReader struct {
	mem    memory
	next   int64 // RVA behind buf
	buf    [128]byte
	at, to int // of buf, what is not read yet
}

func (r *byteReader) byte() (byte, bool) {
	if r.at == r.to {
		r.at = 0
		r.to, _ = r.mem.r.ReadAt(r.buf[:], r.next)
		if r.to == 0 {
			return 0, false
		}
		r.next += int64(r.to)
	}
	b := r.buf[r.at]
	r.at++
	return b, true
}

// uvarint reads a number in groups of seven bits.
func (r *byteReader) uvarint() (uint32, bool) {
	var n uint32
	for shift := 0; shift < 35; shift += 7 {
		b, ok := r.byte()
		if !ok {
			return 0, false
		}
		n |= uint32(b&0x7f) << shift
		if b < 0x80 {
			return n, true
		}
	}
	return 0, false
}
