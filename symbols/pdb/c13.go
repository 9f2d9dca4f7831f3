package pdb

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// Kinds of C13 subsections, as DEBUG_S_SUBSECTION_TYPE in cvinfo.h. A kind with
// the top bit set is to be skipped.
const (
	c13Lines             = 0xf2
	c13FileChecksums     = 0xf4
	c13InlineeLines      = 0xf6
	c13CrossScopeImports = 0xf7
	c13CrossScopeExports = 0xf8
)

// fragment is the line table of one contribution, mostly of one function.
type fragment struct {
	off   uint32 // start of the code, in its section
	end   uint32
	lines lineTable
	sect  uint16
}

// lineTable says where the file blocks of a fragment are in the stream.
type lineTable struct{ body, size uint32 }

func (fr fragment) place() place { return place{fr.sect, fr.off} }

func (fr fragment) span() span { return span{off: fr.off, end: fr.end, sect: fr.sect} }

const fragmentHeaderSize = 12

// checksumAlign is what the entries of the file checksums are aligned to.
const checksumAlign = 4

// maxHeldChecksums bounds the file checksums that are kept in memory with a
// module's index. Longer ones are read entry by entry.
const maxHeldChecksums = 16 << 10

// scanLines finds the subsections that lookups need.
func (x *moduleIndex) scanLines(w *window, part substream) {
	w.reset(x.stream, part.off+part.size, scanWindow)
	for off := part.off; off < w.limit; {
		head := w.at(off, 8)
		if head == nil {
			x.fail(w, off, "a C13 subsection's header")
			break
		}
		kind, size := binary.LittleEndian.Uint32(head), binary.LittleEndian.Uint32(head[4:])
		off += 8
		body := substream{off, min(size, w.limit-off)}
		switch kind {
		case c13Lines:
			x.addFragment(w, body)
		case c13FileChecksums:
			x.checksums = body
		case c13InlineeLines:
			x.addInlinees(w, body)
		case c13CrossScopeImports:
			x.imports = body
		}
		if body.size < size {
			x.fail(w, off, "a C13 subsection inside of the module's stream")
			break
		}
		off = part.off + (off+size-part.off+3)&^3
		if off < body.off {
			break
		}
	}
	x.setFragments()
	byID := func(a, b inlinee) int { return cmp.Compare(a.id, b.id) }
	if !slices.IsSortedFunc(x.inlinees, byID) {
		slices.SortStableFunc(x.inlinees, byID)
	}
	x.inlinees = slices.Clip(x.inlinees)
	x.inlineeNames = make([]lazyNames, (len(x.inlinees)+namesTogether-1)/namesTogether)
	if x.checksums.size <= maxHeldChecksums {
		x.files, _ = x.stream.bytes(nil, x.checksums.off, x.checksums.size)
		x.fileNames = make([]lazyString, len(x.files)/checksumAlign)
	}
}

func (x *moduleIndex) addFragment(w *window, body substream) {
	head := w.at(body.off, fragmentHeaderSize)
	if head == nil || body.size < fragmentHeaderSize {
		x.fail(w, body.off, "a header of line numbers")
		return
	}
	fr := fragment{
		off:   binary.LittleEndian.Uint32(head),
		sect:  binary.LittleEndian.Uint16(head[4:]),
		lines: lineTable{body.off + fragmentHeaderSize, body.size - fragmentHeaderSize},
	}
	if size := binary.LittleEndian.Uint32(head[8:]); size > 0 && fr.sect != 0 {
		fr.end = endOf(fr.off, size)
		x.fragments = append(x.fragments, fr)
	}
}

// setFragments puts the fragments in order; of those of one place the first
// answers, as it is with procedures.
func (x *moduleIndex) setFragments() {
	byPlace := func(a, b fragment) int { return cmp.Compare(a.place().key(), b.place().key()) }
	if !slices.IsSortedFunc(x.fragments, byPlace) {
		slices.SortStableFunc(x.fragments, byPlace)
	}
	x.fragments = slices.Clip(x.fragments)
	x.fragSpans = overlaps(x.fragments, fragment.span)
}

// findFragment returns the index of the fragment that holds p, or -1.
func (x *moduleIndex) findFragment(p place) int {
	if x.fragSpans != nil {
		return findID(x.fragSpans, p)
	}
	key := p.key()
	lo, hi := 0, len(x.fragments)
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		if x.fragments[mid].place().key() <= key {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if i := lo - 1; i >= 0 && x.fragments[i].sect == p.sect && p.off < x.fragments[i].end {
		return i
	}
	return -1
}

// inlinee is an entry of DEBUG_S_INLINEELINES: where an inlined function's
// own source begins.
type inlinee struct {
	id   uint32 // its LF_FUNC_ID or LF_MFUNC_ID in the IPI stream
	file uint32 // offset in the file checksums
	line uint32
}

func (x *moduleIndex) addInlinees(w *window, body substream) {
	end := body.off + body.size
	head := w.at(body.off, 4)
	if head == nil || body.size < 4 {
		return
	}
	extraFiles := binary.LittleEndian.Uint32(head) == 1
	for off := body.off + 4; off+12 <= end; {
		b := w.at(off, 12)
		if b == nil {
			return
		}
		x.inlinees = append(x.inlinees, inlinee{
			binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint32(b[8:]),
		})
		off += 12
		if extraFiles {
			b := w.at(off, 4)
			if b == nil {
				return
			}
			skip := 4 + 4*uint64(binary.LittleEndian.Uint32(b))
			if skip > uint64(end-off) {
				return
			}
			off += uint32(skip)
		}
	}
}

// findInlinee returns the index of an inlined function, or -1.
func (x *moduleIndex) findInlinee(id uint32) int {
	lo, hi := 0, len(x.inlinees)
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		if x.inlinees[mid].id < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(x.inlinees) && x.inlinees[lo].id == id {
		return lo
	}
	return -1
}
