package pe

import (
	"cmp"
	"errors"
	"iter"
	"strings"
)

// Export is one name of an exported function or variable, or its ordinal where
// it has no name. A function with several names is several Exports of one RVA.
type Export struct {
	Name      string // as stored; "" for an export by ordinal alone
	Ordinal   uint32 // as importers spell it: the table's Base is added
	RVA       uint32 // 0 for a forwarder
	Forwarder string // "NTDLL.RtlAllocateHeap" or "X.#12"; "" if the code is in this image
	Data      bool   // not in an executable section
}

// ExportTable is the decoded export table of an image. It is immutable.
type ExportTable struct {
	Name          string // what the linker called the image; "" if unreadable
	TimeDateStamp uint32
	Base          uint32 // the lowest ordinal

	text     string        // every name and forwarder
	entries  []exportEntry // sorted by RVA, the preferred name of each first
	code     []uint32      // the first entry of each RVA that is in code
	forwards []forwardEntry
	damage   []error
}

// exportEntry is an [Export] with its strings in the table's text.
type exportEntry struct {
	rva     uint32
	ordinal uint32
	name    textSpan
	data    bool
}

type forwardEntry struct {
	ordinal uint32
	name    textSpan
	target  textSpan
}

type textSpan struct {
	off uint32
	len uint16
}

func (t *ExportTable) str(s textSpan) string { return t.text[s.off : s.off+uint32(s.len)] }

func (t *ExportTable) export(i uint32) Export {
	e := &t.entries[i]
	return Export{Name: t.str(e.name), Ordinal: e.ordinal, RVA: e.rva, Data: e.data}
}

func (t *ExportTable) forward(i int) Export {
	f := &t.forwards[i]
	return Export{Name: t.str(f.name), Ordinal: f.ordinal, Forwarder: t.str(f.target)}
}

// Len returns the number of exports, forwarders among them.
func (t *ExportTable) Len() int { return len(t.entries) + len(t.forwards) }

// All returns every export: first those in the image, sorted by RVA and, of one
// RVA, in the order of preference that [ExportTable.Nearest] documents; then
// the forwarders, by name.
func (t *ExportTable) All() iter.Seq[Export] {
	return func(yield func(Export) bool) {
		for i := range t.entries {
			if !yield(t.export(uint32(i))) {
				return
			}
		}
		for i := range t.forwards {
			if !yield(t.forward(i)) {
				return
			}
		}
	}
}

// Nearest returns the export of code with the greatest RVA that is not above
// rva. Forwarders and variables have no part in it.
//
// Of several exports at that RVA it takes a named one before one with an
// ordinal alone, then the first name in byte order (so NtClose rather than
// ZwClose), then the lowest ordinal. That the address is really in that
// function is not known: see [Image.ExportFor].
func (t *ExportTable) Nearest(rva uint32) (Export, bool) {
	i := t.codeIndex(rva)
	if i < 0 {
		return Export{}, false
	}
	return t.export(t.code[i]), true
}

// codeIndex returns the last of t.code that is not above rva, -1 if none.
func (t *ExportTable) codeIndex(rva uint32) int {
	lo, hi := 0, len(t.code)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if t.entries[t.code[mid]].rva <= rva {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo - 1
}

// At returns the preferred export of code at exactly rva.
func (t *ExportTable) At(rva uint32) (Export, bool) {
	e, ok := t.Nearest(rva)
	if !ok || e.RVA != rva {
		return Export{}, false
	}
	return e, true
}

// Aliases returns every export at exactly rva, of code or data, the preferred
// one first.
func (t *ExportTable) Aliases(rva uint32) iter.Seq[Export] {
	return func(yield func(Export) bool) {
		for i := t.firstAt(rva); i < len(t.entries) && t.entries[i].rva == rva; i++ {
			if !yield(t.export(uint32(i))) {
				return
			}
		}
	}
}

func (t *ExportTable) firstAt(rva uint32) int {
	lo, hi := 0, len(t.entries)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if t.entries[mid].rva < rva {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// ByName returns the export with that very name. It looks at every export.
func (t *ExportTable) ByName(name string) (Export, bool) {
	for e := range t.All() {
		if e.Name == name && name != "" {
			return e, true
		}
	}
	return Export{}, false
}

// ByOrdinal returns the export with that ordinal, under its preferred name. It
// looks at every export.
func (t *ExportTable) ByOrdinal(ordinal uint32) (Export, bool) {
	for e := range t.All() {
		if e.Ordinal == ordinal {
			return e, true
		}
	}
	return Export{}, false
}

// Damage reports what is missing from the table, nil if nothing is: one
// [*FormatError] for each kind, joined.
func (t *ExportTable) Damage() error { return errors.Join(t.damage...) }

// compareExports orders the exports of one RVA as [ExportTable.Nearest] says.
func compareExports(t *ExportTable, aName, bName textSpan, aOrdinal, bOrdinal uint32) int {
	if (aName.len == 0) != (bName.len == 0) {
		return int(bName.len) - int(aName.len)
	}
	if c := strings.Compare(t.str(aName), t.str(bName)); c != 0 {
		return c
	}
	return cmp.Compare(aOrdinal, bOrdinal)
}
