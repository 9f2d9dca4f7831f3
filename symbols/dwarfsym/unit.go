package dwarfsym

import (
	"debug/dwarf"
	"sync"
)

// unit is a unit of .debug_info: as a rule, one compiled source file.
type unit struct {
	shape
	off    uint64 // of its header in .debug_info
	first  uint64 // of its first entry
	end    uint64
	abbrev uint64 // of its abbreviations
	kind   uint8  // DW_UT_*

	mu sync.Mutex // held while it is decoded
	root
}

// root is what the unit's first entry says of the unit.
type root struct {
	language                               uint64
	lines                                  uint64 // offset in .debug_line
	hasLines                               bool
	compDir                                value
	base                                   uint64 // address that ranges count from
	strOffsetsBase, addrBase, rngListsBase uint64
	split                                  bool // its entries are in another file
}

// Kinds of units, DW_UT_*, from DWARF 5 on.
const (
	unitCompile      = 1
	unitType         = 2
	unitSkeleton     = 4
	unitSplitCompile = 5
	unitSplitType    = 6
)

const (
	maxUnitHeader = 4 + 8 + 2 + 1 + 1 + 8 + 8 + 8
	// maxUnit is more than a compiler can make of a source file. What is behind
	// it in a unit is left out.
	maxUnit = 256 << 20
)

// readUnit reads the header at an offset. It is false where there are no more
// units; a unit of an unknown version has no first entry.
func readUnit(info *section, off uint64) (*unit, bool) {
	r := reader{b: info.read(off, maxUnitHeader)}
	length, offsetSize := r.length()
	start := off + uint64(r.off)
	if r.bad || length > uint64(info.size)-start || length == 0 {
		return nil, false
	}
	u := &unit{off: off, end: start + length}
	u.version, u.offsetSize = r.uint16(), uint8(offsetSize)
	switch {
	case u.version == 5:
		u.kind, u.addressSize = r.uint8(), r.uint8()
		u.abbrev = r.uint(offsetSize)
		switch u.kind {
		case unitSkeleton, unitSplitCompile:
			r.skip(8) // identity of the split unit
		case unitType, unitSplitType:
			r.skip(8 + uint64(offsetSize)) // signature and offset of the type
		}
	case u.version >= 2 && u.version <= 4:
		u.kind, u.abbrev = unitCompile, r.uint(offsetSize)
		u.addressSize = r.uint8()
	default:
		return u, true
	}
	if good := u.addressSize == 4 || u.addressSize == 8; r.bad || !good || off+uint64(r.off) > u.end {
		return u, true
	}
	u.first = off + uint64(r.off)
	return u, true
}

// hasCode reports whether the unit may have functions.
func (u *unit) hasCode() bool {
	return u.first != 0 && u.kind != unitType && u.kind != unitSplitType && !u.split
}

// readRoot reads the unit's first entry, and returns where its code is and how
// many bytes of abbreviations it took.
func (f *File) readRoot(u *unit, list *abbrevList) (e entry, ok bool) {
	for n := int64(512); ; n *= 16 {
		b := f.sections.info.read(u.first, min(n, int64(u.end-u.first)))
		r := reader{b: b}
		code := r.uleb()
		ab := list.get(u.abbrev, code)
		if code == 0 || ab == nil {
			return entry{}, false
		}
		e.read(&r, ab, u.shape, u.first)
		if !r.bad || int64(len(b)) < n {
			break
		}
	}
	u.setRoot(&e)
	return e, e.tag == dwarf.TagCompileUnit || e.tag == tagSkeletonUnit
}

// tagSkeletonUnit is a tag that debug/dwarf has no function for.
const tagSkeletonUnit dwarf.Tag = 0x4a

func (u *unit) setRoot(e *entry) {
	u.language, u.compDir = e.language.n, e.compDir
	u.lines, u.hasLines = e.stmtList.n, e.stmtList.form != 0
	u.strOffsetsBase, u.addrBase, u.rngListsBase = e.strOffsetsBase.n, e.addrBase.n, e.rngListsBase.n
	u.split = u.kind == unitSkeleton || u.kind == unitSplitCompile || e.dwoName.form != 0
}

// abbrevList finds the abbreviation of each unit's first entry, which as a rule
// stands first. Units may share a list; a hostile file can have many units with
// long ones, so what is read of them together is bounded.
type abbrevList struct {
	s      *section
	off    uint64
	code   uint64
	last   *abbrev
	budget int64
}

func newAbbrevList(s *section) *abbrevList {
	return &abbrevList{s: s, budget: 1<<20 + 4*s.size}
}

func (l *abbrevList) get(off, code uint64) *abbrev {
	if l.last != nil && l.off == off && l.code == code {
		return l.last
	}
	if l.budget <= 0 {
		return nil
	}
	a, n := readAbbrevs(l.s, off, code)
	l.budget -= n
	l.off, l.code, l.last = off, code, a.get(code)
	return l.last
}
