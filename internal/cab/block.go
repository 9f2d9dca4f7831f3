package cab

import (
	"encoding/binary"
	"fmt"
)

// maxBlock is how much one CFDATA may hold when expanded, and maxPacked how
// much compressed: incompressible data grows by this much at the most.
const (
	maxBlock  = 32768
	maxPacked = maxBlock + 6144
)

// decompressor expands the blocks of one folder in turn. What it returns holds
// until the next call.
type decompressor interface {
	expand(packed []byte, size int) ([]byte, error)
}

// newDecompressor returns the decompressor for a CFFOLDER.typeCompress.
func newDecompressor(compression uint16) (decompressor, error) {
	switch compression & 0xf {
	case 0:
		return stored{}, nil
	case 1:
		return new(mszip), nil
	case 2:
		return nil, fmt.Errorf("compression by Quantum: %w", ErrUnsupported)
	case 3:
		return newLZX(uint(compression >> 8 & 0x1f))
	}
	return nil, fmt.Errorf("compression type %#x: %w", compression, ErrUnsupported)
}

// stored is no compression.
type stored struct{}

func (stored) expand(packed []byte, size int) ([]byte, error) {
	if len(packed) != size {
		return nil, fmt.Errorf("%d stored bytes are declared as %d", len(packed), size)
	}
	return packed, nil
}

// blockReader expands the CFDATA blocks of a folder in turn.
type blockReader struct {
	cabinet      *Reader
	decompressor decompressor
	next         int64 // offset of the next block
	left         int   // blocks
	packed       []byte
}

// read returns the bytes of the next block. They hold until the next call.
func (r *blockReader) read() ([]byte, error) {
	at := r.next
	if r.left == 0 {
		return nil, formatErrorf(at, "the folder ends before the file does")
	}
	r.left--
	head, err := r.cabinet.readAt(at, dataSize+r.cabinet.reserved, "a data block's header")
	if err != nil {
		return nil, err
	}
	packedSize := int(binary.LittleEndian.Uint16(head[4:]))
	size := int(binary.LittleEndian.Uint16(head[6:]))
	switch {
	case size == 0:
		return nil, fmt.Errorf("cabinet: the block at offset %#x goes on in the next cabinet of the set: %w", at, ErrUnsupported)
	case size > maxBlock || packedSize > maxPacked:
		return nil, formatErrorf(at, "a block of %d bytes that expand to %d; %d and %d are the most", packedSize, size, maxPacked, maxBlock)
	}
	if r.packed == nil {
		r.packed = make([]byte, maxPacked)
	}
	packed := r.packed[:packedSize]
	if err := r.cabinet.readFull(packed, at+int64(len(head)), "a data block"); err != nil {
		return nil, err
	}
	if !checksumFits(head, packed) {
		return nil, formatErrorf(at, "the checksum is wrong")
	}
	r.next = at + int64(len(head)) + int64(packedSize)
	b, err := r.decompressor.expand(packed, size)
	if err != nil {
		return nil, formatErrorf(at, "the block cannot be expanded: %v", err)
	}
	return b, nil
}
