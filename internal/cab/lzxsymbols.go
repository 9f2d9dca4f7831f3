package cab

// decodeSymbols expands n bytes of a verbatim or aligned block.
func (l *lzx) decodeSymbols(n int, aligned bool) error {
	in := l.in
	buf := l.buf[:l.pos+n]
	pos := l.pos
	for pos < len(buf) {
		in.refill()
		symbol := l.main.decode(&in)
		if symbol < literals {
			buf[pos] = byte(symbol)
			pos++
			continue
		}
		if symbol == noSymbol {
			return errNoCode
		}
		length := int(symbol%lengthHeaders) + minMatch
		if symbol%lengthHeaders == lengthHeaders-1 {
			// A length without a code is too long.
			length += int(l.length.decode(&in))
		}
		offset := l.offset(&in, (symbol-literals)/lengthHeaders, aligned)
		if length > len(buf)-pos {
			return errTooLong
		}
		if offset > l.windowSize || offset > pos || offset <= 0 {
			return errMatch
		}
		copyMatch(buf, pos, offset, length)
		pos += length
	}
	l.pos, l.in = pos, in
	if in.overrun() {
		return errTruncated
	}
	return nil
}

// offset returns the offset of a match: one of the last three, or the one that
// follows the symbol. What it returns where that has no code is out of every
// window.
func (l *lzx) offset(in *bitReader, slot uint, aligned bool) int {
	r := &l.recent
	if slot < uint(len(r)) {
		r[0], r[slot] = r[slot], r[0]
		return r[0]
	}
	in.refill()
	extra := uint(slotBits[slot])
	offset := int(slotBase[slot]) - 2
	if !aligned || extra < 3 {
		offset += int(in.take(extra))
	} else {
		offset += int(in.take(extra-3)) << 3
		low := l.aligned.decode(in)
		if low == noSymbol {
			return 0
		}
		offset += int(low)
	}
	r[2], r[1], r[0] = r[1], r[0], offset
	return offset
}

// copyMatch repeats length bytes from offset bytes before pos. The two may
// overlap: what was just written is repeated.
func copyMatch(buf []byte, pos, offset, length int) {
	to := buf[pos : pos+length]
	from := buf[pos-offset:]
	if length < 16 {
		// A call of memmove costs more than a few bytes.
		from = from[:len(to)]
		for i := range to {
			to[i] = from[i]
		}
		return
	}
	for len(to) > 0 {
		n := copy(to, from[:min(offset, len(to))])
		to = to[n:]
		offset += n
	}
}
