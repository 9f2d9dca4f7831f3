package pe

import (
	"bytes"
	"iter"

	"github.com/handletrace/handletrace/internal/cursor"
)

// Symbol is a symbol of the COFF symbol table, as GNU and Go linkers write it
// into images.
type Symbol struct {
	Name               string // as stored; "" if a long name is unreadable
	Value              uint32 // offset in the section
	SectionNumber      int16  // counts from 1; 0 undefined, -1 absolute, -2 debugging
	Type               uint16 // 0x20 is a function
	StorageClass       uint8  // 2 external, 3 static, 103 file
	NumberOfAuxSymbols uint8
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
	if m.layout != fileLayout || m.headers.pointerToSymbolTable == 0 || m.headers.numberOfSymbols == 0 {
		return nil, ErrNoSymbols
	}
	return m.yieldSymbols, nil
}

func (m *Image) yieldSymbols(yield func(Symbol, error) bool) {
	names := m.fileStrings()
	w := window{r: sizedReader{m.r, m.size}}
	start := int64(m.headers.pointerToSymbolTable)
	count := int64(m.headers.numberOfSymbols)
	for i := int64(0); i < count; i++ {
		var record [coffSymbolSize]byte
		at := start + i*coffSymbolSize
		if !w.fill(record[:], at) {
			yield(Symbol{}, &FormatError{Part: "COFF symbols", Offset: at, Want: "a symbol", Count: int(count - i), Err: w.err})
			return
		}
		s := readSymbol(record[:], names)
		if !yield(s, nil) {
			return
		}
		i += int64(s.NumberOfAuxSymbols)
	}
}

func readSymbol(record []byte, names *fileStrings) Symbol {
	c := cursor.LittleEndian(record)
	return Symbol{
		Name:               symbolName(c, names),
		Value:              c.Uint32(),
		SectionNumber:      int16(c.Uint16()),
		Type:               c.Uint16(),
		StorageClass:       c.Uint8(),
		NumberOfAuxSymbols: c.Uint8(),
	}
}

// symbolName reads eight bytes: a short name, or four zeros and the place of a
// long one.
func symbolName(c *cursor.Cursor, names *fileStrings) string {
	field := c.Bytes(sectionNameSize)
	if !bytes.Equal(field[:4], make([]byte, 4)) {
		name, _, _ := bytes.Cut(field, []byte{0})
		return string(name)
	}
	if names == nil {
		return ""
	}
	name, _ := names.at(cursor.LittleEndian(field[4:]).Uint32())
	return name
}
