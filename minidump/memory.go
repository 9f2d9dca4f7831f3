package minidump

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"sort"
)

// Memory is the memory of the process, as far as the dump holds it: one
// address space over MemoryList, Memory64List and the threads' stacks. It is
// safe for concurrent use and reads do not allocate.
type Memory struct {
	f    *File
	segs []segment
}

// segment is a run of addresses whose bytes lie together in the file. The
// segments are sorted and do not overlap.
type segment struct {
	start uint64
	size  uint64
	off   int64
}

func (s *segment) end() uint64 { return s.start + s.size }

// Memory returns the process's memory. Where ranges of the file overlap, the
// one that stands first in the file is served and a warning tells. A range
// that the end of the file cuts keeps what is there. A dump with no memory at
// all gives an empty Memory, not an error.
func (f *File) Memory() (*Memory, error) { return f.memory.get(f.buildMemory) }

func (f *File) buildMemory() (*Memory, error) {
	b := &memoryBuilder{f: f, sorted: true}
	err := errors.Join(b.addList(), b.addList64(), b.addStacks())
	if b.segs == nil && err != nil {
		return nil, err
	}
	return &Memory{f: f, segs: b.disjoint()}, nil
}

type memoryBuilder struct {
	f      *File
	segs   []segment
	sorted bool
	cut    int
}

// add notes a range, as far as it lies in the file and in the address space.
func (b *memoryBuilder) add(s StreamType, start, size, rva uint64) {
	if size == 0 {
		return
	}
	if start+size-1 < start {
		b.f.warn(s, int64(rva), "the range at %#x with %#x bytes is left out: it exceeds the address space", start, size)
		return
	}
	fileSize := uint64(b.f.size)
	if rva >= fileSize || size > fileSize-rva {
		there := fileSize - min(rva, fileSize)
		if b.cut++; b.cut == 1 {
			b.f.warn(s, int64(min(rva, fileSize)), "%#x of the %#x bytes of memory at %#x are in the file; the dump was cut, what lies behind is missing", there, size, start)
		}
		if size = there; size == 0 {
			return
		}
	}
	if n := len(b.segs); n > 0 && start < b.segs[n-1].end() {
		b.sorted = false
	}
	b.segs = append(b.segs, segment{start, size, int64(rva)})
}

func (b *memoryBuilder) addList() error {
	list, err := b.f.MemoryList()
	b.segs = slices.Grow(b.segs, len(list))
	for _, r := range list {
		b.add(MemoryListStream, r.StartOfMemoryRange, uint64(r.Memory.DataSize), uint64(r.Memory.Rva))
	}
	return ignoreAbsent(err)
}

func (b *memoryBuilder) addList64() error {
	list, err := b.f.Memory64List()
	if err != nil {
		return ignoreAbsent(err)
	}
	b.segs = slices.Grow(b.segs, len(list.Ranges))
	rva := list.BaseRva
	for _, r := range list.Ranges {
		b.add(Memory64ListStream, r.StartOfMemoryRange, r.DataSize, rva)
		if rva += r.DataSize; rva < r.DataSize {
			rva = ^uint64(0)
		}
	}
	return nil
}

// addStacks adds the stacks that no list of memory holds.
func (b *memoryBuilder) addStacks() error {
	threads, err := b.f.Threads()
	if err != nil {
		return ignoreAbsent(err)
	}
	known := &Memory{segs: b.disjoint()}
	b.segs, b.sorted = known.segs, true
	for i := range threads {
		st := threads[i].Stack
		if st.Memory.Rva == 0 || st.Memory.DataSize == 0 {
			continue
		}
		if s, ok := known.find(st.StartOfMemoryRange); ok && uint64(st.Memory.DataSize) <= s.end()-st.StartOfMemoryRange {
			continue
		}
		b.add(ThreadListStream, st.StartOfMemoryRange, uint64(st.Memory.DataSize), uint64(st.Memory.Rva))
	}
	return nil
}

func ignoreAbsent(err error) error {
	if errors.Is(err, ErrNoStream) {
		return nil
	}
	return err
}

// disjoint sorts the segments and resolves overlaps: what stands first in the
// file wins.
func (b *memoryBuilder) disjoint() []segment {
	if b.sorted {
		return b.segs
	}
	order := make([]int, len(b.segs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return compare(b.segs[i].start, b.segs[j].start) })
	sorted := make([]segment, len(order))
	overlap := false
	for i, k := range order {
		sorted[i] = b.segs[k]
		overlap = overlap || i > 0 && sorted[i].start < sorted[i-1].end()
	}
	b.sorted = true
	if !overlap {
		return sorted
	}
	return b.resolve()
}

// resolve serves every address from the first segment of the file that holds
// it. Ranges are inserted in the file's order; each keeps only what no earlier
// one has. The work is n log n for any input: the starts and ends cut the
// address space into at most 2n pieces, and a heap tells the earliest segment
// over each.
func (b *memoryBuilder) resolve() []segment {
	cuts := make([]uint64, 0, 2*len(b.segs))
	byStart := make([]int, len(b.segs))
	for i := range b.segs {
		cuts = append(cuts, b.segs[i].start, b.segs[i].end())
		byStart[i] = i
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	slices.SortStableFunc(byStart, func(i, j int) int { return compare(b.segs[i].start, b.segs[j].start) })

	var out []segment
	var live intHeap
	overlaps, next := 0, 0
	for i := 0; i+1 < len(cuts); i++ {
		lo, hi := cuts[i], cuts[i+1]
		for next < len(byStart) && b.segs[byStart[next]].start == lo {
			live.push(byStart[next])
			next++
		}
		for len(live) > 0 && b.segs[live[0]].end() <= lo {
			live.pop()
		}
		if len(live) == 0 {
			continue
		}
		if len(live) > 1 {
			overlaps++
		}
		s := b.segs[live[0]]
		out = appendPiece(out, segment{lo, hi - lo, s.off + int64(lo-s.start)})
	}
	if overlaps > 0 {
		b.f.warn(MemoryListStream, 0, "ranges of memory overlap in %d places; the one that stands first in the file is served", overlaps)
	}
	return out
}

// appendPiece joins a piece to the last one where it continues it.
func appendPiece(out []segment, p segment) []segment {
	if n := len(out); n > 0 && out[n-1].end() == p.start && out[n-1].off+int64(out[n-1].size) == p.off {
		out[n-1].size += p.size
		return out
	}
	return append(out, p)
}

func compare(a, b uint64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// find returns the segment that holds addr.
func (m *Memory) find(addr uint64) (*segment, bool) {
	i := m.after(addr)
	if i == 0 {
		return nil, false
	}
	s := &m.segs[i-1]
	return s, addr-s.start < s.size
}

// after returns the index of the first segment that starts above addr.
func (m *Memory) after(addr uint64) int {
	return sort.Search(len(m.segs), func(i int) bool { return m.segs[i].start > addr })
}

// MemoryRange is a run of addresses whose bytes are in the dump.
type MemoryRange struct {
	Start  uint64
	Size   uint64 // bytes
	Offset int64  // where in the file they are
}

// Ranges yields the ranges in the order of their addresses. Neighbours that
// the file holds apart are yielded apart.
func (m *Memory) Ranges() iter.Seq[MemoryRange] {
	return func(yield func(MemoryRange) bool) {
		for _, s := range m.segs {
			if !yield(MemoryRange{s.start, s.size, s.off}) {
				return
			}
		}
	}
}

// Len returns the number of ranges.
func (m *Memory) Len() int { return len(m.segs) }

// Find returns the range that holds addr.
func (m *Memory) Find(addr uint64) (MemoryRange, bool) {
	s, ok := m.find(addr)
	if !ok {
		return MemoryRange{}, false
	}
	return MemoryRange{s.start, s.size, s.off}, true
}

// Read fills p from addr on, across neighbouring ranges. It returns how many
// bytes it read; fewer than len(p) come with an error, which is
// [ErrNotMapped] where the dump does not hold the next byte.
func (m *Memory) Read(addr uint64, p []byte) (int, error) {
	i := m.after(addr)
	n := 0
	for n < len(p) {
		if i == 0 || i > len(m.segs) {
			return n, notMapped(addr + uint64(n))
		}
		s := &m.segs[i-1]
		at := addr + uint64(n)
		if at < s.start || at-s.start >= s.size {
			return n, notMapped(at)
		}
		part := p[n:]
		if rest := s.size - (at - s.start); uint64(len(part)) > rest {
			part = part[:rest]
		}
		if err := m.f.readInto(part, s.off+int64(at-s.start)); err != nil {
			return n, err
		}
		n += len(part)
		i++
	}
	return n, nil
}

// notMappedError keeps the address without formatting it, for a missing page
// is an everyday thing.
type notMappedError uint64

func (e notMappedError) Error() string {
	return fmt.Sprintf("minidump: address %#x: %v", uint64(e), ErrNotMapped)
}
func (e notMappedError) Unwrap() error { return ErrNotMapped }

func notMapped(addr uint64) error { return notMappedError(addr) }

// Uint32 reads a number of the process at addr.
func (m *Memory) Uint32(addr uint64) (uint32, error) {
	var b [4]byte
	_, err := m.Read(addr, b[:])
	return m.f.order.Uint32(b[:]), err
}

// Uint64 reads a number of the process at addr.
func (m *Memory) Uint64(addr uint64) (uint64, error) {
	var b [8]byte
	_, err := m.Read(addr, b[:])
	return m.f.order.Uint64(b[:]), err
}

// Pointer reads an address of the process at addr, in the process's width.
func (m *Memory) Pointer(addr uint64) (uint64, error) {
	if m.f.PointerSize() == 4 {
		v, err := m.Uint32(addr)
		return uint64(v), err
	}
	return m.Uint64(addr)
}

// Section returns the size bytes of memory from base on as an io.ReaderAt,
// whose offset 0 is base. A read that meets a hole returns what stands before
// it and an error that is [ErrNotMapped].
func (m *Memory) Section(base, size uint64) io.ReaderAt { return memorySection{m, base, size} }

type memorySection struct {
	m          *Memory
	base, size uint64
}

func (s memorySection) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fmt.Errorf("minidump: negative offset %d", off)
	}
	if uint64(off) >= s.size {
		return 0, io.EOF
	}
	short := false
	if rest := s.size - uint64(off); uint64(len(p)) > rest {
		p, short = p[:rest], true
	}
	n, err := s.m.Read(s.base+uint64(off), p)
	if err == nil && short {
		err = io.EOF
	}
	return n, err
}

// ByteOrder returns the order of the process's numbers.
func (m *Memory) ByteOrder() binary.ByteOrder { return m.f.order }
