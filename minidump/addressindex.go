package minidump

import (
	"sort"
	"sync"
	"sync/atomic"
)

// addressIndex finds a segment by address: by binary search at first, and
// through a table of pages once there were look-ups enough to be worth it, for
// many a dump is only listed.
type addressIndex struct {
	segs  []segment
	asked atomic.Uint32
	once  sync.Once
	table atomic.Pointer[pageTable]
}

// manyLookups is after how many of them the table is made.
const manyLookups = 2048

// find returns the segment that holds addr, or nil.
func (x *addressIndex) find(addr uint64) *segment {
	if i := x.rank(addr); i > 0 {
		return &x.segs[i-1]
	}
	return nil
}

// rank returns the rank of the segment that holds addr, from 1 on, or 0.
func (x *addressIndex) rank(addr uint64) int {
	if t := x.table.Load(); t != nil {
		return t.rank(addr)
	}
	if x.asked.Add(1) > manyLookups {
		x.once.Do(func() { x.table.Store(newPageTable(x.segs)) })
	}
	return search(x.segs, addr)
}

// search returns the rank of the segment that holds addr, from 1 on, or 0.
func search(segs []segment, addr uint64) int {
	if i := after(segs, addr); i > 0 && addr-segs[i-1].start < segs[i-1].size {
		return i
	}
	return 0
}

// after returns the rank of the first segment that starts above addr.
func after(segs []segment, addr uint64) int {
	return sort.Search(len(segs), func(i int) bool { return segs[i].start > addr })
}
