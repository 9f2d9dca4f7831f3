package pe

import (
	"cmp"
	"slices"
	"strings"

	"github.com/handletrace/handletrace/callstack"
	"github.com/handletrace/handletrace/internal/cursor"
)

// SymbolTable finds the functions among the COFF symbols by address. It keeps
// eight bytes for each; names are read when they are asked for. It is safe for
// use by several goroutines until the image is closed.
type SymbolTable struct {
	m         *Image
	functions []symbolPlace // by RVA, one for each address
}

// symbolPlace is a function of the table.
type symbolPlace struct {
	rva   uint32
	index uint32 // of its record
}

// SymbolTable returns the functions of the COFF symbol table. The table is read
// once. [ErrNoSymbols] means that the image has none; what stands behind an
// unreadable record is left out.
func (m *Image) SymbolTable() (*SymbolTable, error) { return m.symbols() }

func (m *Image) readSymbolTable() (*SymbolTable, error) {
	if !m.hasSymbols() {
		return nil, ErrNoSymbols
	}
	var found []rankedSymbol
	for index, record := range m.symbolRecords {
		if record == nil {
			break
		}
		if f, ok := m.functionSymbol(index, record); ok {
			found = append(found, f)
		}
	}
	slices.SortFunc(found, func(a, b rankedSymbol) int {
		return cmp.Or(cmp.Compare(a.rva, b.rva), cmp.Compare(a.rank, b.rank), cmp.Compare(a.index, b.index))
	})
	t := &SymbolTable{m: m, functions: make([]symbolPlace, 0, len(found))}
	for i, f := range found {
		if i == 0 || f.rva != found[i-1].rva {
			t.functions = append(t.functions, f.symbolPlace)
		}
	}
	return t, nil
}

// rankedSymbol has the lower rank the better it names its address.
type rankedSymbol struct {
	symbolPlace
	rank uint8
}

// functionSymbol returns a record's place if it is one of a function: those
// that say so, and external symbols among code, which assemblers do not type.
// Static symbols without that type are labels and the names of sections.
func (m *Image) functionSymbol(index uint32, record []byte) (rankedSymbol, bool) {
	c := cursor.LittleEndian(record)
	c.Skip(sectionNameSize)
	s := Symbol{Value: c.Uint32(), SectionNumber: int16(c.Uint16()), Type: c.Uint16(), StorageClass: c.Uint8()}
	rva, ok := s.RVA(m.sections)
	if !ok || !m.sections[s.SectionNumber-1].IsExecutable() {
		return rankedSymbol{}, false
	}
	if size := m.sections[s.SectionNumber-1].VirtualSize; size != 0 && s.Value >= size {
		return rankedSymbol{}, false
	}
	f := rankedSymbol{symbolPlace: symbolPlace{rva, index}, rank: symbolRank(&s)}
	return f, f.rank != noRank
}

const noRank = 0xff

// symbolRank orders the symbols of one address. The linker's own marks at the
// start of a section (___CTOR_LIST__) have no type.
func symbolRank(s *Symbol) uint8 {
	switch {
	case s.IsFunction() && s.StorageClass == IMAGE_SYM_CLASS_EXTERNAL:
		return 0
	case s.IsFunction() && s.StorageClass == IMAGE_SYM_CLASS_STATIC:
		return 1
	case s.IsFunction() && s.StorageClass == IMAGE_SYM_CLASS_WEAK_EXTERNAL:
		return 2
	case s.StorageClass == IMAGE_SYM_CLASS_EXTERNAL:
		return 3
	}
	return noRank
}

// Len returns how many functions the table has.
func (t *SymbolTable) Len() int { return len(t.functions) }

// Nearest returns the last function at or below an RVA in the same section, and
// the RVA at which it begins. Where the image has a table of its functions that
// shows the address to be in one that begins behind the symbol, there is none.
func (t *SymbolTable) Nearest(rva uint32) (s Symbol, start uint32, ok bool) {
	i, found := slices.BinarySearchFunc(t.functions, rva, func(f symbolPlace, rva uint32) int {
		return cmp.Compare(f.rva, rva)
	})
	if !found {
		i--
	}
	if i < 0 {
		return Symbol{}, 0, false
	}
	f := t.functions[i]
	if !t.m.sameSection(f.rva, rva) || !t.m.reaches(f.rva, rva) {
		return Symbol{}, 0, false
	}
	s, ok = t.m.symbolAt(f.index)
	return s, f.rva, ok && s.Name != ""
}

// reaches reports that no function of the function table begins between start
// and the address that it holds.
func (m *Image) reaches(start, rva uint32) bool {
	section, ok := m.SectionAt(rva)
	if ok && section.VirtualSize != 0 && rva-section.VirtualAddress >= section.VirtualSize {
		return false
	}
	f, ok := m.RuntimeFunctionAt(rva)
	return !ok || f.BeginAddress <= start || m.PrimaryFunction(f).BeginAddress == start
}

// functionName returns the name that the source has for a symbol: GNU tools
// call the body of a weak function .weak.name.default.
func functionName(name string) string {
	rest, ok := strings.CutPrefix(name, ".weak.")
	if base, _, found := strings.Cut(rest, "."); ok && found && base != "" {
		return base
	}
	return name
}

// Frames returns the function at an RVA as a frame, named as in the table: on
// x86 with the underscore of C names, and mangled in C++. It is nil where no
// symbol names the address.
func (t *SymbolTable) Frames(rva uint32) []callstack.Frame {
	s, start, ok := t.Nearest(rva)
	if !ok {
		return nil
	}
	return []callstack.Frame{{
		Function: functionName(s.Name), Offset: uint64(rva - start), FunctionStart: uint64(start), Source: callstack.COFF,
	}}
}
