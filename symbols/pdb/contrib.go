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
	return contributionSpans(&w, part.off+4, entry, (part.size-4)/entry)
}

// contributionsTogether is how many entries are asked for at a time.
const contributionsTogether = 1024

// contributionSpans reads count entries. Linkers write them in order and
// without overlaps, which is noted on the way, since there may be a million.
func contributionSpans(w *window, at, entry, count uint32) ([]span, error) {
	spans := make([]span, 0, count)
	var last span
	apart := true
	for together := uint32(contributionsTogether); count > 0; {
		n := min(count, together)
		b := w.at(at, n*entry)
		if b == nil {
			if w.err != nil || n == 1 {
				break
			}
			together = 1
			continue
		}
		for ; len(b) >= int(entry); b = b[entry:] {
			sp, ok := contribution(b)
			if !ok {
				continue
			}
			apart = apart && (sp.sect > last.sect || sp.sect == last.sect && sp.off >= last.end)
			spans, last = append(spans, sp), sp
		}
		at, count = at+n*entry, count-n
	}
	if !apart {
		sortSpans(spans)
		spans = flatten(spans)
	}
	return spans, w.err
}

// contribution decodes an entry. One of no length says nothing; as the size is
// signed, a negative one is damage.
func contribution(b []byte) (span, bool) {
	size := int32(binary.LittleEndian.Uint32(b[8:]))
	sp := span{
		sect: binary.LittleEndian.Uint16(b),
		off:  binary.LittleEndian.Uint32(b[4:]),
		id:   uint32(binary.LittleEndian.Uint16(b[16:])),
	}
	if size <= 0 || sp.sect == 0 {
		return span{}, false
	}
	sp.end = endOf(sp.off, uint32(size))
	return sp, true
}

// endOf adds without running over the end of the numbers.
func endOf(off, size uint32) uint32 {
	return uint32(min(uint64(off)+uint64(size), 1<<32-1))
}
