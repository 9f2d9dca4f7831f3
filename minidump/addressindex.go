package minidump

import (
	"math/bits"
	"sort"
	"sync"
	"sync/atomic"
)

// addressIndex finds a segment by address. The table that makes it fast is
// made at the first look-up, for many a dump is only listed.
type addressIndex struct {
	segs  []segment
	once  sync.Once
	table atomic.Pointer[pageTable]
}

// pageTable is a hash table of the pages that segments touch. It leads to the
// first segment of the page, from where a few steps lead to the right one.
// Pages are as large as segments are on average, so that the table stays small
// and the steps few. Where they are not few, and for addresses that are in no
// segment, a binary search decides.
type pageTable struct {
	segs  []segment
	shift uint     // of an address, to its page
	slots []uint32 // ranks plus 1, of a power of two; 0 is empty
	mask  uint64
}

const (
	minPageShift = 12
	maxSteps     = 8
)

// find returns the segment that holds addr, or nil.
func (x *addressIndex) find(addr uint64) *segment {
	if t := x.table.Load(); t != nil {
		return t.find(addr)
	}
	x.once.Do(func() { x.table.Store(newPageTable(x.segs)) })
	return x.table.Load().find(addr)
}

func search(segs []segment, addr uint64) *segment {
	if i := after(segs, addr); i > 0 && addr-segs[i-1].start < segs[i-1].size {
		return &segs[i-1]
	}
	return nil
}

// after returns the rank of the first segment that starts above addr.
func after(segs []segment, addr uint64) int {
	return sort.Search(len(segs), func(i int) bool { return segs[i].start > addr })
}

func newPageTable(segs []segment) *pageTable {
	x := &pageTable{segs: segs}
	if len(segs) == 0 {
		return x
	}
	total := uint64(0)
	for i := range segs {
		total += segs[i].size
	}
	x.shift = max(minPageShift, uint(bits.Len64(total/uint64(len(segs)))))
	pages := uint64(0)
	next := uint64(0)
	for i := range segs {
		first, last := x.pages(&segs[i], next)
		pages += last + 1 - first
		next = last + 1
	}
	x.slots = make([]uint32, 1<<bits.Len64(pages+pages/2))
	x.mask = uint64(len(x.slots) - 1)
	next = 0
	for i := range segs {
		first, last := x.pages(&segs[i], next)
		for p := first; p <= last; p++ {
			x.insert(p, uint32(i+1))
		}
		next = last + 1
	}
	return x
}

// pages returns the pages that a segment is the first to touch, from next on.
func (x *pageTable) pages(s *segment, next uint64) (first, last uint64) {
	return max(s.start>>x.shift, next), (s.start + (s.size - 1)) >> x.shift
}

func (x *pageTable) insert(page uint64, rank uint32) {
	h := hash(page) & x.mask
	for x.slots[h] != 0 {
		h = (h + 1) & x.mask
	}
	x.slots[h] = rank
}

// hash spreads the pages, which come in runs.
func hash(page uint64) uint64 { return (page * 0x9e3779b97f4a7c15) >> 32 }

// find returns the segment that holds addr. The usual case, in which the
// page's first slot leads to it, is small enough to be fast.
func (x *pageTable) find(addr uint64) *segment {
	page := addr >> (x.shift & 63)
	if h := hash(page) & x.mask; h < uint64(len(x.slots)) {
		if i := uint(x.slots[h]) - 1; i < uint(len(x.segs)) {
			if s := &x.segs[i]; addr-s.start < s.size {
				return s
			}
			return x.probe(page, addr)
		}
	}
	return nil
}

// probe looks for the first segment of the page, and goes on from there.
func (x *pageTable) probe(page, addr uint64) *segment {
	for h := hash(page); ; h++ {
		i := int(x.slots[h&x.mask])
		if i == 0 {
			return nil
		}
		s := &x.segs[i-1]
		if s.start>>x.shift <= page && (s.start+(s.size-1))>>x.shift >= page {
			return x.step(i-1, addr)
		}
	}
}

// step looks for addr from the segment of rank i on.
func (x *pageTable) step(i int, addr uint64) *segment {
	for n := 0; n < maxSteps && i < len(x.segs); n++ {
		if s := &x.segs[i]; addr-s.start < s.size {
			return s
		} else if addr < s.start {
			return nil
		}
		i++
	}
	return search(x.segs, addr)
}
