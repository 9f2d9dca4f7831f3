package pe

import (
	"bytes"
	"iter"

	"github.com/handletrace/handletrace/internal/cursor"
)

// Symbol is IMAGE_SYMBOL, as GNU, LLVM and Go linkers write it into images.
type Symbol struct {
	Name               string // as stored; "" if a long name is unreadable
	Value              uint32 // offset in the section
	SectionNumber      int16  // counts from 1; 0 undefined, -1 absolute, -2 debugging
	Type               uint16 // 0x20 is a function
	StorageClass       uint8  // IMAGE_SYM_CLASS_*
	NumberOfAuxSymbols uint8
}

// Storage classes that images have, named as in winnt.h.
const (
	IMAGE_SYM_CLASS_EXTERNAL      = 2
	IMAGE_SYM_CLASS_STATIC        = 3
	IMAGE_SYM_CLASS_LABEL         = 6
	IMAGE_SYM_CLASS_FUNCTION      = 101 // .bf, .ef and .lf
	IMAGE_SYM_CLASS_FILE          = 103
	IMAGE_SYM_CLASS_SECTION       = 104
	IMAGE_SYM_CLASS_WEAK_EXTERNAL = 105
)

// The derived type of a symbol stands above its four bits of base type.
const (
	symbolTypeShift    = 4
	symbolTypeMask     = 3
	symbolTypeFunction = 2 // IMAGE_SYM_DTYPE_FUNCTION
)

// IsFunction reports whether the symbol's type says that it is a function.
func (s *Symbol) IsFunction() bool {
	return s.Type>>symbolTypeShift&symbolTypeMask == symbolTypeFunction
}

// RVA returns the symbol's address in an image with the given sections.
func (s *Symbol) RVA(sections []Section) (uint32, bool) {
	i := int(s.SectionNumber) - 1
	if i < 0 || i >= len(sections) {
		return 0, false
	}
	return sections[i].VirtualAddress + s.Value, true
}

// Symbols returns the COFF symbols in the order of the file, without the
// auxiliary records. After an unreadable record, a [*FormatError], there are no
// more. [ErrNoSymbols] means that the image has none.
func (m *Image) Symbols() (iter.Seq2[Symbol, error], error) {
	if !m.hasSymbols() {
		return nil, ErrNoSymbols
	}
	return m.yieldSymbols, nil
}

func (m *Image) hasSymbols() bool {
	return m.layout == fileLayout && m.headers.pointerToSymbolTable != 0 && m.headers.numberOfSymbols != 0
}

func (m *Image) yieldSymbols(yield func(Symbol, error) bool) {
	names := m.fileStrings()
	for index, record := range m.symbolRecords {
		if record == nil {
			yield(Symbol{}, m.symbolDamage(index))
			return
		}
		if !yield(readSymbol(record, names), nil) {
			return
		}
	}
}

// symbolOffset returns the file offset of a record.
func (m *Image) symbolOffset(index uint32) int64 {
	return int64(m.headers.pointerToSymbolTable) + int64(index)*coffSymbolSize
}

func (m *Image) symbolDamage(index uint32) error {
	at := m.symbolOffset(index)
	_, err := readSome(m.r, make([]byte, coffSymbolSize), at, m.size)
	return &FormatError{Part: "COFF symbols", Offset: at, Want: "a symbol", Count: int(m.headers.numberOfSymbols - index), Err: err}
}

// symbolRecords yields the records that are no auxiliary ones, with their
// numbers. At one that cannot be read it yields nil and ends. The bytes hold
// until the next.
func (m *Image) symbolRecords(yield func(uint32, []byte) bool) {
	w := window{r: sizedReader{m.r, m.size}}
	record := make([]byte, coffSymbolSize)
	for i := uint64(0); i < uint64(m.headers.numberOfSymbols); {
		if !w.fill(record, m.symbolOffset(uint32(i))) {
			yield(uint32(i), nil)
			return
		}
		if !yield(uint32(i), record) {
			return
		}
		i += 1 + uint64(record[coffSymbolSize-1])
	}
}

// symbolAt reads a single symbol.
func (m *Image) symbolAt(index uint32) (Symbol, bool) {
	var record [coffSymbolSize]byte
	if _, err := readSome(m.r, record[:], m.symbolOffset(index), m.size); err != nil {
		return Symbol{}, false
	}
	s := readSymbol(record[:], nil)
	off, long := longSymbolName(record[:])
	if !long {
		return s, true
	}
	start, ok := m.stringTable()
	if !ok || off < 4 {
		return s, false
	}
	s.Name, ok = m.stringAt(start + int64(off))
	return s, ok
}

// stringAt reads a name that ends in NUL, in steps that most names fit into.
func (m *Image) stringAt(at int64) (string, bool) {
	for size := int64(128); size <= maxFileString; size *= 8 {
		buf := make([]byte, max(0, min(size, m.size-at)))
		n, _ := readSome(m.r, buf, at, m.size)
		if end := bytes.IndexByte(buf[:n], 0); end >= 0 {
			return string(buf[:end]), true
		}
		if int64(n) < size {
			break
		}
	}
	return "", false
}

func readSymbol(record []byte, names *fileStrings) Symbol {
	c := cursor.LittleEndian(record)
	return Symbol{
		Name:               symbolName(c.Bytes(sectionNameSize), names),
		Value:              c.Uint32(),
		SectionNumber:      int16(c.Uint16()),
		Type:               c.Uint16(),
		StorageClass:       c.Uint8(),
		NumberOfAuxSymbols: c.Uint8(),
	}
}

// longSymbolName returns the place of a name in the string table: eight bytes
// hold a short name, or four zeros and that place.
func longSymbolName(field []byte) (uint32, bool) {
	c := cursor.LittleEndian(field)
	zeros, off := c.Uint32(), c.Uint32()
	return off, zeros == 0
}

func symbolName(field []byte, names *fileStrings) string {
	off, long := longSymbolName(field)
	if !long {
		name, _, _ := bytes.Cut(field, []byte{0})
		return string(name)
	}
	if names == nil {
		return ""
	}
	name, _ := names.at(off)
	return name
}
