package breakpad

import "bytes"

// word returns the first word of a line and what follows it.
func word(line []byte) (first, rest []byte) {
	end := bytes.IndexAny(line, " \t")
	if end < 0 {
		return line, nil
	}
	return line[:end], bytes.TrimLeft(line[end:], " \t")
}

// number reads a word of digits. Numbers beyond 32 bits are none: no image is
// so big, and no program has so many lines.
func number(digits []byte, base uint64) (uint32, bool) {
	var n uint64
	for _, c := range digits {
		d := uint64(digitValue[c])
		if d >= base {
			return 0, false
		}
		if n = n*base + d; n > 1<<32-1 {
			return 0, false
		}
	}
	return uint32(n), len(digits) > 0
}

const (
	decimal     = 10
	hexadecimal = 16
	noDigit     = 0xff
)

// digitValue gives the value of each digit.
var digitValue = func() (values [256]uint8) {
	for c := range values {
		values[c] = noDigit
	}
	for i := range 10 {
		values['0'+i] = uint8(i)
	}
	for i := range 6 {
		values['a'+i], values['A'+i] = uint8(10+i), uint8(10+i)
	}
	return values
}()

// numberBefore reads the first word as a number if another word follows it.
func numberBefore(line []byte, base uint64) (n uint32, rest []byte, ok bool) {
	w, after := word(line)
	if len(after) == 0 {
		return 0, line, false
	}
	if n, ok = number(w, base); !ok {
		return 0, line, false
	}
	return n, after, true
}
