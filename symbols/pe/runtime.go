package pe

import (
	"encoding/binary"
	"iter"
)

// RuntimeFunction is one entry of the function table (.pdata): a function, or
// a part of one. Addresses are RVAs.
type RuntimeFunction struct {
	BeginAddress uint32
	EndAddress   uint32 // first byte after it; 0 if the unwind data that says so is unreadable
	UnwindData   uint32 // RVA of the unwind data, or on ARM and ARM64 that data itself if packed
}

// holds reports whether an address is inside. Without a known end it is held to
// be so: the caller has found no later function that begins before it.
func (f *RuntimeFunction) holds(rva uint32) bool {
	return f.BeginAddress <= rva && (rva < f.EndAddress || f.EndAddress == 0)
}

// tableFormat is how a processor's function table is laid out.
type tableFormat struct {
	entrySize int64
	decode    func(m *Image, entry []byte) RuntimeFunction
}

var tableFormats = map[Machine]tableFormat{
	IMAGE_FILE_MACHINE_AMD64: {12, decodeX64},
	IMAGE_FILE_MACHINE_ARM64: {8, decodeARM64},
	IMAGE_FILE_MACHINE_ARMNT: {8, decodeARM},
}

// functionTable is the function table where it lies, and which runs of its
// entries can be read.
type functionTable struct {
	m      *Image
	format tableFormat
	runs   []functionRun
}

// functionRun is a range of entries without a hole. Before each run but one at
// the table's start, and after each but one at its end, entries are missing.
type functionRun struct {
	rva       int64 // of its first entry
	count     int64
	begin     uint32 // BeginAddress of its first entry
	holeAhead bool
	holeAfter bool
}

func (m *Image) readFunctionTable() (*functionTable, error) {
	dir := m.DataDirectory(IMAGE_DIRECTORY_ENTRY_EXCEPTION)
	format, known := tableFormats[m.Machine]
	if !known || dir.VirtualAddress == 0 || min(int64(dir.Size), m.size) < format.entrySize {
		return nil, ErrNoRuntimeFunctions
	}
	t := &functionTable{m: m, format: format}
	t.findRuns(int64(dir.VirtualAddress), min(int64(dir.Size), m.size)/format.entrySize)
	if len(t.runs) == 0 {
		_, err := m.ReadAt(make([]byte, format.entrySize), int64(dir.VirtualAddress))
		return nil, &FormatError{Part: "function table", Offset: int64(dir.VirtualAddress), Want: "entries", Count: 1, Err: err}
	}
	return t, nil
}

// findRuns looks which pages of the table are there. A file has all or, cut
// short, the first ones; memory may have any.
func (t *functionTable) findRuns(table, count int64) {
	size := t.format.entrySize
	end := min(table+count*size, maxImageAddress)
	from, in := int64(0), false
	for at := table; at < end; {
		next := min((at|(pageSize-1))+1, end)
		switch readable := t.readable(at) && t.readable(next-1); {
		case readable && !in:
			from, in = at, true
		case !readable && in:
			t.addRun(table, from, at, end)
			in = false
		}
		at = next
	}
	if in {
		t.addRun(table, from, end, end)
	}
}

func (t *functionTable) readable(rva int64) bool {
	return t.m.readSmall(uint32(rva), 1, func([]byte) {}) == nil
}

// addRun adds the entries that lie wholly in the bytes from..to.
func (t *functionTable) addRun(table, from, to, end int64) {
	size := t.format.entrySize
	first := (from - table + size - 1) / size
	run := functionRun{rva: table + first*size, count: (to-table)/size - first, holeAhead: first > 0, holeAfter: to < end}
	// Linkers leave room for more: zeros up to the end.
	used := t.searchRun(run, func(begin uint32) bool { return begin == 0 })
	if used < run.count {
		run.count, run.holeAfter = used, false
	}
	if run.count == 0 {
		return
	}
	run.begin, _ = t.beginAt(run, 0)
	t.runs = append(t.runs, run)
}

// searchRun returns the first entry of a run for whose begin after is true,
// run.count if there is none.
func (t *functionTable) searchRun(run functionRun, after func(begin uint32) bool) int64 {
	lo, hi := int64(0), run.count
	for lo < hi {
		mid := (lo + hi) / 2
		begin, ok := t.beginAt(run, mid)
		if ok && !after(begin) {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

func (t *functionTable) beginAt(run functionRun, i int64) (begin uint32, ok bool) {
	buf := t.m.small.Get().(*[smallSize]byte)
	defer t.m.small.Put(buf)
	_, err := t.m.ReadAt(buf[:4], run.rva+i*t.format.entrySize)
	return t.maskBegin(binary.LittleEndian.Uint32(buf[:])), err == nil
}

// maskBegin clears the bit that marks Thumb code.
func (t *functionTable) maskBegin(begin uint32) uint32 {
	if t.m.Machine == IMAGE_FILE_MACHINE_ARMNT {
		return begin &^ 1
	}
	return begin
}

func (t *functionTable) entry(run functionRun, i int64) (RuntimeFunction, bool) {
	return t.m.runtimeFunctionAt(uint32(run.rva+i*t.format.entrySize), t.format)
}

// runtimeFunctionAt decodes the entry at an RVA.
func (m *Image) runtimeFunctionAt(rva uint32, format tableFormat) (RuntimeFunction, bool) {
	buf := m.small.Get().(*[smallSize]byte)
	defer m.small.Put(buf)
	if _, err := m.ReadAt(buf[:format.entrySize], int64(rva)); err != nil {
		return RuntimeFunction{}, false
	}
	return format.decode(m, buf[:format.entrySize]), true
}

// whereabouts says what the function table knows of an address.
type whereabouts uint8

const (
	inGap      whereabouts = iota // no function holds it; the one before it, if any, ended
	inFunction                    // this one holds it
	inHole                        // the entries that would tell are absent
)

// find returns the function that holds rva, or else the last that begins before
// it, zero if none does.
func (t *functionTable) find(rva uint32) (RuntimeFunction, whereabouts) {
	r := len(t.runs)
	for r > 0 && t.runs[r-1].begin > rva {
		r--
	}
	if r == 0 {
		if t.runs[0].holeAhead {
			return RuntimeFunction{}, inHole
		}
		return RuntimeFunction{}, inGap
	}
	run := t.runs[r-1]
	i := max(0, t.searchRun(run, func(begin uint32) bool { return begin > rva })-1)
	f, ok := t.entry(run, i)
	atHole := i == run.count-1 && run.holeAfter
	switch {
	case !ok || atHole && f.EndAddress == 0:
		return f, inHole
	case f.holds(rva):
		return f, inFunction
	}
	if outer, ok := t.around(run, i, f, rva); ok {
		return outer, inFunction
	}
	if atHole {
		return f, inHole
	}
	return f, inGap
}

// around returns the function that holds rva although f, entry i, begins later:
// an empty entry may stand behind a function with the same begin, and clang's
// assembler nests a chained part in its function.
func (t *functionTable) around(run functionRun, i int64, f RuntimeFunction, rva uint32) (RuntimeFunction, bool) {
	if i > 0 {
		if g, ok := t.entry(run, i-1); ok && g.EndAddress != 0 && g.holds(rva) {
			return g, true
		}
	}
	g := t.m.PrimaryFunction(f)
	return g, g != f && g.holds(rva)
}

// RuntimeFunctions returns the entries of the function table as they are
// stored, sorted by BeginAddress where the linker kept the rules. Entries on
// absent pages are left out. [ErrNoRuntimeFunctions] means that the image has
// no such table.
func (m *Image) RuntimeFunctions() (iter.Seq[RuntimeFunction], error) {
	t, err := m.functions()
	if err != nil {
		return nil, err
	}
	return func(yield func(RuntimeFunction) bool) {
		for _, run := range t.runs {
			for i := range run.count {
				if f, ok := t.entry(run, i); ok && !yield(f) {
					return
				}
			}
		}
	}, nil
}

// RuntimeFunctionAt returns the entry of the function table that holds an
// address, found by binary search in place. A leaf function has none.
func (m *Image) RuntimeFunctionAt(rva uint32) (RuntimeFunction, bool) {
	t, err := m.functions()
	if err != nil {
		return RuntimeFunction{}, false
	}
	f, where := t.find(rva)
	return f, where == inFunction
}

// FunctionBounds returns the function that holds an address: the begin of its
// primary part and the end of the part that holds the address. A part that the
// linker moved in front of its function therefore has begin > rva. On x64 parts
// are traced by their chained unwind information; on ARM and ARM64 each part is
// a function of its own. It is false for a leaf function, for an image without
// a function table (all of x86), and where the table's bytes are absent.
func (m *Image) FunctionBounds(rva uint32) (begin, end uint32, ok bool) {
	f, ok := m.RuntimeFunctionAt(rva)
	if !ok || f.EndAddress == 0 {
		return 0, 0, false
	}
	return m.PrimaryFunction(f).BeginAddress, f.EndAddress, true
}

// PrimaryFunction returns the function that f is a part of, f itself if it is
// no part of another or if the unwind information that says so is unreadable.
func (m *Image) PrimaryFunction(f RuntimeFunction) RuntimeFunction {
	if m.Machine != IMAGE_FILE_MACHINE_AMD64 {
		return f
	}
	return m.primaryX64(f)
}
