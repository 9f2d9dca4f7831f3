package pdb

import "encoding/binary"

// Versions of the section contribution substream and the size of its entries.
var contributionSizes = map[uint32]uint32{
	0xeffe0000 + 19970605: 28, // V60
	0xeffe0000 + 20140516: 32, // V2
}

// readContributions reads which module made which piece of which section, as
// spans whose id is the module's index. Pieces of no length are left out.
func (f *File) readContributions() ([]span, error) {
	part := f.dbi.contributions
	s, err := f.stream(streamDBI, "DBI stream")
	if err != nil || part.size < 4 {
		return nil, err
	}
	var w window
	w.reset(s, part.off+part.size, scanWindow)
	head := w.at(part.off, 4)
	if head == nil {
		return nil, w.err
	}
	entry, ok := contributionSizes[binary.LittleEndian.Uint32(head)]
	if !ok {
		return nil, &FormatError{s.name, int64(part.off), "section contributions of version V60 or V2"}
	}
	count := (part.size - 4) / entry
	spans := make([]span, 0, count)
	for i := range count {
		b := w.at(part.off+4+i*entry, entry)
		if b == nil {
			err = w.err
			break
		}
		sp := span{
			sect: binary.LittleEndian.Uint16(b),
			off:  binary.LittleEndian.Uint32(b[4:]),
			id:   uint32(binary.LittleEndian.Uint16(b[16:])),
		}
		// The size is signed; a negative one is damage.
		if size := int32(binary.LittleEndian.Uint32(b[8:])); size > 0 && sp.sect != 0 {
			sp.end = endOf(sp.off, uint32(size))
			spans = append(spans, sp)
		}
	}
	sortSpans(spans)
	return flatten(spans), err
}

// endOf adds without running over the end of the numbers.
func endOf(off, size uint32) uint32 {
	return uint32(min(uint64(off)+uint64(size), 1<<32-1))
}
