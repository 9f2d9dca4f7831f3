package dwarfsym

import "debug/dwarf"

// codeRange is a range of RVAs, without its end.
type codeRange struct{ low, high uint32 }

func (r codeRange) holds(rva uint32) bool { return r.low <= rva && rva < r.high }

// rangeReader reads the ranges of a unit's entries. Many entries may name one
// long list, so what is read of them together is bounded.
type rangeReader struct {
	f      *File
	u      *unit
	budget int
	raw    func(low uint64) // takes the addresses instead, if it is not nil
}

// ranges returns the code of an entry.
func (rr *rangeReader) ranges(dst []codeRange, e *entry) []codeRange {
	if e.ranges.form != 0 {
		return rr.list(dst, e.ranges)
	}
	low, ok := rr.f.address(rr.u, e.lowPC)
	if !ok || e.highPC.form == 0 {
		return dst
	}
	high, isAddress := rr.f.address(rr.u, e.highPC)
	if !isAddress {
		high = low + e.highPC.n
	}
	return rr.add(dst, low, high)
}

// add adds a range of addresses. Those below the image are of code that the
// linker left out.
func (rr *rangeReader) add(dst []codeRange, low, high uint64) []codeRange {
	if rr.raw != nil && low < high && rr.budget > 0 {
		rr.budget--
		rr.raw(low)
		return dst
	}
	low, high = low-rr.f.base, high-rr.f.base
	if rr.budget <= 0 || low >= high || high > 1<<32-1 {
		return dst
	}
	rr.budget--
	return append(dst, codeRange{uint32(low), uint32(high)})
}

// address returns the value of an attribute that is an address.
func (f *File) address(u *unit, v value) (uint64, bool) {
	switch v.form {
	case formAddr:
		return v.n, true
	case formAddrx, formAddrx1, formAddrx2, formAddrx3, formAddrx4, formGNUAddrIndex:
		return f.addressAt(u, v.n)
	}
	return 0, false
}

// addressAt returns an address of .debug_addr by its number.
func (f *File) addressAt(u *unit, n uint64) (uint64, bool) {
	if n > 1<<32 {
		return 0, false
	}
	b := f.sections.addr.read(u.addrBase+n*uint64(u.addressSize), int64(u.addressSize))
	r := reader{b: b}
	address := r.uint(int(u.addressSize))
	return address, !r.bad
}

// list reads a list of ranges.
func (rr *rangeReader) list(dst []codeRange, v value) []codeRange {
	if rr.u.version < 5 {
		return rr.oldList(dst, v.n)
	}
	off := v.n
	if v.form == formRnglistx {
		// The table of offsets at the base; the offsets count from there, too.
		size := uint64(rr.u.offsetSize)
		if v.n > 1<<32 {
			return dst
		}
		r := reader{b: rr.f.sections.rngLists.read(rr.u.rngListsBase+v.n*size, int64(size))}
		if off = r.uint(int(size)) + rr.u.rngListsBase; r.bad {
			return dst
		}
	}
	return rr.newList(dst, off)
}

// listChunk is read of a list at a time.
const listChunk = 256

// listReader reads the section's bytes from an offset on, as a reader that is
// filled again.
func refill(s *section, off *uint64, r *reader) {
	if len(r.b)-r.off < 32 {
		*off += uint64(r.off)
		*r = reader{b: s.read(*off, listChunk)}
	}
}

// oldList reads a list of .debug_ranges.
func (rr *rangeReader) oldList(dst []codeRange, off uint64) []codeRange {
	size := int(rr.u.addressSize)
	base, top := rr.u.base, uint64(1)<<(8*size-1)<<1-1
	var r reader
	for n := 0; n < maxList && rr.budget > 0; n++ {
		refill(rr.f.sections.ranges, &off, &r)
		low, high := r.uint(size), r.uint(size)
		switch {
		case r.bad || low == 0 && high == 0:
			return dst
		case low == top:
			base = high
		default:
			dst = rr.add(dst, base+low, base+high)
		}
	}
	return dst
}

// maxList bounds the entries of a list.
const maxList = 1 << 16

// Entries of a list of .debug_rnglists, DW_RLE_*.
const (
	rleEndOfList = iota
	rleBaseAddressx
	rleStartxEndx
	rleStartxLength
	rleOffsetPair
	rleBaseAddress
	rleStartEnd
	rleStartLength
)

// newList reads a list of .debug_rnglists.
func (rr *rangeReader) newList(dst []codeRange, off uint64) []codeRange {
	size, base := int(rr.u.addressSize), rr.u.base
	indexed := func(r *reader) uint64 {
		address, ok := rr.f.addressAt(rr.u, r.uleb())
		r.bad = r.bad || !ok
		return address
	}
	var r reader
	for n := 0; n < maxList && rr.budget > 0 && !r.bad; n++ {
		refill(rr.f.sections.rngLists, &off, &r)
		var low, high uint64
		kind := r.uint8()
		switch kind {
		case rleBaseAddressx:
			base = indexed(&r)
		case rleBaseAddress:
			base = r.uint(size)
		case rleStartxEndx:
			low, high = indexed(&r), indexed(&r)
		case rleStartxLength:
			low = indexed(&r)
			high = low + r.uleb()
		case rleOffsetPair:
			low, high = base+r.uleb(), base+r.uleb()
		case rleStartEnd:
			low, high = r.uint(size), r.uint(size)
		case rleStartLength:
			low = r.uint(size)
			high = low + r.uleb()
		default:
			return dst // the end, or an entry of an unknown kind
		}
		if !r.bad && kind != rleBaseAddress && kind != rleBaseAddressx {
			dst = rr.add(dst, low, high)
		}
	}
	return dst
}

// isCode reports whether an entry is of a function or of one inlined into it.
func (e *entry) isCode() bool {
	return e.tag == dwarf.TagSubprogram || e.tag == dwarf.TagInlinedSubroutine
}
