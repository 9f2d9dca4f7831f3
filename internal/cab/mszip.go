package cab

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
)

// mszip expands MSZIP: each block is "CK" and a deflate stream of its own, in
// which matches may reach into what was expanded before.
type mszip struct {
	inflate io.Reader
	in      bytes.Reader
	out     [2 * maxBlock]byte // what was expanded last
	end     int                // of it in out
}

func (m *mszip) expand(packed []byte, size int) ([]byte, error) {
	if !bytes.HasPrefix(packed, []byte("CK")) {
		return nil, errors.New("an MSZIP block does not begin with CK")
	}
	m.in.Reset(packed[2:])
	start := max(0, m.end-maxBlock)
	dictionary := m.out[start:m.end]
	if m.inflate == nil {
		m.inflate = flate.NewReaderDict(&m.in, dictionary)
	} else if err := m.inflate.(flate.Resetter).Reset(&m.in, dictionary); err != nil {
		return nil, err
	}
	if m.end+size > len(m.out) {
		m.end = copy(m.out[:], dictionary)
	}
	out := m.out[m.end : m.end+size]
	if n, err := io.ReadFull(m.inflate, out); err != nil {
		return nil, fmt.Errorf("deflate: %d of %d bytes: %w", n, size, err)
	}
	var more [1]byte
	if n, _ := m.inflate.Read(more[:]); n != 0 {
		return nil, fmt.Errorf("deflate: more than the declared %d bytes", size)
	}
	m.end += size
	return out, nil
}
