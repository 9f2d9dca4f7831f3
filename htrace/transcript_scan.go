package htrace

import "strings"

// fit is how far a line goes as the part of an entry that its start promises.
type fit uint8

const (
	misfit  fit = iota // it is something else
	broken             // it goes wrong in the middle
	partial            // it ends too early: cut, or continued on the next line
	whole
)

// notHex marks bytes that are no hexadecimal digits.
const notHex = 0xff

var hexDigit = func() (t [256]uint8) {
	for i := range t {
		t[i] = notHex
	}
	for i := range uint8(10) {
		t['0'+i] = i
	}
	for i := range uint8(6) {
		t['a'+i], t['A'+i] = 10+i, 10+i
	}
	return t
}()

// number is a hexadecimal number as printed: how many digits it has tells the
// size of a pointer.
type number struct {
	value  uint64
	digits int
}

// maxDigits is how many hexadecimal digits 64 bits have.
const maxDigits = 16

// scanHex reads the digits at the start of b and returns how many bytes they
// take. Debuggers put a backtick between the halves of 64 bits.
func scanHex(b []byte) (num number, n int) {
	for n < len(b) {
		d := hexDigit[b[n]]
		if d == notHex {
			if b[n] != '`' || n == 0 || n+1 == len(b) || hexDigit[b[n+1]] == notHex {
				break
			}
			n++
			continue
		}
		num.value = num.value<<4 | uint64(d)
		num.digits++
		n++
	}
	return num, n
}

// scanNumber reads 0x, digits and the blanks behind them. It is partial where
// b ends before the digits do, as far as that can be seen.
func scanNumber(b []byte) (num number, rest []byte, f fit) {
	switch {
	case len(b) == 0 || len(b) == 1 && b[0] == '0':
		return num, nil, partial
	case len(b) < 2 || b[0] != '0' || b[1]|0x20 != 'x':
		return num, b, broken
	case len(b) == 2:
		return num, nil, partial
	}
	num, n := scanHex(b[2:])
	rest = b[2+n:]
	if num.digits == 0 || num.digits > maxDigits || len(rest) > 0 && isWord(rest[0]) {
		return num, rest, broken
	}
	return num, skipBlanks(rest), whole
}

func isBlank(c byte) bool {
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v' || c == 0
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isWord reports whether a byte continues a word or number.
func isWord(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' || c >= 0x80 }

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c | 0x20
	}
	return c
}

func skipBlanks(b []byte) []byte {
	for len(b) > 0 && isBlank(b[0]) {
		b = b[1:]
	}
	return b
}

func skipAny(b []byte, set string) []byte {
	for len(b) > 0 && strings.IndexByte(set, b[0]) >= 0 {
		b = b[1:]
	}
	return b
}

// onlyOf reports whether b holds nothing but a and blanks.
func onlyOf(b []byte, a byte) bool {
	for _, c := range b {
		if c != a && !isBlank(c) {
			return false
		}
	}
	return true
}

func trimRight(b []byte) []byte {
	for len(b) > 0 && isBlank(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

// trimLine takes the blanks from both ends of a line, and the marks of
// quoting from its start.
func trimLine(b []byte) []byte {
	for len(b) > 0 && (isBlank(b[0]) || b[0] == '>') {
		b = b[1:]
	}
	return trimRight(b)
}

// hasFold reports whether b starts with word, which is in lower case, in
// whatever case.
func hasFold(b []byte, word string) bool { return len(b) >= len(word) && startOf(b[:len(word)], word) }

// startOf reports whether word starts with b, in whatever case.
func startOf(b []byte, word string) bool {
	if len(b) > len(word) {
		return false
	}
	for i, c := range b {
		if lower(c) != word[i] {
			return false
		}
	}
	return true
}

// after takes a word, which is in lower case, and the blanks behind it from
// the start of b. It is partial where b ends inside the word.
func after(b []byte, word string) ([]byte, fit) {
	switch {
	case hasFold(b, word):
		return skipBlanks(b[len(word):]), whole
	case startOf(b, word):
		return nil, partial
	}
	return b, misfit
}

// afterAll takes words as after does, with or without blanks between them.
func afterAll(b []byte, words ...string) ([]byte, fit) {
	for _, w := range words {
		var f fit
		if b, f = after(b, w); f != whole {
			return b, f
		}
	}
	return b, whole
}
