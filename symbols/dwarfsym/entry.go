package dwarfsym

import "debug/dwarf"

// entry is what is of use of a debugging information entry. An attribute that
// it does not have has form 0.
type entry struct {
	tag      dwarf.Tag
	children bool

	name, linkageName      value
	lowPC, highPC, ranges  value
	specification, origin  value
	callFile, callLine     value
	stmtList, compDir      value
	strOffsetsBase         value
	addrBase, rngListsBase value
	language, dwoName      value
}

// slot returns where an attribute goes.
func (e *entry) slot(attr dwarf.Attr) *value {
	switch attr {
	case dwarf.AttrName:
		return &e.name
	case dwarf.AttrLinkageName, attrMIPSLinkageName:
		return &e.linkageName
	case dwarf.AttrLowpc:
		return &e.lowPC
	case dwarf.AttrHighpc:
		return &e.highPC
	case dwarf.AttrRanges:
		return &e.ranges
	case dwarf.AttrSpecification:
		return &e.specification
	case dwarf.AttrAbstractOrigin:
		return &e.origin
	case dwarf.AttrCallFile:
		return &e.callFile
	case dwarf.AttrCallLine:
		return &e.callLine
	case dwarf.AttrStmtList:
		return &e.stmtList
	case dwarf.AttrCompDir:
		return &e.compDir
	case dwarf.AttrStrOffsetsBase:
		return &e.strOffsetsBase
	case dwarf.AttrAddrBase, attrGNUAddrBase:
		return &e.addrBase
	case dwarf.AttrRnglistsBase:
		return &e.rngListsBase
	case dwarf.AttrLanguage:
		return &e.language
	case dwarf.AttrDwoName, attrGNUDwoName:
		return &e.dwoName
	}
	return nil
}

// Attributes that debug/dwarf does not name.
const (
	attrMIPSLinkageName dwarf.Attr = 0x2007 // DW_AT_MIPS_linkage_name, before DWARF 4
	attrGNUDwoName      dwarf.Attr = 0x2130 // DW_AT_GNU_dwo_name
	attrGNUAddrBase     dwarf.Attr = 0x2133 // DW_AT_GNU_addr_base
)

// read reads the attributes of an entry.
func (e *entry) read(r *reader, ab *abbrev, s shape, base uint64) {
	*e = entry{tag: ab.tag, children: ab.children}
	for i := range ab.fields {
		f := &ab.fields[i]
		v := s.read(r, f.form, f.enc, base)
		if f.form == formImplicitConst {
			v = value{formSdata, uint64(f.implicit)}
		}
		if slot := e.slot(f.attr); slot != nil {
			*slot = v
		}
		if r.bad {
			return
		}
	}
}
