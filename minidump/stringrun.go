package minidump

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// stringRun reads the strings of a long list, which mostly lie one behind the
// other in the file: it reads a window of the file at once and gathers the
// texts in large pieces of memory. A few strings that were read last are kept,
// for lists use the same name again and again.
//
// The strings of a sound list lie apart or are shared, so that those that were
// not kept fit in the file; the budget stops those of a hostile one.
type stringRun struct {
	f      *File
	stream StreamType
	buf    []byte // of the window
	window []byte // what buf holds of the file
	start  int64  // the window's offset in the file
	budget int64
	kept   [64]struct {
		rva uint32
		s   string
	}
	pool strings.Builder
}

const (
	stringWindow = 64 << 10
	stringPool   = 32 << 10
)

func (f *File) newStringRun(t StreamType) *stringRun {
	return &stringRun{f: f, stream: t, budget: f.size}
}

// at returns the MINIDUMP_STRING at rva. One that cannot be read is empty,
// with a warning.
func (r *stringRun) at(rva uint32) string {
	if rva == 0 {
		return ""
	}
	k := &r.kept[(rva>>2^rva>>8)%uint32(len(r.kept))]
	if k.rva == rva {
		return k.s
	}
	s, err := r.read(int64(rva))
	if err != nil {
		r.f.warn(r.stream, int64(rva), "a string is left out: %v", err)
	}
	k.rva, k.s = rva, s
	return s
}

func (r *stringRun) read(rva int64) (string, error) {
	head, err := r.bytes(rva, 4)
	if err != nil {
		return "", err
	}
	n := int64(r.f.numbers().uint32(head)) &^ 1
	if n > r.f.size-rva-4 {
		return "", fmt.Errorf("its %d bytes reach beyond the end of the file (%d bytes)", n, r.f.size)
	}
	if r.budget -= n; r.budget < 0 {
		return "", fmt.Errorf("the strings before it add up to more than the file holds")
	}
	b, err := r.bytes(rva+4, n)
	if err != nil {
		return "", err
	}
	return r.text(b), nil
}

// bytes returns n bytes of the file, from the window where it holds them.
func (r *stringRun) bytes(off, n int64) ([]byte, error) {
	if at := off - r.start; at >= 0 && at+n <= int64(len(r.window)) {
		return r.window[at : at+n], nil
	}
	if off > r.f.size || n > r.f.size-off {
		return nil, fmt.Errorf("it lies beyond the end of the file (%d bytes)", r.f.size)
	}
	if n > stringWindow {
		return r.f.read(off, n)
	}
	// A string that is not near the last ones gets a window of its own size.
	size := max(n, stringWindow/64)
	if ahead := off - r.start; r.window == nil || ahead >= 0 && ahead < 2*stringWindow {
		size = stringWindow
	}
	size = min(size, r.f.size-off)
	if r.buf == nil {
		r.buf = make([]byte, min(stringWindow, r.f.size))
	}
	r.window, r.start = r.buf[:size], off
	if err := r.f.readInto(r.window, off); err != nil {
		r.window = nil
		return nil, err
	}
	return r.window[:n], nil
}

// text decodes UTF-16 up to the first NUL into the pool.
func (r *stringRun) text(b []byte) string {
	if r.f.header.BigEndian || len(b) > stringPool/4 {
		return decodeUTF16(b, r.f.order)
	}
	if r.pool.Cap()-r.pool.Len() < len(b)/2 {
		// Strings of the old piece keep it alive.
		r.pool = strings.Builder{}
		r.pool.Grow(stringPool)
	}
	from := r.pool.Len()
	rest, end := r.ascii(b)
	if !end {
		r.pool.WriteString(decodeUTF16(rest, binary.LittleEndian))
	}
	return r.pool.String()[from:]
}

// ascii writes the ASCII text that b begins with to the pool. It returns what
// stands behind it, and whether the text ends there.
func (r *stringRun) ascii(b []byte) (rest []byte, end bool) {
	var out [256]byte
	for {
		n := 0
		// Four characters at a time, where all are ASCII and none is NUL.
		for n < len(out) && len(b) >= 8 {
			v := binary.LittleEndian.Uint64(b)
			if v&0xff80ff80ff80ff80 != 0 || (v-0x0001000100010001)&0x8000800080008000 != 0 {
				break
			}
			v = (v | v>>8) & 0x0000ffff0000ffff
			binary.LittleEndian.PutUint32(out[n:], uint32(v)|uint32(v>>16))
			n, b = n+4, b[8:]
		}
		full := n == len(out)
		for !full && len(b) >= 2 && n < len(out) && b[1] == 0 && b[0] != 0 && b[0] < 0x80 {
			out[n] = b[0]
			n, b = n+1, b[2:]
		}
		r.pool.Write(out[:n])
		if len(b) < 2 || b[0] == 0 && b[1] == 0 {
			return nil, true
		}
		if n < len(out) {
			return b, false
		}
	}
}
