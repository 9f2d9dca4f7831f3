package undname

import "strings"

// stringLiteral reads the name of a string constant: @_, 1 for wchar_t, its
// size in bytes, a checksum, and its first bytes (at most 32, or 64 of a wide
// one). Characters wider than a byte that are not wchar_t look like chars.
func (p *parser) stringLiteral() nodeID {
	if !p.accept("@_") {
		return p.fail("expected @_ in a string constant's name")
	}
	wide := p.next()
	if wide != '0' && wide != '1' {
		return p.fail("unknown kind of string constant")
	}
	size := p.unsigned()
	if size == 0 || wide == '1' && size < 2 {
		return p.fail("string constant without its terminator")
	}
	n := strings.IndexByte(p.rest(), '@')
	if n < 0 {
		return p.fail("string constant without checksum")
	}
	p.pos += n + 1
	if p.done() {
		return p.fail("string constant without text")
	}
	shown := size
	if shown > 1<<30 {
		shown = 1<<30 | size&3 // the remainder tells the width of characters
	}
	text := node{kind: kindString, a: nodeID(wide - '0'), c: nodeID(shown)}
	start := p.pos
	for !p.acceptByte('@') {
		if wide == '1' {
			// The second byte may be an @ of its own.
			text.b++
			p.stringByte()
		}
		text.b++
		p.stringByte()
		if p.failed {
			return 0
		}
	}
	text.num = span(start, p.pos-1)
	if !text.fits(size) {
		return p.fail("string constant longer than its size")
	}
	return p.add(text)
}

// maxStringBytes is more than any compiler writes into a name.
const maxStringBytes = 32 * 4

// fits checks the bytes that are there against the size given.
func (n *node) fits(size uint64) bool {
	if n.a == 0 {
		return n.b <= maxStringBytes
	}
	return n.b == 0 || size%2 == 0 && uint64(n.b) <= size
}

// stringByte reads one byte of a string constant. What cannot stand in a
// symbol's name has a code of its own.
func (p *parser) stringByte() byte {
	if p.done() {
		p.fail("unfinished string constant")
		return 0
	}
	c := p.next()
	if c != '?' {
		return c
	}
	c = p.next()
	switch {
	case isDigit(c):
		return ",/\\:. \n\t'-"[c-'0']
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		return c + 0x80
	case c == '$':
		hi, lo := p.peekAt(0)-'A', p.peekAt(1)-'A'
		if hi < 16 && lo < 16 {
			p.pos += 2
			return hi<<4 | lo
		}
	}
	p.fail("unknown character code")
	return 0
}

// decode returns the bytes of a string constant that are in its name.
func (n *node) decode(name string, buf []byte) []byte {
	p := parser{name: n.text(name)}
	for !p.done() {
		buf = append(buf, p.stringByte())
	}
	return buf
}

// charSize guesses how wide the characters of a string constant are that is
// not one of wchar_t: from its zeros, as the name does not say.
func charSize(text []byte, size int) int {
	if size%2 == 1 {
		return 1
	}
	zeros, four := 0, false
	if size < 32 { // all of it is there: look at its terminator
		for zeros < len(text) && text[len(text)-1-zeros] == 0 {
			zeros++
		}
		four = zeros >= 4
		if zeros < 2 {
			return 1
		}
	} else { // most characters are below 256: count the zeros between
		for _, c := range text {
			if c == 0 {
				zeros++
			}
		}
		four = zeros >= 2*len(text)/3
		if zeros < len(text)/3 {
			return 1
		}
	}
	if four && size%4 == 0 {
		return 4
	}
	return 2
}
