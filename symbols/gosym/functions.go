package gosym

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// functionEntry is an entry of the list of functions.
type functionEntry struct {
	rva    uint32
	offset uint32 // of the function's record
}

// functionTable is the list of functions. Where it has holes, the function
// before one has no known end.
type functionTable struct {
	entries []functionEntry
	holes   map[int]bool // after the entry with this index
}

// readFunctions reads the list. Its last entry has the end of the code alone.
func (t *Table) readFunctions() *functionTable {
	h := &t.header
	list := &functionTable{holes: map[int]bool{}}
	size := int64(2 * h.entrySize())
	end := h.entries + int64(h.count)*size
	buf := make([]byte, pageSize)
	for at := h.entries; at < end; {
		want := min(int64(len(buf)), end-at) / size * size
		n, _ := t.mem.r.ReadAt(buf[:want], at)
		whole := int64(n) / size * size
		for i := int64(0); i < whole; i += size {
			t.addEntry(list, buf[i:i+size])
		}
		at += whole
		if whole < want {
			list.holes[len(list.entries)-1] = true
			at = t.behindHole(at, size)
		}
	}
	if last, ok := t.mem.uint32(end); ok && h.version.relative {
		list.entries = append(list.entries, functionEntry{rva: t.text + last, offset: noRecord})
	}
	return list
}

// noRecord marks the end of the code.
const noRecord = 1<<32 - 1

// behindHole returns the first entry that is wholly on another page.
func (t *Table) behindHole(at, size int64) int64 {
	page := (at | (pageSize - 1)) + 1
	return at + (page-at+size-1)/size*size
}

func (t *Table) addEntry(list *functionTable, b []byte) {
	size := t.header.entrySize()
	pc, offset := word(b, size), word(b[size:], size)
	if !t.header.version.relative {
		pc -= t.base
	} else {
		pc += uint64(t.text)
	}
	if pc < 1<<32 && offset < noRecord {
		list.entries = append(list.entries, functionEntry{uint32(pc), uint32(offset)})
	}
}

// find returns the function that begins last at or before an RVA, and whether
// it is known to reach up to the next.
func (l *functionTable) find(rva uint32) (e functionEntry, known, ok bool) {
	i, exact := slices.BinarySearchFunc(l.entries, rva, func(e functionEntry, rva uint32) int { return cmp.Compare(e.rva, rva) })
	if !exact {
		i--
	}
	if i < 0 || l.entries[i].offset == noRecord {
		return functionEntry{}, false, false
	}
	return l.entries[i], !l.holes[i] && i+1 < len(l.entries), true
}

// function is a function's record, runtime._func, with what of it is of use.
type function struct {
	entry          uint32 // RVA
	name           string
	pcFile, pcLine uint32 // tables, as offsets
	cuOffset       uint32
	pcData         []uint32
	funcData       []uint64
}

// readFunction reads a record.
func (t *Table) readFunction(e functionEntry) (*function, bool) {
	h, layout := &t.header, &t.header.version.info
	at := h.infos + int64(e.offset) + int64(h.entrySize())
	fixed := make([]byte, layout.numFuncData+1)
	if !t.mem.read(fixed, at) {
		return nil, false
	}
	field := func(off int) uint32 { return binary.LittleEndian.Uint32(fixed[off:]) }
	name, ok := t.cstring(h.funcNames + int64(field(layout.name)))
	if !ok {
		return nil, false
	}
	f := &function{entry: e.rva, name: name, pcFile: field(layout.pcFile), pcLine: field(layout.pcLine)}
	if layout.cuOffset != none {
		f.cuOffset = field(layout.cuOffset)
	}
	t.readArrays(f, at+int64(len(fixed)), field(layout.numPCData), fixed[layout.numFuncData])
	return f, true
}

// maxTables is more than any release's compiler writes for a function.
const maxTables = 64

// readArrays reads the arrays behind a record. The second has offsets, or up to
// 1.17 pointers, which are aligned.
func (t *Table) readArrays(f *function, at int64, numPCData uint32, numFuncData byte) {
	if numPCData > maxTables || numFuncData > maxTables {
		return
	}
	size := t.header.entrySize()
	pcData := make([]byte, 4*numPCData)
	if !t.mem.read(pcData, at) {
		return
	}
	f.pcData, f.funcData = make([]uint32, 0, numPCData), make([]uint64, 0, numFuncData)
	for i := 0; i < len(pcData); i += 4 {
		f.pcData = append(f.pcData, binary.LittleEndian.Uint32(pcData[i:]))
	}
	at += int64(len(pcData))
	at += (t.header.at - at) & int64(size-1)
	funcData := make([]byte, size*int(numFuncData))
	if !t.mem.read(funcData, at) {
		return
	}
	for i := 0; i < len(funcData); i += size {
		f.funcData = append(f.funcData, word(funcData[i:], size))
	}
}

// size returns the bytes that the record takes, up to the next.
func (f *function) size(h *header) uint64 {
	n := h.entrySize() + h.version.info.numFuncData + 1 + 4*len(f.pcData)
	n = align(n, h.entrySize()) + h.entrySize()*len(f.funcData)
	return uint64(align(n, h.ptrSize))
}

func align(n, to int) int { return (n + to - 1) &^ (to - 1) }
