package dwarfsym

// lineHeader is the header of a line table.
type lineHeader struct {
	shape
	off           uint64 // of the table in .debug_line
	minInst       uint8
	lineBase      int8
	lineRange     uint8
	opcodeBase    uint8
	opcodeLengths []byte
	folders       []value
	files         []fileEntry
	program       reader
}

type fileEntry struct {
	name   value
	folder uint64
}

// maxFiles is more than go into a unit.
const maxFiles = 1 << 18

// readLineHeader reads a header; nil if it is damaged or of an unknown version.
func (f *File) readLineHeader(u *unit) *lineHeader {
	first := reader{b: f.sections.line.read(u.lines, 12)}
	length, offsetSize := first.length()
	if first.bad || length > uint64(f.sections.line.size) {
		return nil
	}
	r := reader{b: f.sections.line.read(u.lines, int64(min(length, maxLines))+int64(first.off))}
	r.skip(uint64(first.off))
	h := &lineHeader{off: u.lines}
	h.version, h.offsetSize, h.addressSize = r.uint16(), uint8(offsetSize), u.addressSize
	if h.version < 2 || h.version > 5 {
		return nil
	}
	if h.version == 5 {
		h.addressSize = r.uint8()
		r.skip(1) // size of segment selectors
	}
	headerLength := r.uint(offsetSize)
	start := uint64(r.off) + headerLength
	h.minInst = r.uint8()
	if h.version >= 4 {
		r.skip(1) // operations per instruction, of VLIW processors
	}
	r.skip(1) // whether rows begin as statements
	h.lineBase, h.lineRange, h.opcodeBase = int8(r.uint8()), r.uint8(), r.uint8()
	if r.bad || h.lineRange == 0 || h.opcodeBase == 0 || start > uint64(len(r.b)) {
		return nil
	}
	h.opcodeLengths = r.bytes(uint64(h.opcodeBase - 1))
	if h.version == 5 {
		h.readTables(&r)
	} else {
		h.readOldTables(&r)
	}
	if r.bad {
		return nil
	}
	h.program = reader{b: r.b, off: int(start)}
	return h
}

// readOldTables reads folders and files up to DWARF 4.
func (h *lineHeader) readOldTables(r *reader) {
	for {
		at := h.off + uint64(r.off)
		before := r.off
		r.skipString()
		if r.bad || r.off == before+1 {
			break
		}
		h.folders = append(h.folders, value{formString, at})
	}
	for h.defineFile(r, h.off) {
	}
}

// defineFile reads a file's entry. base is the place of r's first byte in the
// section.
func (h *lineHeader) defineFile(r *reader, base uint64) bool {
	at, before := base+uint64(r.off), r.off
	r.skipString()
	if r.bad || r.off == before+1 || len(h.files) >= maxFiles {
		return false
	}
	folder := r.uleb()
	r.uleb() // time
	r.uleb() // size
	h.files = append(h.files, fileEntry{value{formString, at}, folder})
	return !r.bad
}

// Contents of an entry from DWARF 5 on, DW_LNCT_*.
const (
	lnctPath           = 1
	lnctDirectoryIndex = 2
)

type entryFormat struct {
	content uint64
	form    form
}

// readTables reads folders and files from DWARF 5 on.
func (h *lineHeader) readTables(r *reader) {
	for _, e := range h.readTable(r) {
		h.folders = append(h.folders, e.name)
	}
	h.files = h.readTable(r)
}

func (h *lineHeader) readTable(r *reader) []fileEntry {
	formats := make([]entryFormat, r.uint8())
	for i := range formats {
		formats[i] = entryFormat{r.uleb(), form(r.uleb())}
	}
	var entries []fileEntry
	for n := r.uleb(); n > 0 && !r.bad; n-- {
		before := r.off
		entries = append(entries, h.readEntry(r, formats))
		// Entries without bytes could be any number.
		r.bad = r.bad || r.off == before || len(entries) > maxFiles
	}
	return entries
}

func (h *lineHeader) readEntry(r *reader, formats []entryFormat) (e fileEntry) {
	for _, f := range formats {
		v := h.read(r, f.form, formEncodings[f.form], h.off)
		switch f.content {
		case lnctPath:
			e.name = v
		case lnctDirectoryIndex:
			e.folder = v.n
		}
	}
	return e
}

// lineString returns a name in a line table's header.
func (f *File) lineString(u *unit, v value) string {
	if v.form == formString {
		return f.sections.line.string(v.n)
	}
	return f.stringOf(u, v)
}
