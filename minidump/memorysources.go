package minidump

import (
	"iter"
	"slices"
)

// memorySources are all ranges that a dump names, in the order in which the
// first wins where some overlap: MemoryList, Memory64List, stacks.
type memorySources struct {
	f      *File
	list   []MemoryDescriptor
	base64 uint64
	full   []MemoryDescriptor64
	stacks []segment
	cut    int  // ranges that reach beyond the end of the file
	bare   int  // ranges that have no place in the file
	silent bool // whether what is wrong with a range was told before
	// offsets are those of full in the file, made where they are not gone
	// through in turn.
	offsets []uint64
	live    numberHeap // of sweep, between its passes
	overlap uint32     // the first range that sweep found inside another
}

// addFull adds the ranges of Memory64List, which lie end to end: where the
// first is no memory, none is.
func (s *memorySources) addFull(l *Memory64List) {
	if l.BaseRva < headerSize && len(l.Ranges) > 0 {
		s.f.warn(Memory64ListStream, s.f.offsetOf(Memory64ListStream),
			"%d ranges of memory are left out: their place in the file, %#x, is the header's; the dump was not written to its end", len(l.Ranges), l.BaseRva)
		return
	}
	s.base64, s.full = l.BaseRva, l.Ranges
}

// streamOf returns the stream that names range n.
func (s *memorySources) streamOf(n uint32) StreamType {
	switch i := int(n); {
	case i < len(s.list):
		return MemoryListStream
	case i < len(s.list)+len(s.full):
		return Memory64ListStream
	}
	return ThreadListStream
}

// all yields the ranges that have bytes in the file, cut to those, with their
// numbers.
func (s *memorySources) all() iter.Seq2[uint32, segment] {
	return func(yield func(uint32, segment) bool) {
		n := uint32(0)
		for _, r := range s.list {
			if seg, ok := s.clip(MemoryListStream, r.StartOfMemoryRange, uint64(r.Memory.DataSize), uint64(r.Memory.Rva)); ok && !yield(n, seg) {
				return
			}
			n++
		}
		rva := s.base64
		for _, r := range s.full {
			if seg, ok := s.clip(Memory64ListStream, r.StartOfMemoryRange, r.DataSize, rva); ok && !yield(n, seg) {
				return
			}
			rva = behind(rva, r.DataSize)
			n++
		}
		for _, seg := range s.stacks {
			if !yield(n, seg) {
				return
			}
			n++
		}
		s.silent = true
	}
}

// behind is where in the file the next range of Memory64List is.
func behind(rva, size uint64) uint64 {
	if rva+size < rva {
		return ^uint64(0)
	}
	return rva + size
}

// at returns range n, which has bytes in the file.
func (s *memorySources) at(n uint32) segment {
	i := int(n)
	if i < len(s.list) {
		r := s.list[i]
		seg, _ := s.clip(MemoryListStream, r.StartOfMemoryRange, uint64(r.Memory.DataSize), uint64(r.Memory.Rva))
		return seg
	}
	if i -= len(s.list); i < len(s.full) {
		seg, _ := s.clip(Memory64ListStream, s.full[i].StartOfMemoryRange, s.full[i].DataSize, s.offsets[i])
		return seg
	}
	return s.stacks[i-len(s.full)]
}

// clip returns a range as far as it lies in the file and in the address space.
func (s *memorySources) clip(t StreamType, start, size, rva uint64) (segment, bool) {
	if size == 0 {
		return segment{}, false
	}
	if start+size-1 < start {
		if !s.silent {
			s.f.warn(t, int64(rva), "the range at %#x with %#x bytes is left out: it exceeds the address space", start, size)
		}
		return segment{}, false
	}
	if start+size == 0 {
		size-- // so that every range has an end; no process has that byte
	}
	if rva < headerSize {
		if s.bare++; s.bare == 1 {
			s.f.warn(t, int64(rva), "the %#x bytes of memory at %#x are left out: their place in the file, %#x, is the header's; the dump was not written to its end", size, start, rva)
		}
		return segment{}, false
	}
	fileSize := uint64(s.f.size)
	if rva >= fileSize || size > fileSize-rva {
		there := fileSize - min(rva, fileSize)
		if s.cut++; s.cut == 1 {
			s.f.warn(t, int64(min(rva, fileSize)), "%#x of the %#x bytes of memory at %#x are in the file; the dump was cut, what lies behind is missing", there, size, start)
		}
		size = there
	}
	return segment{start, size, int64(rva)}, size > 0
}

// inOrder returns how many ranges there are, and whether they stand in the
// order of their addresses and do not overlap.
func (s *memorySources) inOrder() (count int, ok bool) {
	end, ok := uint64(0), true
	for _, seg := range s.all() {
		ok = ok && seg.start >= end
		end = seg.end()
		count++
	}
	return count, ok
}

// sorted returns the numbers of the count ranges in the order of their
// addresses.
func (s *memorySources) sorted(count int) []uint32 {
	s.makeOffsets()
	numbers := make([]uint32, 0, count)
	for n := range s.all() {
		numbers = append(numbers, n)
	}
	slices.SortFunc(numbers, func(a, b uint32) int {
		if c := compare(s.start(a), s.start(b)); c != 0 {
			return c
		}
		return compare(uint64(a), uint64(b))
	})
	return numbers
}

func (s *memorySources) makeOffsets() {
	if s.offsets != nil {
		return
	}
	s.offsets = make([]uint64, len(s.full))
	rva := s.base64
	for i, r := range s.full {
		s.offsets[i] = rva
		rva = behind(rva, r.DataSize)
	}
}

// start is the start of range n.
func (s *memorySources) start(n uint32) uint64 {
	i := int(n)
	if i < len(s.list) {
		return s.list[i].StartOfMemoryRange
	}
	if i -= len(s.list); i < len(s.full) {
		return s.full[i].StartOfMemoryRange
	}
	return s.stacks[i-len(s.full)].start
}

// addStacks adds the stacks that are not in segs, and reports whether there
// are any.
func (s *memorySources) addStacks(threads []Thread, segs []segment) bool {
	s.silent = false
	for i := range threads {
		st := threads[i].Stack
		if st.Memory.Rva == 0 || st.Memory.DataSize == 0 {
			continue
		}
		if covered(segs, st.StartOfMemoryRange, uint64(st.Memory.DataSize)) {
			continue
		}
		if s.stacks == nil {
			s.stacks = make([]segment, 0, len(threads)-i)
		}
		if seg, ok := s.clip(ThreadListStream, st.StartOfMemoryRange, uint64(st.Memory.DataSize), uint64(st.Memory.Rva)); ok {
			s.stacks = append(s.stacks, seg)
		}
	}
	s.silent = true
	return s.stacks != nil
}

// covered reports whether neighbouring segments hold all of a range.
func covered(segs []segment, start, size uint64) bool {
	for i := after(segs, start); i > 0 && i <= len(segs); i++ {
		seg := &segs[i-1]
		if start < seg.start || start-seg.start >= seg.size {
			return false
		}
		there := seg.end() - start
		if size <= there {
			return true
		}
		start, size = start+there, size-there
	}
	return false
}
