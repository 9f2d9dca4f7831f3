package minidump

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// segmentsOf returns n segments whose sizes and gaps are below the given ones,
// in some regions of the address space.
func segmentsOf(rnd *rand.Rand, n int, regions []uint64, size, gap uint64) (segs []segment) {
	for _, at := range regions {
		for range n {
			s := segment{start: at + rnd.Uint64N(gap+1), size: 1 + rnd.Uint64N(size)}
			if s.end() < s.start {
				break
			}
			segs, at = append(segs, s), s.end()
		}
	}
	slices.SortFunc(segs, func(a, b segment) int { return compare(a.start, b.start) })
	return segs
}

// Whatever the segments are, the table says what a search says.
func TestPageTable(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 12))
	everywhere := make([]uint64, 2000)
	for i := range everywhere {
		everywhere[i] = uint64(i) << 53
	}
	for what, segs := range map[string][]segment{
		"none":                       nil,
		"one byte":                   {{start: 0x1000, size: 1}},
		"all but the last byte":      {{start: 0, size: math.MaxUint64}},
		"at both ends":               {{start: 0, size: 1}, {start: math.MaxUint64 - 5, size: 5}},
		"pages of a process":         segmentsOf(rnd, 500, []uint64{0x10000, 0x1d000000000, 0x7ff600000000}, 1<<17, 1<<16),
		"small ones":                 segmentsOf(rnd, 5000, []uint64{0x10000}, 8, 3),
		"neighbours":                 segmentsOf(rnd, 1000, []uint64{1 << 40}, 1<<12, 0),
		"a large one and small ones": append(segmentsOf(rnd, 1000, []uint64{0}, 16, 16), segment{start: 1 << 50, size: 1 << 40}),
		"all over the address space": segmentsOf(rnd, 1, everywhere, 100, 1<<52),
		"of all sizes":               segmentsOf(rnd, 60, []uint64{0}, 1<<57, 1),
	} {
		x := newPageTable(segs)
		check := func(addr uint64) {
			if got, want := x.rank(addr), search(segs, addr); got != want {
				t.Fatalf("%s: %#x is in segment %d, want %d", what, addr, got, want)
			}
		}
		for i := range segs {
			s := &segs[i]
			for _, addr := range []uint64{s.start - 1, s.start, s.start + 1, s.start + s.size/2, s.end() - 1, s.end(), s.end() + 1} {
				check(addr)
			}
		}
		for range 1000 {
			check(rnd.Uint64() >> rnd.IntN(64))
		}
		if limit := max(plentyOfSlots, 4*len(segs)); len(x.slots) > limit {
			t.Errorf("%s: %d slots, at most %d were expected", what, len(x.slots), limit)
		}
	}
}

// Of the addresses of an everyday process nearly all are where the table leads
// first.
func TestPageTableLeadsThere(t *testing.T) {
	rnd := rand.New(rand.NewPCG(13, 14))
	for what, gap := range map[string]uint64{"neighbours": 0, "gaps": 1 << 17} {
		segs := segmentsOf(rnd, 7000, []uint64{0x10000, 0x1d000000000, 0x7ff600000000}, 1<<18, gap)
		x := newPageTable(segs)
		const n = 10000
		wrong := 0
		for range n {
			i := rnd.IntN(len(segs))
			addr := segs[i].start + rnd.Uint64N(segs[i].size)
			if x.likely(x.slot(addr)) != uint32(i+1) {
				wrong++
			}
		}
		if wrong > n/6 {
			t.Errorf("%s: %d of %d look-ups need a search", what, wrong, n)
		}
	}
}
