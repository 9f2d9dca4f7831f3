package dwarfsym

import (
	"cmp"
	"slices"
	"strings"
)

// lineTable is the decoded line table of a unit.
type lineTable struct {
	header    *lineHeader
	rows      []lineRow
	sequences []sequence // by the RVA at which they begin
}

// lineRow begins at an RVA and holds up to the next.
type lineRow struct{ rva, file, line uint32 }

// sequence is a run of rows.
type sequence struct {
	first, end int32
	low, high  uint32
}

// maxLines bounds the bytes of a unit's line table.
const maxLines = 64 << 20

// readLines reads the unit's line table, nil if it has none.
func (f *File) readLines(u *unit) *lineTable {
	if !u.hasLines {
		return nil
	}
	h := f.readLineHeader(u)
	if h == nil {
		return nil
	}
	t := &lineTable{header: h}
	p := lineProgram{h: h, r: h.program, base: f.base, t: t}
	p.run()
	// A sequence without its end is cut off: how far its rows reach is unknown.
	t.sequences = slices.DeleteFunc(t.sequences, func(s sequence) bool { return s.end == 0 || s.high <= s.low })
	slices.SortStableFunc(t.sequences, func(a, b sequence) int { return cmp.Compare(a.low, b.low) })
	h.program = reader{}
	return t
}

func (t *lineTable) cost() int {
	return 12*len(t.rows) + 16*len(t.sequences) + 24*(len(t.header.files)+len(t.header.folders)) + len(t.header.opcodeLengths)
}

// at returns the row that holds an address.
func (t *lineTable) at(rva uint32) (lineRow, bool) {
	if t == nil {
		return lineRow{}, false
	}
	i, _ := slices.BinarySearchFunc(t.sequences, rva, func(s sequence, rva uint32) int {
		if s.low <= rva {
			return -1
		}
		return 1
	})
	for n := i - 1; n >= 0 && n > i-maxOverlap; n-- {
		if s := t.sequences[n]; rva < s.high {
			rows := t.rows[s.first:s.end]
			k, _ := slices.BinarySearchFunc(rows, rva, func(r lineRow, rva uint32) int {
				if r.rva <= rva {
					return -1
				}
				return 1
			})
			return rows[k-1], true // the first row begins with the sequence
		}
	}
	return lineRow{}, false
}

// fileName returns a file by the number that rows and calls give it.
func (f *File) fileName(u *unit, t *lineTable, number uint32) string {
	if t == nil {
		return ""
	}
	h := t.header
	if h.version < 5 {
		number-- // they count from 1
	}
	if uint64(number) >= uint64(len(h.files)) {
		return ""
	}
	file := h.files[number]
	name := f.lineString(u, file.name)
	if isAbsolute(name) || name == "" {
		return name
	}
	folder := f.folder(u, h, file.folder)
	if folder == "" {
		return name
	}
	return joinPath(folder, name)
}

// folder returns a folder by its number. The first is that of the compilation,
// which before DWARF 5 only the unit names.
func (f *File) folder(u *unit, h *lineHeader, number uint64) string {
	if h.version < 5 {
		if number == 0 {
			return f.stringOf(u, u.compDir)
		}
		number--
	}
	if number >= uint64(len(h.folders)) {
		return ""
	}
	name := f.lineString(u, h.folders[number])
	if isAbsolute(name) || h.version >= 5 && number == 0 {
		return name
	}
	compDir := f.stringOf(u, u.compDir)
	if compDir == "" {
		return name
	}
	return joinPath(compDir, name)
}

// isAbsolute tells absolute paths of any system: what compiled the program may
// have run on Windows or not.
func isAbsolute(name string) bool {
	if name == "" {
		return false
	}
	return name[0] == '/' || name[0] == '\\' || len(name) > 2 && name[1] == ':' && (name[2] == '/' || name[2] == '\\')
}

// joinPath joins with the separator that the folder uses.
func joinPath(folder, name string) string {
	separator := "/"
	if strings.Contains(folder, `\`) && !strings.Contains(folder, "/") {
		separator = `\`
	}
	if strings.HasSuffix(folder, "/") || strings.HasSuffix(folder, `\`) {
		separator = ""
	}
	return folder + separator + name
}
