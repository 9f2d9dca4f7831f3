package minidump

import (
	"fmt"
	"io"
	"math"
	"sync"
)

// stringTable reads the strings that lists refer to, and remembers those that
// were read last. Sound files store each once, and they are the smaller part of
// the file. A hostile one could point every entry of a list into one long
// string, which the budget stops.
type stringTable struct {
	mu     sync.Mutex
	source byteSource
	budget int64
	recent [512]struct {
		rva uint64
		s   string
	}
}

func newStringTable(f *File) *stringTable {
	return &stringTable{source: byteSource{src: f.src, size: f.size}, budget: f.size/4 + sharedStrings}
}

// stringAt reads the MINIDUMP_STRING at rva: a length in bytes and UTF-16. A
// string that cannot be read costs just itself: it is empty, with a warning.
func (f *File) stringAt(s StreamType, rva uint64) string {
	if rva == 0 {
		return ""
	}
	t := f.names
	t.mu.Lock()
	defer t.mu.Unlock()
	k := &t.recent[(rva>>2^rva>>11)%uint64(len(t.recent))]
	if k.rva != rva {
		text, fault := f.stringContent(&t.source, &t.budget, rva)
		if fault.found != "" {
			f.warnString(s, rva, fault)
		}
		k.rva, k.s = rva, decodeUTF16(text, f.order)
	}
	return k.s
}

// stringFault is what is wrong with a string. It is no error, for a hostile
// list has millions of them, and few are told.
type stringFault struct {
	size  int64 // that the string announces
	found string
}

const (
	stringIsBeyond = "it lies beyond the end of the file"
	stringIsLong   = "it reaches beyond the end of the file"
	stringsAreMany = "those before it add up to more than the file holds"
	stringIsGone   = "the file cannot be read there"
)

// warnString tells that a string is left out.
func (f *File) warnString(t StreamType, rva uint64, s stringFault) {
	if f.warnings.full() {
		return
	}
	what := "a string"
	if s.size != 0 {
		what = fmt.Sprintf("a string of %d bytes", s.size)
	}
	f.warn(t, int64(min(rva, math.MaxInt64)), "%s is left out: %s (%d bytes)", what, s.found, f.size)
}

// stringContent reads the bytes of a string, which the budget must allow. They
// are good until the source is read again.
func (f *File) stringContent(source *byteSource, budget *int64, rva uint64) ([]byte, stringFault) {
	if rva > uint64(f.size) || uint64(f.size)-rva < 4 {
		return nil, stringFault{found: stringIsBeyond}
	}
	head, err := source.bytes(int64(rva), 4)
	if err != nil {
		return nil, stringFault{found: stringIsGone}
	}
	// An odd length is a writer's slip: the last byte is no character.
	n := int64(f.numbers().uint32(head)) &^ 1
	if n > f.size-int64(rva)-4 {
		return nil, stringFault{n, stringIsLong}
	}
	if *budget < n {
		return nil, stringFault{n, stringsAreMany}
	}
	*budget -= n
	content, err := source.bytes(int64(rva)+4, n)
	if err != nil {
		return nil, stringFault{n, stringIsGone}
	}
	return content, stringFault{}
}

// String returns the MINIDUMP_STRING at rva, an offset from the start of the
// file. A string that is not there is a [*FormatError].
func (f *File) String(rva uint64) (string, error) {
	budget := f.size
	content, fault := f.stringContent(&byteSource{src: f.src, size: f.size, least: true}, &budget, rva)
	if fault.found != "" {
		return "", &FormatError{Offset: int64(min(rva, math.MaxInt64)), Err: io.ErrUnexpectedEOF,
			Reason: fmt.Sprintf("no string here: %s (%d bytes)", fault.found, f.size)}
	}
	return decodeUTF16(content, f.order), nil
}
