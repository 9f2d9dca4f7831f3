package dwarfsym

import (
	"cmp"
	"slices"
	"strings"
)

// Languages whose linkage names say more than the qualified ones, DW_LANG_*.
const (
	langD     = 0x13
	langRust  = 0x1c
	langSwift = 0x1e
)

// maxReferences is how many entries a name may be away.
const maxReferences = 16

// How the names of what has none are written.
const (
	anonymous    = "(anonymous namespace)"
	unnamedType  = "{unnamed}"
	lambdaType   = "{lambda}"
	callOperator = "operator()"
)

// functionName returns the name of a function's entry, which mostly leads to
// others: from code to the function itself, and on to its declaration.
func (f *File) functionName(x *index, u *unit, off uint64) string {
	return f.nameWithin(x, u, off, 0)
}

// nameWithin names a function that depth others stand around.
func (f *File) nameWithin(x *index, u *unit, off uint64, depth int) string {
	var linkage string
	for range maxReferences {
		t := f.tree(u)
		e, ok := f.entryAt(u, t, off)
		if !ok {
			return linkage
		}
		if linkage == "" {
			linkage = f.stringOf(u, e.linkageName)
		}
		if name := f.stringOf(u, e.name); name != "" {
			return f.chooseName(x, entryPlace{u, t, off, depth, name}, linkage)
		}
		ref := e.origin
		if ref.form == 0 {
			ref = e.specification
		}
		if off, ok = u.reference(ref); !ok {
			return linkage
		}
		if off < u.first || off >= u.end {
			if u = x.unitAt(off); u == nil {
				return linkage
			}
		}
	}
	return linkage
}

// entryPlace is an entry, which depth functions stand around of which the names
// are made.
type entryPlace struct {
	u     *unit
	t     *tree
	off   uint64
	depth int
	name  string
}

// chooseName returns the qualified name of an entry, or its linkage name.
func (f *File) chooseName(x *index, p entryPlace, linkage string) string {
	switch p.u.language {
	case langD, langRust, langSwift:
		if linkage != "" {
			return linkage
		}
	}
	prefix, whole := f.prefix(x, p)
	if !whole && linkage != "" {
		return linkage
	}
	return prefix + p.name
}

// maxNested is how many functions may stand around one.
const maxNested = 4

// prefix returns what stands before the name of an entry, and whether all of it
// has a name: types without one, and those in a function, are no place that can
// be written down.
func (f *File) prefix(x *index, p entryPlace) (prefix string, whole bool) {
	var names []string
	whole = true
	at, ok := p.t.scopeAt(p.off)
	for ok && at.parent != 0 && len(names) < maxReferences {
		if at, ok = p.t.scopeAt(at.parent); !ok {
			break
		}
		if at.kind == scopeFunction {
			whole = false
			if p.depth < maxNested {
				names = append(names, f.nameWithin(x, p.u, at.off, p.depth+1))
			}
			break
		}
		e, _ := f.entryAt(p.u, p.t, at.off)
		name := f.stringOf(p.u, e.name)
		switch {
		case name == "" && at.kind == scopeNamespace:
			name = anonymous
		case name == "":
			whole, name = false, unnamedType
			if p.name == callOperator {
				name = lambdaType
			}
		}
		names = append(names, name)
	}
	slices.Reverse(names)
	if len(names) > 0 {
		prefix = strings.Join(names, "::") + "::"
	}
	return prefix, whole
}

func (t *tree) scopeAt(off uint64) (scope, bool) {
	i, found := slices.BinarySearchFunc(t.scopes, off, func(s scope, off uint64) int { return cmp.Compare(s.off, off) })
	if !found {
		return scope{}, false
	}
	return t.scopes[i], true
}

// entryAt reads a single entry.
func (f *File) entryAt(u *unit, t *tree, off uint64) (e entry, ok bool) {
	for n := int64(128); ; n *= 16 {
		b := f.sections.info.read(off, min(n, int64(u.end-off)))
		r := reader{b: b}
		ab := t.abbrevs.get(r.uleb())
		if ab == nil {
			return entry{}, false
		}
		if e.read(&r, ab, u.shape, off); !r.bad {
			return e, true
		}
		if int64(len(b)) < n || n > maxString {
			return entry{}, false
		}
	}
}

// reference returns the offset of the entry that an attribute refers to. Those
// to other files, and to type units, are none.
func (u *unit) reference(v value) (uint64, bool) {
	switch v.form {
	case formRef1, formRef2, formRef4, formRef8, formRefUdata:
		off := u.off + v.n
		return off, v.n < u.end-u.off && off >= u.first
	case formRefAddr:
		return v.n, true
	}
	return 0, false
}

// stringOf returns the value of an attribute that is a string, "" if it is
// none.
func (f *File) stringOf(u *unit, v value) string {
	s := f.sections
	switch v.form {
	case formString:
		return s.info.string(v.n)
	case formStrp:
		return s.str.string(v.n)
	case formLineStrp:
		return s.lineStr.string(v.n)
	case formStrx, formStrx1, formStrx2, formStrx3, formStrx4, formGNUStrIndex:
		if v.n > 1<<32 {
			return ""
		}
		size := uint64(u.offsetSize)
		r := reader{b: s.strOffsets.read(u.strOffsetsBase+v.n*size, int64(size))}
		if off := r.uint(int(size)); !r.bad {
			return s.str.string(off)
		}
	}
	return ""
}
