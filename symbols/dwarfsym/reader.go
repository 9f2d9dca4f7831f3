package dwarfsym

import (
	"bytes"
	"encoding/binary"
)

// reader reads forward through bytes. After a read past the end all further
// ones give zero, and bad is set. PE images are little-endian.
type reader struct {
	b   []byte
	off int
	bad bool
}

func (r *reader) len() int {
	if r.bad {
		return 0
	}
	return len(r.b) - r.off
}

func (r *reader) bytes(n uint64) []byte {
	if r.bad || n > uint64(len(r.b)-r.off) {
		r.bad = true
		return nil
	}
	b := r.b[r.off : r.off+int(n)]
	r.off += int(n)
	return b
}

func (r *reader) skip(n uint64) { r.bytes(n) }

func (r *reader) uint8() uint8 {
	if b := r.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) uint16() uint16 { return uint16(r.uint(2)) }
func (r *reader) uint32() uint32 { return uint32(r.uint(4)) }

// uint reads a number of 1 to 8 bytes.
func (r *reader) uint(size int) uint64 {
	var room [8]byte
	copy(room[:], r.bytes(uint64(size)))
	return binary.LittleEndian.Uint64(room[:])
}

// uleb reads an unsigned LEB128 number. Bits beyond 64 are lost.
func (r *reader) uleb() uint64 {
	var n uint64
	for shift := uint(0); ; shift += 7 {
		b := r.uint8()
		n |= uint64(b&0x7f) << shift
		if b < 0x80 || r.bad {
			return n
		}
	}
}

func (r *reader) sleb() int64 {
	var n int64
	for shift := uint(0); ; {
		b := r.uint8()
		n |= int64(b&0x7f) << shift
		shift += 7
		if b < 0x80 || r.bad {
			if b&0x40 != 0 && shift < 64 {
				n |= -1 << shift
			}
			return n
		}
	}
}

// skipString moves behind a string that ends in NUL.
func (r *reader) skipString() {
	if r.bad {
		return
	}
	end := bytes.IndexByte(r.b[r.off:], 0)
	if end < 0 {
		r.bad = true
		return
	}
	r.off += end + 1
}

// length reads the length of a unit, and the size of offsets in it.
func (r *reader) length() (n uint64, offsetSize int) {
	switch n := r.uint32(); {
	case n == 0xffffffff:
		return r.uint(8), 8
	case n >= 0xfffffff0:
		r.bad = true
		return 0, 4
	default:
		return uint64(n), 4
	}
}
