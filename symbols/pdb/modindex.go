package pdb

import (
	"cmp"
	"encoding/binary"
	"slices"
	"sort"
	"sync/atomic"
)

// moduleIndex is what is kept of a module's stream: where its procedures and
// its line fragments are, and what the procedures are called. Inline sites and
// lines are read when an address asks for them.
type moduleIndex struct {
	stream    *Stream
	syms      substream
	procs     []proc              // in the order of their places
	procSpans []span              // ids are indices in procs; nil where no procedures overlap
	procOffs  []uint32            // their offsets once more, close together, if all are in one section
	names     string              // of the procedures, end to end
	separated map[uint32]procBody // of each S_SEPCODE, by the offset of its record

	fragments []fragment // in the order of their places
	fragSpans []span     // as procSpans

	inlinees     []inlinee // in the order of their ids
	inlineeNames []lazyNames

	checksums substream // the file checksums in stream
	files     []byte    // the file checksums themselves, unless they are long
	fileNames []lazyString
	imports   substream // cross scope imports

	used   atomic.Bool // since the cache last looked
	damage error       // the first thing that could not be read
}

// lazyString is a string that is read when it is first asked for. Goroutines
// may ask at once; all get the same text.
type lazyString struct{ p atomic.Pointer[string] }

func (l *lazyString) get(read func() string) string {
	if s := l.p.Load(); s != nil {
		return *s
	}
	s := read()
	l.p.Store(&s)
	return s
}

// proc is a procedure, thunk, trampoline or separated piece of code.
type proc struct {
	off     uint32
	end     uint32
	sym     uint32    // offset of its record in the stream
	scope   uint32    // bytes from there to the end of its scope; without one, of the record
	name    uint32    // offset in names
	lines   lineTable // the one that begins where it does; without one, empty
	nameLen uint16
	sect    uint16
	kind    Kind
}

func (p proc) place() place { return place{p.sect, p.off} }

// cost is the memory that the index takes, roughly.
func (x *moduleIndex) cost() int {
	return 512 + len(x.files) + (36+4)*cap(x.procs) + 16*cap(x.procSpans) +
		20*cap(x.fragments) + 16*cap(x.fragSpans) + (12+usualName)*cap(x.inlinees) +
		8*cap(x.fileNames) + len(x.names)
}

func (f *File) buildIndex(m *moduleInfo) *moduleIndex {
	x := &moduleIndex{}
	x.stream, x.damage = f.moduleStream(m)
	if x.stream == nil {
		return x
	}
	x.syms = m.symbols(x.stream)
	sc := f.takeScratch()
	defer f.giveScratch(sc)
	x.scanSymbols(sc)
	x.scanLines(&sc.window, m.lines(x.stream))
	x.linkFragments()
	return x
}

// scanSymbols finds the records that describe code. It leaps over the insides
// of scopes where their end is as it should be.
func (x *moduleIndex) scanSymbols(sc *scratch) {
	w, limit := &sc.window, x.syms.off+x.syms.size
	w.reset(x.stream, limit, scanWindow)
	procs, names := sc.procs[:0], sc.names[:0]
	var pieces []separatedPiece
	for off := x.syms.off; off < limit; {
		rec, next := w.record(off)
		if rec == nil {
			x.fail(w, off, "a symbol record")
			break
		}
		l := layoutOf(recordKind(rec))
		if l == nil || len(rec) < int(l.least) {
			off = next
			continue
		}
		p := proc{
			off:   binary.LittleEndian.Uint32(rec[l.off:]),
			sect:  binary.LittleEndian.Uint16(rec[l.sect:]),
			sym:   off,
			scope: next - off,
			kind:  l.kind,
		}
		size := l.length(rec)
		if l.kind == KindSeparated {
			pieces = append(pieces, separatedPiece{off, parentPlace(rec)})
		}
		name := l.text(rec)
		p.name, p.nameLen = uint32(len(names)), uint16(len(name))
		names = append(names, name...)
		if l.end != 0 {
			next, p.scope = w.afterScope(off, binary.LittleEndian.Uint32(rec[l.end:]), next)
		}
		// Section 0 has what the linker threw away.
		if size > 0 && p.sect != 0 {
			p.end = endOf(p.off, size)
			procs = append(procs, p)
		}
		off = next
	}
	x.names = string(names)
	x.setProcs(slices.Clone(procs))
	sc.procs, sc.names = procs, names
	x.setSeparated(pieces)
}

func (l *codeLayout) length(rec []byte) uint32 {
	if l.size16 {
		return uint32(binary.LittleEndian.Uint16(rec[l.size:]))
	}
	return binary.LittleEndian.Uint32(rec[l.size:])
}

// afterScope returns the offset behind the scope of the record at sym, and the
// scope's size. If nothing closes a scope where the record says, the insides
// are walked like the rest.
func (w *window) afterScope(sym, end, next uint32) (after, size uint32) {
	if end >= next {
		if head := w.at(end, 4); head != nil && roleOf(recordKind(head)) == roleCloses && binary.LittleEndian.Uint16(head) == 2 {
			return end + 4, end + 4 - sym
		}
	}
	return next, min(w.limit-sym, unknownScope)
}

// unknownScope is what is read of a scope without a sound end.
const unknownScope = 4 << 10

// setProcs puts the procedures in order. Records of the same place keep
// theirs: the first is the one that answers, the others are its aliases.
func (x *moduleIndex) setProcs(procs []proc) {
	byPlace := func(a, b proc) int { return cmp.Compare(a.place().key(), b.place().key()) }
	if !slices.IsSortedFunc(procs, byPlace) {
		slices.SortStableFunc(procs, byPlace)
	}
	x.procs = procs
	x.procSpans = overlaps(x.procs, proc.span)
	if n := len(procs); n > 0 && procs[0].sect == procs[n-1].sect {
		x.procOffs = make([]uint32, n)
		for i := range procs {
			x.procOffs[i] = procs[i].off
		}
	}
}

func (p proc) span() span { return span{off: p.off, end: p.end, sect: p.sect} }

// overlaps returns sorted ranges as spans without overlaps, whose ids are their
// indices, or nil if none overlap.
func overlaps[T any](sorted []T, spanOf func(T) span) []span {
	found := false
	for i := 1; i < len(sorted) && !found; i++ {
		a, b := spanOf(sorted[i-1]), spanOf(sorted[i])
		found = a.sect == b.sect && b.off < a.end
	}
	if !found {
		return nil
	}
	spans := make([]span, len(sorted))
	for i, v := range sorted {
		spans[i] = spanOf(v)
		spans[i].id = uint32(i)
	}
	return slices.Clip(flatten(spans))
}

// linkFragments finds the line table of each procedure, which saves look-ups a
// search. Both are in the order of their places.
func (x *moduleIndex) linkFragments() {
	if x.fragSpans != nil {
		return
	}
	n := 0
	for i := range x.procs {
		pr := &x.procs[i]
		key := pr.place().key()
		for n < len(x.fragments) && x.fragments[n].place().key() < key {
			n++
		}
		if n < len(x.fragments) && x.fragments[n].place() == pr.place() && x.fragments[n].end >= pr.end {
			pr.lines = x.fragments[n].lines
		}
	}
}

// separatedPiece is an S_SEPCODE and where its procedure begins.
type separatedPiece struct {
	sym    uint32
	parent place
}

// procBody says whose scope has the inline sites of a piece of code: the
// record's own, or for separated code its procedure's.
type procBody struct {
	proc  int    // index in procs; -1: none
	chunk uint32 // 0: the procedure's own code, n: its nth separated piece
}

// parentPlace reads sectParent and offParent of an S_SEPCODE.
func parentPlace(rec []byte) place {
	return place{binary.LittleEndian.Uint16(rec[30:]), binary.LittleEndian.Uint32(rec[24:])}
}

// setSeparated finds the procedures of separated code. Their pieces are
// numbered in the order of the records.
func (x *moduleIndex) setSeparated(pieces []separatedPiece) {
	if len(pieces) == 0 {
		return
	}
	x.separated = make(map[uint32]procBody, len(pieces))
	last := map[place]procBody{} // of each parent its last piece
	for _, piece := range pieces {
		body, ok := last[piece.parent]
		if !ok {
			body.proc = x.procedureAt(piece.parent)
		}
		body.chunk++
		last[piece.parent] = body
		x.separated[piece.sym] = body
	}
}

// procedureAt returns the index of the first procedure proper that begins at p,
// or -1.
func (x *moduleIndex) procedureAt(p place) int {
	from, to := x.procsAt(p)
	for i := from; i < to; i++ {
		if x.procs[i].kind == KindProcedure {
			return i
		}
	}
	return -1
}

// findProc returns the index of the procedure that holds p, or -1.
func (x *moduleIndex) findProc(p place) int {
	if x.procSpans != nil {
		return findID(x.procSpans, p)
	}
	i := x.lastProc(p)
	if i >= 0 && x.procs[i].sect == p.sect && p.off < x.procs[i].end {
		return i
	}
	return -1
}

// lastProc returns the index of the last procedure that begins at or before p,
// or -1.
func (x *moduleIndex) lastProc(p place) int {
	if x.procOffs == nil || x.procs[0].sect != p.sect {
		key := p.key()
		return sort.Search(len(x.procs), func(i int) bool { return x.procs[i].place().key() > key }) - 1
	}
	lo, hi := 0, len(x.procOffs)
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		if x.procOffs[mid] <= p.off {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo - 1
}

// procsAt returns the index range of the procedures that begin at p.
func (x *moduleIndex) procsAt(p place) (from, to int) {
	from, _ = slices.BinarySearchFunc(x.procs, p, func(q proc, p place) int {
		return cmp.Compare(q.place().key(), p.key())
	})
	to = from
	for to < len(x.procs) && x.procs[to].place() == p {
		to++
	}
	return from, to
}

func (x *moduleIndex) fail(w *window, off uint32, want string) {
	if x.damage != nil {
		return
	}
	x.damage = w.err
	if x.damage == nil {
		x.damage = &FormatError{x.stream.name, int64(off), want}
	}
}
