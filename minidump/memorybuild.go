package minidump

import (
	"errors"
	"slices"
)

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
	if start+size == 0 {
		size-- // so that every range has an end; no process has that byte
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
	b.segs, b.sorted = b.disjoint(), true
	known := b.segs
	for i := range threads {
		st := threads[i].Stack
		if st.Memory.Rva == 0 || st.Memory.DataSize == 0 {
			continue
		}
		if s := search(known, st.StartOfMemoryRange); s != nil && uint64(st.Memory.DataSize) <= s.end()-st.StartOfMemoryRange {
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
