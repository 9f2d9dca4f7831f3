package pe

import (
	"cmp"
	"io"
	"slices"
)

// layout says where the bytes of an RVA are in the reader.
type layout uint8

const (
	fileLayout   layout = iota // sections at PointerToRawData
	memoryLayout               // everything at its RVA
)

const (
	pageSize        = 0x1000
	rawGranularity  = 0x200 // the loader rounds PointerToRawData down to it
	noSection       = -1    // the span of the headers
	maxImageAddress = 1 << 32
)

// span is a part of the image: a section or the headers.
type span struct {
	va, end int64 // RVAs
	off     int64 // file offset of va
	raw     int64 // bytes in the file, zeros follow up to end
	section int   // index, or noSection
}

// makeSpans returns the parts of the image in the order of their RVAs, none
// overlapping the next.
func makeSpans(h *headers, sections []Section) []span {
	spans := []span{{va: 0, end: int64(h.SizeOfHeaders), raw: int64(h.SizeOfHeaders), section: noSection}}
	for i := range sections {
		spans = append(spans, sectionSpan(h, &sections[i], i))
	}
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Compare(a.va, b.va) })
	kept := spans[:0]
	for i, s := range spans {
		if i+1 < len(spans) {
			s.end = min(s.end, spans[i+1].va)
		}
		s.raw = min(s.raw, s.end-s.va)
		if s.end > s.va {
			kept = append(kept, s)
		}
	}
	return kept
}

func sectionSpan(h *headers, s *Section, index int) span {
	size := int64(s.VirtualSize)
	if size == 0 {
		size = int64(s.SizeOfRawData)
	}
	va, off := int64(s.VirtualAddress), int64(s.PointerToRawData)
	// Memory is given out in whole pages, so the file's bytes between
	// VirtualSize and the end of the page are there too. An alignment below a
	// page (drivers, hand-made images) maps the file as it is.
	if h.SectionAlignment >= pageSize {
		size = (size + pageSize - 1) &^ (pageSize - 1)
		off &^= rawGranularity - 1
	}
	raw := int64(s.SizeOfRawData)
	if s.PointerToRawData == 0 {
		raw = 0
	}
	return span{va: va, end: min(va+size, maxImageAddress), off: off, raw: raw, section: index}
}

// spanAt returns the part that holds an RVA.
func (m *Image) spanAt(rva int64) (span, bool) {
	lo, hi := 0, len(m.spans)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if m.spans[mid].va <= rva {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 || rva >= m.spans[lo-1].end {
		return span{}, false
	}
	return m.spans[lo-1], true
}

// ReadAt reads the image as it is laid out in memory, in either layout: off is
// an RVA, and what the file does not store of a section reads as zeros. The
// bytes between parts of the image give [ErrUnmapped] in a file; an absent page
// of memory gives the error of the underlying reader. As io.ReaderAt demands,
// n counts the bytes before the failure.
func (m *Image) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 || off >= maxImageAddress {
		return 0, ErrUnmapped
	}
	if m.layout == memoryLayout {
		return readSome(m.r, p, off, m.size)
	}
	for n < len(p) && err == nil {
		var k int
		k, err = m.readSpan(p[n:], off+int64(n))
		n += k
	}
	return n, err
}

// readSpan reads what one part of the file has of p.
func (m *Image) readSpan(p []byte, rva int64) (int, error) {
	s, ok := m.spanAt(rva)
	if !ok {
		return 0, ErrUnmapped
	}
	p = p[:min(int64(len(p)), s.end-rva)]
	inFile := max(0, min(int64(len(p)), s.va+s.raw-rva))
	n, err := readSome(m.r, p[:inFile], s.off+rva-s.va, m.size)
	if err != nil {
		return n, err
	}
	clear(p[inFile:])
	return len(p), nil
}

// readSome reads as much of p as there is, and reports why it is not all.
func readSome(r io.ReaderAt, p []byte, off, size int64) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if off < 0 || off >= size {
		return 0, io.EOF
	}
	want := p[:min(int64(len(p)), size-off)]
	n, err := r.ReadAt(want, off)
	if n == len(p) {
		return n, nil
	}
	if err == nil || n == len(want) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// sizedReader is a reader that ends at size.
type sizedReader struct {
	r    io.ReaderAt
	size int64
}

func (s sizedReader) ReadAt(p []byte, off int64) (int, error) {
	return readSome(s.r, p, off, s.size)
}
