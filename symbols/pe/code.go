package pe

import "iter"

// codePart is code that could be read in one piece.
type codePart struct {
	rva  uint32
	code []byte
}

// codeChunk is how finely code with holes is read: writers of small dumps keep
// as little as 256 bytes around an address.
const codeChunk = 128

// codeParts yields the code from..to and a little behind it in the pieces that
// are there, and at last false if a piece between from and to is not.
func (m *Image) codeParts(from, to uint32) iter.Seq2[codePart, bool] {
	return func(yield func(codePart, bool) bool) {
		size := int(to-from) + borderTail
		buf := make([]byte, size)
		if n, _ := m.ReadAt(buf, int64(from)); n >= size-borderTail {
			yield(codePart{from, buf[:n]}, true)
			return
		}
		m.codePieces(buf, from, to, yield)
	}
}

func (m *Image) codePieces(buf []byte, from, to uint32, yield func(codePart, bool) bool) {
	whole, start, end := true, 0, 0
	for at := 0; at < len(buf); at += codeChunk {
		chunk := buf[at:min(at+codeChunk, len(buf))]
		n, _ := m.ReadAt(chunk, int64(from)+int64(at))
		if start == end {
			start, end = at, at
		}
		end += n
		if n == len(chunk) {
			continue
		}
		if int64(from)+int64(at+n) < int64(to) {
			whole = false
		}
		if end > start && !yield(codePart{from + uint32(start), buf[start:end]}, true) {
			return
		}
		start, end = 0, 0
	}
	if end > start && !yield(codePart{from + uint32(start), buf[start:end]}, true) {
		return
	}
	if !whole {
		yield(codePart{}, false)
	}
}
