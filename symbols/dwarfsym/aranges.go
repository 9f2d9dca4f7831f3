package dwarfsym

// arangesVersion is the one version of .debug_aranges.
const arangesVersion = 2

// addressRanges reads .debug_aranges, which says which unit, by its offset, has
// code where. Not every compiler writes it, but it knows of code that the head
// of a unit of DWARF 2 cannot tell of.
func (f *File) addressRanges() map[uint64][]codeRange {
	found := map[uint64][]codeRange{}
	s := f.sections.aranges
	if s == nil {
		return nil
	}
	for off := uint64(0); ; {
		first := reader{b: s.read(off, 12)}
		length, offsetSize := first.length()
		start := off + uint64(first.off)
		if first.bad || length == 0 || length > uint64(s.size)-start {
			return found
		}
		r := reader{b: s.read(start, int64(length))}
		if unit, ranges := f.rangeSet(&r, start-off, offsetSize); len(ranges) > 0 {
			found[unit] = append(found[unit], ranges...)
		}
		off = start + length
	}
}

// rangeSet reads the ranges of one unit. Pairs are aligned to their size,
// counted from the set's beginning, which is lead bytes before r's.
func (f *File) rangeSet(r *reader, lead uint64, offsetSize int) (unit uint64, ranges []codeRange) {
	version := r.uint16()
	unit = r.uint(offsetSize)
	addressSize, segmentSize := int(r.uint8()), r.uint8()
	if version != arangesVersion || segmentSize != 0 || addressSize != 4 && addressSize != 8 {
		return unit, nil
	}
	pair := uint64(2 * addressSize)
	r.skip((pair - (lead+uint64(r.off))%pair) % pair)
	rr := rangeReader{f: f, budget: len(r.b)}
	for r.len() >= int(pair) {
		low, n := r.uint(addressSize), r.uint(addressSize)
		if low == 0 && n == 0 {
			break
		}
		ranges = rr.add(ranges, low, low+n)
	}
	return unit, ranges
}
