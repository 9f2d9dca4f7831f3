package pdb

import (
	"bytes"
	"encoding/binary"
)

// Kinds of symbol records, as in cvinfo.h.
const (
	symEnd           = 0x0006
	symPub32ST       = 0x1009
	symThunk32ST     = 0x0206
	symLProc32ST     = 0x100a
	symGProc32ST     = 0x100b
	symThunk32       = 0x1102
	symBlock32       = 0x1103
	symWith32        = 0x1104
	symPub32         = 0x110e
	symLProc32       = 0x110f
	symGProc32       = 0x1110
	symTrampoline    = 0x112c
	symSepCode       = 0x1132
	symLProc32ID     = 0x1146
	symGProc32ID     = 0x1147
	symInlineSite    = 0x114d
	symInlineSiteEnd = 0x114e
	symProcIDEnd     = 0x114f
	symLProc32DPC    = 0x1155
	symLProc32DPCID  = 0x1156
	symInlineSite2   = 0x115d
)

// codeLayout says where a record that describes code keeps its fields. Offsets
// count from the record's length field.
type codeLayout struct {
	kind    Kind
	off     uint8
	sect    uint8
	size    uint8
	size16  bool  // the size is a 16-bit number
	end     uint8 // pEnd, the offset of the record that closes the scope; 0: opens none
	name    uint8 // 0: it has none
	counted bool  // the name has a length byte in front in place of a NUL behind
	least   uint8 // bytes the fixed part has
}

var (
	procLayout   = codeLayout{kind: KindProcedure, end: 8, size: 16, off: 32, sect: 36, name: 39, least: 39}
	procSTLayout = codeLayout{kind: KindProcedure, end: 8, size: 16, off: 32, sect: 36, name: 39, least: 40, counted: true}
)

// firstCodeLayout is the least kind in codeLayouts; the table is by kind since
// every record of a walk asks it.
const firstCodeLayout = symThunk32

var codeLayouts = [...]*codeLayout{
	symLProc32 - firstCodeLayout:      &procLayout,
	symGProc32 - firstCodeLayout:      &procLayout,
	symLProc32ID - firstCodeLayout:    &procLayout,
	symGProc32ID - firstCodeLayout:    &procLayout,
	symLProc32DPC - firstCodeLayout:   &procLayout,
	symLProc32DPCID - firstCodeLayout: &procLayout,
	symThunk32 - firstCodeLayout:      {kind: KindThunk, end: 8, off: 16, sect: 20, size: 22, size16: true, name: 25, least: 25},
	symSepCode - firstCodeLayout:      {kind: KindSeparated, end: 8, size: 12, off: 20, sect: 28, least: 32},
	symTrampoline - firstCodeLayout:   {kind: KindTrampoline, size: 6, size16: true, off: 8, sect: 16, least: 20},
}

// oldCodeLayouts are those of Visual C++ 6 and before.
var oldCodeLayouts = map[uint16]*codeLayout{
	symLProc32ST: &procSTLayout,
	symGProc32ST: &procSTLayout,
	symThunk32ST: {kind: KindThunk, end: 8, off: 16, sect: 20, size: 22, size16: true, name: 25, least: 26, counted: true},
}

// layoutOf returns nil for records that do not describe code.
func layoutOf(kind uint16) *codeLayout {
	if kind >= firstCodeLayout {
		if i := int(kind - firstCodeLayout); i < len(codeLayouts) {
			return codeLayouts[i]
		}
		return nil
	}
	if kind >= symThunk32ST && kind <= symGProc32ST {
		return oldCodeLayouts[kind]
	}
	return nil
}

// role says what a record inside of a procedure does to the nesting.
type role uint8

const (
	roleNone          role = iota
	roleOpens              // begins a scope which a record of roleCloses ends
	roleCloses             // ends a scope
	roleInlineSite         // begins an inline site
	roleInlineSiteEnd      // ends one
)

// firstRole is the least kind in roles, which is a table by kind since every
// record of a look-up asks it.
const firstRole = symThunk32

var roles = [...]role{
	symThunk32 - firstRole:       roleOpens,
	symBlock32 - firstRole:       roleOpens,
	symWith32 - firstRole:        roleOpens,
	symLProc32 - firstRole:       roleOpens,
	symGProc32 - firstRole:       roleOpens,
	symSepCode - firstRole:       roleOpens,
	symLProc32ID - firstRole:     roleOpens,
	symGProc32ID - firstRole:     roleOpens,
	symInlineSite - firstRole:    roleInlineSite,
	symInlineSiteEnd - firstRole: roleInlineSiteEnd,
	symProcIDEnd - firstRole:     roleCloses,
	symLProc32DPC - firstRole:    roleOpens,
	symLProc32DPCID - firstRole:  roleOpens,
	symInlineSite2 - firstRole:   roleInlineSite,
}

func roleOf(kind uint16) role {
	switch i := int(kind) - firstRole; {
	case i >= len(roles):
		return roleNone
	case i >= 0:
		return roles[i]
	case kind == symEnd:
		return roleCloses
	case oldCodeLayouts[kind] != nil:
		return roleOpens
	}
	return roleNone
}

func recordKind(rec []byte) uint16 { return binary.LittleEndian.Uint16(rec[2:]) }

// text returns the name in a record.
func (l *codeLayout) text(rec []byte) []byte {
	if l.name == 0 || len(rec) < int(l.least) {
		return nil
	}
	return nameBytes(rec, int(l.name), l.counted)
}

// nameBytes returns the name at an offset of a record, without padding.
func nameBytes(rec []byte, at int, counted bool) []byte {
	if at >= len(rec) {
		return nil
	}
	name := rec[at:]
	if counted {
		return name[1:min(len(name), 1+int(name[0]))]
	}
	if i := bytes.IndexByte(name, 0); i >= 0 {
		name = name[:i]
	}
	return name
}
