package minidump

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"sync"
	"unicode/utf16"
)

// stringTable keeps the strings that were read, by place. Sound files store
// each once, so their sum stays below the file's size; a hostile one could
// point every entry of a list into one long string, which the budget stops.
type stringTable struct {
	mu     sync.Mutex
	byRva  map[uint64]string
	budget int64
}

// stringAt reads the MINIDUMP_STRING at rva: a length in bytes and UTF-16. A
// string that cannot be read costs just itself: it is empty, with a warning.
func (f *File) stringAt(s StreamType, rva uint64) string {
	if rva == 0 {
		return ""
	}
	t := &f.names
	t.mu.Lock()
	defer t.mu.Unlock()
	if str, ok := t.byRva[rva]; ok {
		return str
	}
	str, err := f.readString(rva)
	if err != nil {
		f.warn(s, int64(rva), "a string is left out: %v", err)
	}
	if t.byRva == nil {
		t.byRva = make(map[uint64]string)
	}
	t.byRva[rva] = str
	return str
}

func (f *File) readString(rva uint64) (string, error) {
	if rva > uint64(f.size) || uint64(f.size)-rva < 4 {
		return "", fmt.Errorf("it lies beyond the end of the file (%d bytes)", f.size)
	}
	var head [4]byte
	if err := f.readInto(head[:], int64(rva)); err != nil {
		return "", err
	}
	// An odd length is a writer's slip: the last byte is no character.
	n := int64(f.order.Uint32(head[:])) &^ 1
	if n > f.size-int64(rva)-4 {
		return "", fmt.Errorf("its %d bytes reach beyond the end of the file (%d bytes)", n, f.size)
	}
	if f.names.budget -= n; f.names.budget < 0 {
		return "", fmt.Errorf("the strings before it add up to more than the file holds")
	}
	b, err := f.read(int64(rva)+4, n)
	if err != nil {
		return "", err
	}
	return decodeUTF16(b, f.order), nil
}

// decodeUTF16 decodes b up to its first NUL, if any. What is no valid UTF-16
// becomes U+FFFD.
func decodeUTF16(b []byte, order binary.ByteOrder) string {
	ascii := true
	n := 0
	for ; n+1 < len(b); n += 2 {
		u := order.Uint16(b[n:])
		if u == 0 {
			break
		}
		ascii = ascii && u < 0x80
	}
	if ascii {
		return asciiOf(b[:n], order)
	}
	units := make([]uint16, n/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}

func asciiOf(b []byte, order binary.ByteOrder) string {
	var small [256]byte
	out := small[:0]
	for i := 0; i < len(b); i += 2 {
		out = append(out, byte(order.Uint16(b[i:])))
	}
	return string(out)
}

// decodeBytes decodes 8-bit text up to its first NUL. Writers mean UTF-8 or
// the ANSI code page of their machine, which the dump does not name.
func decodeBytes(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return string(bytes.ToValidUTF8(b, []byte("\uFFFD")))
}
