package cab

import "encoding/binary"

// bitReader reads LZX's bits: 16-bit little-endian words, highest bit first.
// Beyond the end it reads zeros and counts them, so that a decoder may look
// ahead; overrun tells whether it used any.
type bitReader struct {
	in   []byte
	pos  int    // of the next word
	bits uint64 // the next bits, from the highest down
	n    uint   // how many of them are in bits
	fake uint   // how many of them are beyond the end
}

// refill makes 32 bits ready. It is small enough to be inlined.
func (b *bitReader) refill() {
	if b.n < 32 {
		b.fill()
	}
}

func (b *bitReader) fill() {
	if b.pos+4 <= len(b.in) {
		w := binary.LittleEndian.Uint32(b.in[b.pos:])
		b.bits |= uint64(w<<16|w>>16) << (32 - b.n)
		b.n += 32
		b.pos += 4
		return
	}
	for b.n < 32 {
		b.bits |= b.lastWord() << (48 - b.n)
		b.n += 16
		b.pos += 2
	}
}

// lastWord returns the word at the end of the input, or a zero beyond it.
func (b *bitReader) lastWord() uint64 {
	switch len(b.in) - b.pos {
	default:
		b.fake += 16
		return 0
	case 1:
		return uint64(b.in[b.pos])
	case 2, 3:
		return uint64(binary.LittleEndian.Uint16(b.in[b.pos:]))
	}
}

// take returns the next n bits, n at most 32, of those that are ready.
func (b *bitReader) take(n uint) uint32 {
	v := uint32(b.bits >> 32 >> (32 - n))
	b.bits <<= n
	b.n -= n
	return v
}

// read returns the next n bits, n at most 32.
func (b *bitReader) read(n uint) uint32 {
	b.refill()
	return b.take(n)
}

// overrun reports whether bits beyond the end were used.
func (b *bitReader) overrun() bool { return b.n < b.fake }

// toBytes drops the bits up to the next word, a whole word where none is begun,
// and returns what follows: an uncompressed block.
func (b *bitReader) toBytes() []byte {
	used := b.pos*8 - int(b.n)
	next := (used/16 + 1) * 2
	if next > len(b.in) {
		return nil
	}
	return b.in[next:]
}
