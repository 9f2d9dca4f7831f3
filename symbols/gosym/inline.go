package gosym

import "encoding/binary"

// inlineTree reads the calls that were inlined into a function.
type inlineTree struct {
	t      *Table
	f      *function
	layout *inlineLayout
	at     int64 // RVA of the tree; 0 if it cannot be read
}

// inlinedCall is an entry of the tree.
type inlinedCall struct {
	name string
	// parentPC is an RVA whose line is that of the call, in the function that
	// has it.
	parentPC uint32
}

// inlines returns the function's tree, nil if it has none.
func (t *Table) inlines(f *function) *inlineTree {
	layouts := t.header.version.info.inlines
	for i := range layouts {
		l := &layouts[i]
		if l.pcData >= len(f.pcData) || l.funcData >= len(f.funcData) || f.pcData[l.pcData] == 0 {
			continue
		}
		tree := &inlineTree{t: t, f: f, layout: l, at: t.funcDataAt(f.funcData[l.funcData])}
		if tree.at == 0 && len(layouts) > 1 {
			continue // not of the release that has this layout
		}
		if _, ok := tree.call(0); ok || len(layouts) == 1 {
			return tree
		}
	}
	return nil
}

// funcDataAt returns the RVA of a function's data: an offset from 1.18 on, an
// address before.
func (t *Table) funcDataAt(v uint64) int64 {
	switch {
	case !t.header.version.relative:
		return int64(rva(v, t.base))
	case t.gofunc == 0 || v == 1<<32-1:
		return 0
	}
	return int64(t.gofunc) + int64(v)
}

// index returns which inlined call an RVA belongs to.
func (tr *inlineTree) index(rva uint32) (int32, bool) {
	if tr == nil {
		return 0, false
	}
	i, ok := tr.t.pcValue(tr.f, tr.f.pcData[tr.layout.pcData], rva)
	return i, ok && i >= 0
}

// call reads an entry of the tree.
func (tr *inlineTree) call(index int32) (inlinedCall, bool) {
	if tr.at == 0 {
		return inlinedCall{}, false
	}
	entry := make([]byte, tr.layout.size)
	if !tr.t.mem.read(entry, tr.at+int64(index)*tr.layout.size) {
		return inlinedCall{}, false
	}
	name := tr.t.header.funcNames + int64(binary.LittleEndian.Uint32(entry[tr.layout.name:]))
	parent := binary.LittleEndian.Uint32(entry[tr.layout.parentPC:])
	s, ok := tr.t.cstring(name)
	if !ok || s == "" || parent > 1<<31 {
		return inlinedCall{}, false
	}
	return inlinedCall{s, tr.f.entry + parent}, true
}
