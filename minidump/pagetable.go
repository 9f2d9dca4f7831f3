package minidump

import (
	"math/bits"
	"sort"
)

// pageTable leads from an address to the segment that holds it: nearly always
// by a look into each of two small tables, without a loop or a branch that the
// processor could guess wrong, for either would keep it from what it reads
// ahead. Elsewhere a binary search decides.
//
// The address space is cut into blocks so large that few hold any segment. A
// hash of the block, which is chosen so that no two share one, says where the
// slots of the block's pages are; a slot names the segment that has most of its
// page.
type pageTable struct {
	segs  []segment
	block uint // shift of an address, to its block
	page  uint // shift of an address, to its page
	// factor makes the hash of a block.
	factor uint64
	// first is the number of a block's first slot less that of its first
	// page, by the block's hash.
	first *[1 << hashBits]uint32
	slots []uint32 // ranks from 1 on; 0 is a page without a segment
}

const (
	hashBits  = 14
	maxBlocks = 256
	// plentyOfSlots is how many slots there may be however few segments.
	plentyOfSlots = 1 << 17
	// smallestPage is the least shift to a page.
	smallestPage = 4
)

// newPageTable returns the table, which is empty where none can be made: it
// then leads nowhere.
func newPageTable(segs []segment) *pageTable {
	x := &pageTable{segs: segs, first: new([1 << hashBits]uint32)}
	if len(segs) == 0 {
		return x
	}
	x.block = uint(sort.Search(63, func(shift int) bool { return len(blocksOf(segs, uint(shift), uint(shift))) <= maxBlocks }))
	total := uint64(0)
	for i := range segs {
		total += segs[i].size
	}
	x.page = min(uint(max(bits.Len64(total/uint64(len(segs)))-4, smallestPage)), x.block)
	blocks := blocksOf(segs, x.block, x.page)
	for x.page < x.block && slotsOf(blocks) > max(plentyOfSlots, 4*uint64(len(segs))) {
		x.page++
		blocks = blocksOf(segs, x.block, x.page)
	}
	if x.place(blocks) {
		x.slots = make([]uint32, slotsOf(blocks))
		x.fill()
	}
	return x
}

// pageBlock is the pages of a block from the first to the last that a segment
// touches.
type pageBlock struct{ number, first, last uint64 }

// blocksOf returns the blocks that segments touch, and at most one more than
// there may be.
func blocksOf(segs []segment, block, page uint) []pageBlock {
	var list []pageBlock
	for i := range segs {
		from, to := segs[i].start, segs[i].start+(segs[i].size-1)
		for n := from >> block; n <= to>>block; n++ {
			last := min(to, n<<block|(1<<block-1)) >> page
			if k := len(list); k > 0 && list[k-1].number == n {
				list[k-1].last = last
				continue
			}
			if list = append(list, pageBlock{n, max(from, n<<block) >> page, last}); len(list) > maxBlocks {
				return list
			}
		}
	}
	return list
}

func slotsOf(blocks []pageBlock) (n uint64) {
	for _, b := range blocks {
		n += b.last - b.first + 1
	}
	return n
}

// place looks for a factor with which no two blocks have the same hash, and
// gives each its slots.
func (x *pageTable) place(blocks []pageBlock) bool {
	const golden, tries = 0x9e3779b97f4a7c15, 200
	for i := range uint64(tries) {
		x.factor = golden * (2*i + 1)
		if x.distinct(blocks) {
			next := uint32(0)
			for _, b := range blocks {
				x.first[x.hash(b.number)] = next - uint32(b.first)
				next += uint32(b.last - b.first + 1)
			}
			return true
		}
	}
	return false
}

func (x *pageTable) distinct(blocks []pageBlock) bool {
	var taken [1 << hashBits]bool
	for _, b := range blocks {
		h := x.hash(b.number)
		if taken[h] {
			return false
		}
		taken[h] = true
	}
	return true
}

func (x *pageTable) hash(block uint64) uint64 { return block * x.factor >> (64 - hashBits) }

// slot returns the number of an address's slot. That of an address whose block
// has none may be any number.
func (x *pageTable) slot(addr uint64) uint32 {
	return uint32(addr>>(x.page&63)) + x.first[x.hash(addr>>(x.block&63))]
}

// fill names the segment that has most of each page.
func (x *pageTable) fill() {
	size := uint64(1) << x.page
	before, most := ^uint64(0), uint64(0) // the last page so far, and how much of it its segment has
	for i := range x.segs {
		from, to := x.segs[i].start, x.segs[i].start+(x.segs[i].size-1)
		for p := from >> x.page; p <= to>>x.page; p++ {
			has := min(to, p<<x.page|(size-1)) - max(from, p<<x.page) + 1
			if p == before && has <= most {
				continue
			}
			x.slots[x.slot(p<<x.page)] = uint32(i + 1)
			before, most = p, has
		}
	}
}

// likely returns the rank of the segment that a slot names, from 1 on, or 0.
func (x *pageTable) likely(slot uint32) uint32 {
	if uint(slot) < uint(len(x.slots)) {
		return x.slots[slot]
	}
	return 0
}

// rank returns the rank of the segment that holds addr, from 1 on, or 0.
func (x *pageTable) rank(addr uint64) int {
	if i := x.likely(x.slot(addr)); i > 0 {
		if s := &x.segs[i-1]; addr-s.start < s.size {
			return int(i)
		}
	}
	return search(x.segs, addr)
}
