package dwarfsym

import "debug/dwarf"

// abbrev is an abbreviation: the kind of an entry and which attributes it has.
type abbrev struct {
	tag      dwarf.Tag
	children bool
	fields   []field
}

// field is an attribute and its form.
type field struct {
	attr     dwarf.Attr
	form     form
	enc      formEncoding
	implicit int64 // the value, of formImplicitConst
}

// abbrevs are the abbreviations of a unit. Compilers number them from 1 on.
type abbrevs struct {
	list   []abbrev
	others map[uint64]abbrev
}

func (a *abbrevs) get(code uint64) *abbrev {
	if code-1 < uint64(len(a.list)) {
		return &a.list[code-1]
	}
	if other, ok := a.others[code]; ok {
		return &other
	}
	return nil
}

// maxAbbrevs bounds the bytes of a unit's abbreviations.
const maxAbbrevs = 4 << 20

// readAbbrevs reads abbreviations up to the end of the list, or up to the one
// with the code until if that is not 0. It also returns how many bytes it read.
func readAbbrevs(s *section, off uint64, until uint64) (*abbrevs, int64) {
	a := &abbrevs{}
	for size := int64(1 << 10); ; size *= 16 {
		r := reader{b: s.read(off, min(size, maxAbbrevs))}
		*a = abbrevs{}
		whole := a.readList(&r, until)
		if whole || size >= maxAbbrevs || int64(len(r.b)) < size {
			return a, int64(r.off)
		}
	}
}

// readList is true where the list ended before the bytes did.
func (a *abbrevs) readList(r *reader, until uint64) bool {
	for {
		code := r.uleb()
		if code == 0 || r.bad {
			return !r.bad
		}
		ab := abbrev{tag: dwarf.Tag(r.uleb()), children: r.uint8() != 0}
		for {
			f := field{attr: dwarf.Attr(r.uleb()), form: form(r.uleb())}
			if f.form == formImplicitConst {
				f.implicit = r.sleb()
			}
			if r.bad || f.attr == 0 && f.form == 0 {
				break
			}
			f.enc = formEncodings[f.form]
			ab.fields = append(ab.fields, f)
		}
		if r.bad {
			return false
		}
		a.add(code, ab)
		if code == until {
			return true
		}
	}
}

func (a *abbrevs) add(code uint64, ab abbrev) {
	if code == uint64(len(a.list))+1 {
		a.list = append(a.list, ab)
		return
	}
	if a.others == nil {
		a.others = map[uint64]abbrev{}
	}
	if _, ok := a.others[code]; !ok {
		a.others[code] = ab
	}
}
