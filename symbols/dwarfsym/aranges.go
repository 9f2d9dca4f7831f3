package dwarfsym

// arangesVersion is the one version of .debug_aranges.
const arangesVersion = 2

// addressRanges returns the ranges of .debug_aranges by the offset of the unit
// whose code they are. Not every compiler writes it, but it knows of code that
// the head of a unit of DWARF 2 cannot tell of.
func (f *File) addressRanges() map[uint64][]codeRange {
	found := map[uint64][]codeRange{}
	rr := rangeReader{f: f, budget: 1<<16 + int(f.size/8)}
	f.eachAddressRange(func(unit, low, high uint64) {
		if ranges := rr.add(nil, low, high); len(ranges) > 0 {
			found[unit] = append(found[unit], ranges...)
		}
	})
	return found
}

// eachAddressRange goes through .debug_aranges.
func (f *File) eachAddressRange(use func(unit, low, high uint64)) {
	s := f.sections.aranges
	if s == nil {
		return
	}
	for off := uint64(0); ; {
		first := reader{b: s.read(off, 12)}
		length, offsetSize := first.length()
		start := off + uint64(first.off)
		if first.bad || length == 0 || length > uint64(s.size)-start {
			return
		}
		r := reader{b: s.read(start, int64(length))}
		rangeSet(&r, start-off, offsetSize, use)
		off = start + length
	}
}

// rangeSet reads the ranges of one unit. Pairs are aligned to their size,
// counted from the set's beginning, which is lead bytes before r's.
func rangeSet(r *reader, lead uint64, offsetSize int, use func(unit, low, high uint64)) {
	version := r.uint16()
	unit := r.uint(offsetSize)
	addressSize, segmentSize := int(r.uint8()), r.uint8()
	if version != arangesVersion || segmentSize != 0 || addressSize != 4 && addressSize != 8 {
		return
	}
	pair := uint64(2 * addressSize)
	r.skip((pair - (lead+uint64(r.off))%pair) % pair)
	for r.len() >= int(pair) {
		low, n := r.uint(addressSize), r.uint(addressSize)
		if low == 0 && n == 0 {
			return
		}
		use(unit, low, low+n)
	}
}
