package pe

// maxFileString is more than any compiler's name.
const maxFileString = 1 << 16

// fileStrings reads names from the COFF string table.
type fileStrings struct {
	w          window
	start, end int64 // file offsets
	scratch    []byte
	budget     int64 // bytes of names still allowed: names may overlap
}

// fileStrings returns nil if the image has no string table.
func (m *Image) fileStrings() *fileStrings {
	start, ok := m.stringTable()
	if !ok {
		return nil
	}
	s := &fileStrings{w: window{r: sizedReader{m.r, m.size}}, start: start, budget: m.size}
	size, ok := s.w.uint32(start)
	if !ok {
		return nil
	}
	s.end = min(start+int64(size), m.size)
	return s
}

// at returns the name at an offset of the table, which counts from its size.
func (s *fileStrings) at(off uint32) (string, bool) {
	at := s.start + int64(off)
	if off < 4 || at >= s.end {
		return "", false
	}
	limit := min(maxFileString, s.end-at, s.budget)
	b, ok := s.w.appendCString(s.scratch[:0], at, int(limit))
	s.scratch = b
	s.budget -= int64(len(b))
	return string(b), ok
}
