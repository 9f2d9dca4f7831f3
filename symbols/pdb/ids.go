package pdb

import (
	"encoding/binary"
	"sort"
	"sync"
)

// Kinds of type and id records, as LEAF_ENUM_e in cvinfo.h.
const (
	leafClass     = 0x1504
	leafStructure = 0x1505
	leafUnion     = 0x1506
	leafEnum      = 0x1507
	leafInterface = 0x1519
	leafFuncID    = 0x1601
	leafMFuncID   = 0x1602
	leafSubstrs   = 0x1604
	leafStringID  = 0x1605

	leafNumeric = 0x8000 // a 16-bit number from here on says how long the number behind it is
)

// numericSizes are the lengths of numbers behind LF_CHAR and those that follow.
var numericSizes = map[uint16]int{
	0x8000: 1, 0x8001: 2, 0x8002: 2, 0x8003: 4, 0x8004: 4, 0x8009: 8, 0x800a: 8,
}

// typeStream is the TPI or the IPI stream: records numbered from first on,
// found by a sparse table and a short walk.
type typeStream struct {
	once    sync.Once
	slot    int // 0: TPI, 1: IPI
	stream  *Stream
	first   uint32 // number of the first record
	end     uint32 // number behind the last
	records substream
	index   []typeOffset
	err     error
}

// typeOffset says where a record is.
type typeOffset struct {
	number uint32
	off    uint32 // from the first record
}

const (
	typeHeaderSize = 56
	typeIndexStep  = 8 << 10 // bytes between the entries of an index of our own
)

// types opens the TPI or IPI stream.
func (f *File) types(number uint32) (*typeStream, error) {
	t := &f.tpi
	slot := 0
	if number == streamIPI {
		t, slot = &f.ipi, 1
	}
	t.once.Do(func() { t.slot, t.err = slot, t.open(f, number) })
	return t, t.err
}

func (t *typeStream) open(f *File, number uint32) error {
	var err error
	if t.stream, err = f.stream(number, "type stream"); err != nil {
		return err
	}
	head, err := t.stream.bytes(nil, 0, typeHeaderSize)
	if err != nil {
		return err
	}
	t.first, t.end = binary.LittleEndian.Uint32(head[8:]), binary.LittleEndian.Uint32(head[12:])
	off := min(binary.LittleEndian.Uint32(head[4:]), t.stream.size)
	t.records = substream{off, min(binary.LittleEndian.Uint32(head[16:]), t.stream.size-off)}
	hash := uint32(binary.LittleEndian.Uint16(head[20:]))
	part := substream{binary.LittleEndian.Uint32(head[40:]), binary.LittleEndian.Uint32(head[44:])}
	if t.index = f.readTypeIndex(hash, part); !t.indexUsable() {
		t.index, err = t.buildIndex()
	}
	return err
}

// readTypeIndex reads the table that linkers write: the place of a record every
// 8 KiB or so.
func (f *File) readTypeIndex(hash uint32, part substream) []typeOffset {
	s, err := f.stream(hash, "type hash stream")
	if err != nil || part.size == 0 {
		return nil
	}
	data, err := s.bytes(nil, part.off, part.size&^7)
	if err != nil {
		return nil
	}
	index := make([]typeOffset, len(data)/8)
	for i := range index {
		index[i] = typeOffset{binary.LittleEndian.Uint32(data[8*i:]), binary.LittleEndian.Uint32(data[8*i+4:])}
	}
	return index
}

// indexUsable tells whether the table begins with the first record, ascends,
// and is dense enough to be of use.
func (t *typeStream) indexUsable() bool {
	last := typeOffset{t.first, 0}
	for i, e := range t.index {
		if e.number < last.number || e.off < last.off || i == 0 && e != last || e.off-last.off > 16*typeIndexStep {
			return false
		}
		last = e
	}
	return len(t.index) > 0 && t.records.size-min(t.records.size, last.off) <= 16*typeIndexStep
}

func (t *typeStream) buildIndex() ([]typeOffset, error) {
	var w window
	w.reset(t.stream, t.records.off+t.records.size, scanWindow)
	index := []typeOffset{{t.first, 0}}
	number := t.first
	for off := t.records.off; off < w.limit; number++ {
		head := w.at(off, 4)
		if head == nil {
			return index, w.err
		}
		if rel := off - t.records.off; rel-index[len(index)-1].off >= typeIndexStep {
			index = append(index, typeOffset{number, rel})
		}
		off += 2 + uint32(binary.LittleEndian.Uint16(head))
	}
	return index, nil
}

// typeRecord reads a record by its number, without its length field; nil if there
// is none. It is valid as long as the buffer is left alone.
func (f *File) typeRecord(sc *scratch, t *typeStream, number uint32) []byte {
	if number < t.first || number >= t.end {
		return nil
	}
	i := sort.Search(len(t.index), func(i int) bool { return t.index[i].number > number }) - 1
	if i < 0 {
		return nil
	}
	block := f.typeBlock(sc, t, i)
	n := number - t.index[i].number
	if uint64(n)+1 >= uint64(len(block)) || block[n+1]-block[n] < 2 {
		return nil
	}
	rec, err := t.stream.bytes(sc.types, t.records.off+t.index[i].off+block[n]+2, block[n+1]-block[n]-2)
	if err != nil {
		return nil
	}
	sc.types = rec
	return rec
}

// typeBlock holds the offsets of the records from the nth entry of a type
// stream's index to the next, counted from the first of them, and of what is
// behind the last.
type typeBlock struct {
	n       int
	offsets []uint32 // nil: there is none
}

// typeBlock returns the nth block's offsets. The last one of either stream is
// at hand, since neighbours are asked for together.
func (f *File) typeBlock(sc *scratch, t *typeStream, n int) []uint32 {
	last := &sc.blocks[t.slot]
	if last.offsets == nil || last.n != n {
		*last = typeBlock{n, f.sharedTypeBlock(sc, t, n)}
	}
	return last.offsets
}

func (f *File) sharedTypeBlock(sc *scratch, t *typeStream, n int) []uint32 {
	start, limit := t.index[n].off, t.records.size
	if n+1 < len(t.index) {
		limit = min(limit, t.index[n+1].off)
	}
	key := tableKey(t.stream, start)
	if e, ok := f.tables.Get(key); ok && e.types != nil {
		return e.types
	}
	w := &sc.window
	w.reset(t.stream, t.records.off+limit, typeIndexStep)
	off := t.records.off + min(start, limit)
	block := []uint32{0}
	for {
		head := w.at(off, 4)
		if head == nil {
			break
		}
		off += 2 + uint32(binary.LittleEndian.Uint16(head))
		block = append(block, off-t.records.off-start)
	}
	f.tables.Put(key, table{types: block}, 64+4*len(block))
	return block
}

// inlineeName returns the qualified name of an inlined function, as LF_FUNC_ID
// or LF_MFUNC_ID give it: no parameters.
func (f *File) inlineeName(sc *scratch, x *moduleIndex, id uint32) string {
	if id&crossScopeFlag != 0 {
		id = f.globalID(x, id)
	}
	ipi, err := f.types(streamIPI)
	if err != nil {
		return ""
	}
	rec := f.typeRecord(sc, ipi, id)
	if len(rec) < 10 {
		return ""
	}
	kind, scope := binary.LittleEndian.Uint16(rec), binary.LittleEndian.Uint32(rec[2:])
	if kind != leafFuncID && kind != leafMFuncID {
		return ""
	}
	name := string(nameBytes(rec, 10, false))
	if outer := f.scopeName(sc, kind, scope); outer != "" {
		return outer + "::" + name
	}
	return name
}

// scopeName returns the namespace of an LF_FUNC_ID or the class of an
// LF_MFUNC_ID. The last one is at hand, since neighbours share it.
func (f *File) scopeName(sc *scratch, kind uint16, scope uint32) string {
	if last := &sc.scope; last.kind == kind && last.id == scope {
		return last.name
	}
	var name string
	switch kind {
	case leafFuncID:
		name = f.idString(sc, scope, 0)
	case leafMFuncID:
		name = f.typeName(sc, scope)
	}
	sc.scope = idScope{kind, scope, name}
	return name
}

// idScope is what an inlined function belongs to.
type idScope struct {
	kind uint16 // of the function's record
	id   uint32
	name string
}

// maxStringLists bounds how lists of strings may stand in lists.
const maxStringLists = 4

// idString reads an LF_STRING_ID, with the strings that it goes on from.
func (f *File) idString(sc *scratch, id uint32, depth int) string {
	ipi, err := f.types(streamIPI)
	if err != nil || id == 0 || depth > maxStringLists {
		return ""
	}
	rec := f.typeRecord(sc, ipi, id)
	if len(rec) < 6 {
		return ""
	}
	switch binary.LittleEndian.Uint16(rec) {
	case leafStringID:
		list, s := binary.LittleEndian.Uint32(rec[2:]), string(nameBytes(rec, 6, false))
		return f.idString(sc, list, depth+1) + s
	case leafSubstrs:
		var s string
		ids := append([]byte(nil), rec[6:]...)
		for count := binary.LittleEndian.Uint32(rec[2:]); count > 0 && len(ids) >= 4 && len(s) < maxName; count-- {
			s += f.idString(sc, binary.LittleEndian.Uint32(ids), depth+1)
			ids = ids[4:]
		}
		return s
	}
	return ""
}

// typeNames says at what offset of a record of the TPI stream, counted from its
// kind, the name is, or a number that stands before the name.
var typeNames = map[uint16]struct {
	at      int
	numeric bool
}{
	leafClass:     {18, true},
	leafStructure: {18, true},
	leafInterface: {18, true},
	leafUnion:     {10, true},
	leafEnum:      {14, false},
}

// typeName returns the name of a class, struct, union, interface or enum.
func (f *File) typeName(sc *scratch, number uint32) string {
	tpi, err := f.types(streamTPI)
	if err != nil {
		return ""
	}
	rec := f.typeRecord(sc, tpi, number)
	if len(rec) < 2 {
		return ""
	}
	l, ok := typeNames[binary.LittleEndian.Uint16(rec)]
	if !ok || l.at+2 > len(rec) {
		return ""
	}
	if l.numeric {
		if v := binary.LittleEndian.Uint16(rec[l.at:]); v >= leafNumeric {
			l.at += numericSizes[v]
		}
		l.at += 2
	}
	return string(nameBytes(rec, l.at, false))
}
