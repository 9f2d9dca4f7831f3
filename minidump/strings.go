package minidump

import (
	"fmt"
	"sync"
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
