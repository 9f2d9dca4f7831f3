package gosym

// noValue is what a table has for code that it does not cover.
const noValue = -1

// pcValue returns the value of one of a function's tables at an RVA. A table is
// pairs of differences: of the value, and of the address up to which it holds.
func (t *Table) pcValue(f *function, table, rva uint32) (int32, bool) {
	if table == 0 || rva < f.entry {
		return noValue, false
	}
	r := byteReader{mem: t.mem, next: t.header.pcTable + int64(table)}
	value, end := int32(noValue), uint64(f.entry)
	for first := true; ; first = false {
		delta, ok := r.uvarint()
		if !ok || delta == 0 && !first {
			return noValue, false
		}
		length, ok := r.uvarint()
		if !ok {
			return noValue, false
		}
		value += int32(-(delta & 1) ^ (delta >> 1))
		end += uint64(length) * uint64(t.header.quantum)
		if uint64(rva) < end {
			return value, true
		}
		if length == 0 && !first {
			return noValue, false // no progress
		}
	}
}

// source returns the file and line at an RVA of a function.
func (t *Table) source(f *function, rva uint32) (file string, line int) {
	n, ok := t.pcValue(f, f.pcLine, rva)
	if !ok || n <= 0 {
		return "", 0
	}
	number, ok := t.pcValue(f, f.pcFile, rva)
	if !ok || number < 0 {
		return "", int(n)
	}
	return t.fileName(f, uint32(number)), int(n)
}

// fileName returns the name of a file by its number in the function's
// compilation unit, or before 1.16 in the program.
func (t *Table) fileName(f *function, number uint32) string {
	h := &t.header
	if h.version.info.cuOffset == none {
		offset, ok := t.mem.uint32(h.fileTable + 4*int64(number))
		if !ok || number == 0 {
			return ""
		}
		name, _ := t.cstring(h.at + int64(offset))
		return name
	}
	offset, ok := t.mem.uint32(h.cuTable + 4*(int64(f.cuOffset)+int64(number)))
	if !ok || offset == 1<<32-1 {
		return ""
	}
	name, _ := t.cstring(h.fileTable + int64(offset))
	return name
}
