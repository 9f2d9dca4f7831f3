package minidump

import (
	"errors"
	"slices"
)

func (f *File) buildMemory() (*Memory, error) {
	s := &memorySources{f: f}
	list, listErr := f.MemoryList()
	s.list = list
	full, fullErr := f.Memory64List()
	if fullErr == nil {
		s.addFull(full)
	}
	threads, threadsErr := f.Threads()
	segs, overlaps := s.disjoint()
	if s.addStacks(threads, segs) {
		segs, overlaps = s.disjoint()
	}
	if err := errors.Join(ignoreAbsent(listErr), ignoreAbsent(fullErr), ignoreAbsent(threadsErr)); err != nil && len(segs) == 0 {
		return nil, err
	}
	if overlaps > 0 {
		t := s.streamOf(s.overlap)
		f.warn(t, f.offsetOf(t), "ranges of memory overlap in %d places, the first at %#x; the range that stands first in the file is served", overlaps, s.start(s.overlap))
	}
	return newMemory(f, segs), nil
}

func ignoreAbsent(err error) error {
	if errors.Is(err, ErrNoStream) {
		return nil
	}
	return err
}

// disjoint returns the segments in the order of their addresses, and how many
// ranges overlapped with another.
func (s *memorySources) disjoint() (segs []segment, overlaps int) {
	count, inOrder := s.inOrder()
	if inOrder {
		segs = make([]segment, 0, count)
		for _, seg := range s.all() {
			segs = append(segs, seg)
		}
		return segs, 0
	}
	sorted := s.sorted(count)
	end := uint64(0)
	for _, n := range sorted {
		seg := s.at(n)
		if seg.start < end {
			return s.resolve(sorted)
		}
		end = seg.end()
	}
	segs = make([]segment, 0, count)
	for _, n := range sorted {
		segs = append(segs, s.at(n))
	}
	return segs, 0
}

// plentyOfPieces is how many segments overlapping ranges may be cut into,
// whatever their number.
const plentyOfPieces = 1 << 17

// resolve serves every address from the first range of the file that holds
// it. Two passes are made, for the first tells how much memory the second
// needs.
func (s *memorySources) resolve(sorted []uint32) (segs []segment, overlaps int) {
	// Real dumps have a few overlaps at most; where a hostile one would make
	// more segments than it has bytes for, the last are left out.
	most := max(len(sorted)+len(sorted)/8, plentyOfPieces)
	count, last := 0, segment{}
	overlaps = s.sweep(sorted, func(piece segment) bool {
		if !continues(last, piece) {
			count++
		}
		last = piece
		return count <= most
	})
	segs = make([]segment, 0, min(count, most))
	s.sweep(sorted, func(piece segment) bool {
		n := len(segs)
		switch {
		case n > 0 && continues(segs[n-1], piece):
			segs[n-1].size += piece.size
		case n == most:
			s.f.warn(MemoryListStream, piece.off, "the memory from %#x on is left out: ranges overlap in too many places", piece.start)
			return false
		default:
			segs = append(segs, piece)
		}
		return true
	})
	return slices.Clip(segs), overlaps
}

// sweep goes through the address space and yields which range serves what. The
// work is n log n for any input: a heap tells the first range over each place.
// It returns how many ranges begin inside others.
func (s *memorySources) sweep(sorted []uint32, yield func(segment) bool) (overlaps int) {
	live := s.live[:0]
	defer func() { s.live = live }()
	next, at := 0, uint64(0)
	for next < len(sorted) || len(live) > 0 {
		live = s.dropEnded(live, at)
		if len(live) == 0 {
			if next == len(sorted) {
				return overlaps
			}
			at = s.start(sorted[next])
		}
		for ; next < len(sorted) && s.start(sorted[next]) == at; next++ {
			if len(live) > 0 {
				if overlaps++; overlaps == 1 {
					s.overlap = sorted[next]
				}
			}
			live.push(sorted[next])
		}
		seg := s.at(live[0])
		end := seg.end()
		if next < len(sorted) {
			end = min(end, s.start(sorted[next]))
		}
		if end > at && !yield(segment{at, end - at, seg.off + int64(at-seg.start)}) {
			return overlaps
		}
		at = end
	}
	return overlaps
}

// dropEnded drops the first ranges of the heap that end at or before an
// address.
func (s *memorySources) dropEnded(live numberHeap, at uint64) numberHeap {
	for len(live) > 0 {
		if seg := s.at(live[0]); seg.end() > at {
			break
		}
		live.pop()
	}
	return live
}

// continues reports whether b follows a in memory and in the file.
func continues(a, b segment) bool {
	return a.end() == b.start && a.off+int64(a.size) == b.off
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
