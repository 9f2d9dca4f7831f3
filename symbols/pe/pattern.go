package pe

// pattern is a run of bytes to be found in code: byte k of code matches where
// its bits in mask equal value.
type pattern []maskedByte

// maskedByte packs mask<<8 | value.
type maskedByte uint16

// wild stands for any byte.
const wild maskedByte = 0

// exactly makes a pattern of plain bytes, then of n bytes of any value.
func exactly(bytes string, n int) pattern {
	p := make(pattern, 0, len(bytes)+n)
	for i := range len(bytes) {
		p = append(p, 0xff00|maskedByte(bytes[i]))
	}
	for range n {
		p = append(p, wild)
	}
	return p
}

// word makes a pattern of a 32-bit instruction.
func word(value, mask uint32) pattern {
	p := make(pattern, 4)
	for i := range p {
		m := mask >> (8 * i) & 0xff
		p[i] = maskedByte(m<<8 | value>>(8*i)&m)
	}
	return p
}

func (p pattern) matches(code []byte) bool {
	if len(code) < len(p) {
		return false
	}
	for i, b := range p {
		if code[i]&byte(b>>8) != byte(b) {
			return false
		}
	}
	return true
}

// matchAny returns the length of the first pattern that code begins with, 0 if
// it begins with none.
func matchAny(patterns []pattern, code []byte) int {
	for _, p := range patterns {
		if p.matches(code) {
			return len(p)
		}
	}
	return 0
}

func endsWithAny(patterns []pattern, code []byte) bool {
	for _, p := range patterns {
		if len(code) >= len(p) && p.matches(code[len(code)-len(p):]) {
			return true
		}
	}
	return false
}
