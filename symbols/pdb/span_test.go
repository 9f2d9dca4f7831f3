package pdb

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// slowWinner is the rule of flatten said plainly.
func slowWinner(spans []span, p place) int {
	best := -1
	for i, s := range spans {
		if s.sect == p.sect && s.off <= p.off && p.off < s.end && (best < 0 || s.off > spans[best].off) {
			best = i
		}
	}
	if best < 0 {
		return -1
	}
	return int(spans[best].id)
}

func TestFlatten(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 0))
		spans := make([]span, r.IntN(12))
		for i := range spans {
			off := r.Uint32N(40)
			spans[i] = span{off: off, end: off + r.Uint32N(20), sect: uint16(1 + r.IntN(2)), id: uint32(i)}
		}
		sortSpans(spans)
		flat := flatten(slices.Clone(spans))
		if overlapping(flat) {
			t.Fatalf("%v: %v overlaps", spans, flat)
		}
		for sect := range uint16(4) {
			for off := range uint32(64) {
				p := place{sect, off}
				got := findSpan(flat, p)
				if got >= 0 {
					got = int(flat[got].id)
				}
				if want := slowWinner(spans, p); got != want {
					t.Fatalf("%v\n%v\n%v: %d, want %d", spans, flat, p, got, want)
				}
			}
		}
	}
}

func TestJoinRuns(t *testing.T) {
	got := joinRuns([]span{{0, 4, 1, 1}, {8, 12, 1, 1}, {12, 16, 2, 1}, {16, 20, 1, 1}, {0, 4, 1, 2}})
	want := []span{{0, 12, 1, 1}, {12, 16, 2, 1}, {16, 20, 1, 1}, {0, 4, 1, 2}}
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}
