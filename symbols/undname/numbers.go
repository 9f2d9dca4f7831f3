package undname

import "math"

// number reads an encoded number: a digit is one less than its value, all
// else is base 16 in the letters A to P, ended by @. A leading ? negates.
func (p *parser) number() (value uint64, negative bool) {
	negative = p.acceptByte('?')
	if p.digit() {
		return uint64(p.next()-'0') + 1, negative
	}
	for {
		c := p.peek()
		switch {
		case c == '@':
			p.pos++
			return value, negative
		case c >= 'A' && c <= 'P':
			value = value<<4 | uint64(c-'A')
			p.pos++
		default:
			p.fail("expected a number")
			return 0, false
		}
	}
}

// unsigned reads a number that cannot be negative.
func (p *parser) unsigned() uint64 {
	v, negative := p.number()
	if negative {
		p.fail("expected a number without a sign")
	}
	return v
}

// integer reads a number of either sign into a node.
func (p *parser) integer() nodeID {
	v, negative := p.number()
	n := node{kind: kindInteger, num: v}
	if negative {
		n.flags = flagNegative
	}
	return p.add(n)
}

// offset reads a signed displacement into a node.
func (p *parser) offset() nodeID {
	id := p.integer()
	n := p.at(id)
	if n.num > math.MaxInt64 {
		return p.fail("number too large")
	}
	if n.num == 0 {
		n.flags = 0 // there is no -0 among displacements
	}
	return id
}

// offsets reads count displacements as a list.
func (p *parser) offsets(count int) nodeID {
	var l list
	for range count {
		id := p.offset()
		if p.failed {
			return 0
		}
		p.push(&l, id)
	}
	return l.head
}

// offset32 reads a displacement of 32 bits, in which small negative numbers
// are written as large ones.
func (p *parser) offset32(unsigned bool) nodeID {
	id := p.offset()
	if p.failed {
		return 0
	}
	n := p.at(id)
	v := uint32(n.num)
	if n.flags&flagNegative != 0 {
		v = -v
	}
	n.flags, n.num = 0, uint64(v)
	if !unsigned && int32(v) < 0 {
		n.flags, n.num = flagNegative, uint64(-v)
	}
	return id
}
