package pdb

import "encoding/binary"

// An id with its top bit set is another module's: 11 bits number that module
// in the module's cross scope imports, 20 bits the id among those imported
// from it.
const (
	crossScopeFlag  = 1 << 31
	crossScopeShift = 20
	crossScopeIDs   = 1<<crossScopeShift - 1
	crossScopeMods  = 1<<11 - 1

	crossScopeFetch = 1 << 10 // bytes read at a time
)

// globalID turns an imported id into one of the IPI stream; 0 where the import
// leads nowhere.
func (f *File) globalID(x *moduleIndex, id uint32) uint32 {
	module, local, ok := x.importedID(id>>crossScopeShift&crossScopeMods, id&crossScopeIDs)
	if !ok {
		return 0
	}
	numbers := f.moduleNumbers()
	number, ok := numbers[f.stringAt(module)]
	if !ok {
		return 0
	}
	l, _ := f.layout()
	s, err := f.moduleStream(&l.modules[number])
	if s == nil || err != nil {
		return 0
	}
	return exportedID(s, l.modules[number].lines(s), local)
}

// readModuleNumbers finds the modules' indices by their names.
func (f *File) readModuleNumbers() map[string]int {
	numbers := map[string]int{}
	for m := range f.Modules() {
		numbers[m.Name()] = m.Index()
	}
	return numbers
}

// importedID reads the nth import block: which module it names, by an offset in
// /names, and that module's own number for the id.
func (x *moduleIndex) importedID(nth, index uint32) (module, local uint32, ok bool) {
	var w window
	w.reset(x.stream, x.imports.off+x.imports.size, crossScopeFetch)
	for off := uint64(x.imports.off); off < uint64(w.limit); nth-- {
		head := w.at(uint32(off), 8)
		if head == nil {
			return 0, 0, false
		}
		module, count := binary.LittleEndian.Uint32(head), binary.LittleEndian.Uint32(head[4:])
		if nth == 0 {
			if index >= count {
				return 0, 0, false
			}
			b := w.at(uint32(off)+8+4*index, 4)
			if b == nil {
				return 0, 0, false
			}
			return module, binary.LittleEndian.Uint32(b), true
		}
		off += 8 + 4*uint64(count)
	}
	return 0, 0, false
}

// exportedID looks a module's own number of an id up in its cross scope
// exports.
func exportedID(s *Stream, part substream, local uint32) uint32 {
	var w window
	w.reset(s, part.off+part.size, crossScopeFetch)
	for off := part.off; off < w.limit; {
		head := w.at(off, 8)
		if head == nil {
			return 0
		}
		kind, size := binary.LittleEndian.Uint32(head), binary.LittleEndian.Uint32(head[4:])
		off += 8
		if kind == c13CrossScopeExports {
			for end := off + min(size, w.limit-off); off+8 <= end; off += 8 {
				if b := w.at(off, 8); b != nil && binary.LittleEndian.Uint32(b) == local {
					return binary.LittleEndian.Uint32(b[4:])
				}
			}
			return 0
		}
		next := uint64(part.off) + (uint64(off-part.off)+uint64(size)+3)&^3
		if next > uint64(w.limit) {
			return 0
		}
		off = uint32(next)
	}
	return 0
}
