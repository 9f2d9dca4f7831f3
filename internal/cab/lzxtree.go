package cab

import "errors"

// Codes of LZX have at most 16 bits. Those of up to tableBits are looked up,
// longer ones are found by their place in the canonical order.
const (
	maxCodeLength = 16
	tableBits     = 11
)

// tree decodes a canonical Huffman code.
type tree struct {
	// table has for each tableBits bits the symbol, shifted by 5, and the
	// length of its code; 0 where the code is longer.
	table [1 << tableBits]uint16
	// For codes of each length: the first code beyond them, as 16 bits, and
	// what their number less this is in sorted.
	limit  [maxCodeLength + 1]uint32
	base   [maxCodeLength + 1]int
	sorted [maxMainSymbols]uint16 // symbols by code
}

var (
	errOversubscribed = errors.New("lzx: more codes than their lengths allow")
	errNoCode         = errors.New("lzx: a code that stands for nothing")
)

// build takes the code of symbols with the given lengths; 0 is a symbol that
// has none. Incomplete codes are accepted: what they leave open is an error
// only when it is met.
func (t *tree) build(lengths []uint8) error {
	var count [maxCodeLength + 1]int
	for _, l := range lengths {
		count[l]++
	}
	count[0] = 0
	var next [maxCodeLength + 2]int // place in sorted
	code := uint32(0)               // first of its length
	for l := 1; l <= maxCodeLength; l++ {
		code <<= 1
		t.base[l] = next[l] - int(code)
		code += uint32(count[l])
		if code > 1<<l {
			return errOversubscribed
		}
		t.limit[l] = code << (maxCodeLength - l)
		next[l+1] = next[l] + count[l]
	}
	for s, l := range lengths {
		if l != 0 {
			t.sorted[next[l]] = uint16(s)
			next[l]++
		}
	}
	t.fillTable(&count)
	return nil
}

func (t *tree) fillTable(count *[maxCodeLength + 1]int) {
	at, i := 0, 0
	for l := 1; l <= tableBits; l++ {
		for range count[l] {
			entry := t.sorted[i]<<5 | uint16(l)
			i++
			for end := at + 1<<(tableBits-l); at < end; at++ {
				t.table[at] = entry
			}
		}
	}
	clear(t.table[at:])
}

// decode returns the symbol whose code comes next; b has 16 bits ready. It is
// noSymbol where there is none.
func (t *tree) decode(b *bitReader) uint {
	if e := t.table[b.bits>>(64-tableBits)]; e != 0 {
		b.bits <<= e & 31
		b.n -= uint(e & 31)
		return uint(e >> 5)
	}
	return t.decodeLong(b)
}

const noSymbol = 1 << 16

func (t *tree) decodeLong(b *bitReader) uint {
	code := uint32(b.bits >> 48)
	for l := tableBits + 1; l <= maxCodeLength; l++ {
		if code < t.limit[l] {
			s := t.sorted[t.base[l]+int(code>>(maxCodeLength-l))]
			b.bits <<= uint(l)
			b.n -= uint(l)
			return uint(s)
		}
	}
	return noSymbol
}
