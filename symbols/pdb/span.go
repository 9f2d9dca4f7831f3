package pdb

import (
	"cmp"
	"slices"
	"sort"
)

// span is a range of code or data and what it belongs to.
type span struct {
	off, end uint32
	id       uint32
	sect     uint16
}

func (s span) start() uint64 { return place{s.sect, s.off}.key() }

// sortSpans puts spans in the order of their places. Spans that begin together
// keep their order.
func sortSpans(spans []span) {
	byStart := func(a, b span) int { return cmp.Compare(a.start(), b.start()) }
	if !slices.IsSortedFunc(spans, byStart) {
		slices.SortStableFunc(spans, byStart)
	}
}

// findSpan returns the index of the span that holds p, or -1. The spans must
// be sorted and must not overlap.
func findSpan(spans []span, p place) int {
	key := p.key()
	lo, hi := 0, len(spans)
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		if spans[mid].start() <= key {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if i := lo - 1; i >= 0 && spans[i].sect == p.sect && p.off < spans[i].end {
		return i
	}
	return -1
}

// findID is findSpan for the span's id.
func findID(spans []span, p place) int {
	i := findSpan(spans, p)
	if i < 0 {
		return -1
	}
	return int(spans[i].id)
}

// flatten cuts overlapping spans into pieces that do not overlap. Where two
// overlap the one that begins later wins, as the more particular; of two that
// begin together, the earlier in the slice. The spans must be sorted.
func flatten(spans []span) []span {
	if !overlapping(spans) {
		return spans
	}
	out := make([]span, 0, len(spans)+len(spans)/4)
	var open []span // enclosing spans, the winning one last
	emit := func(sect uint16, from, to uint32) {
		// What lies between from and to goes to the innermost open span.
		for from < to && len(open) > 0 {
			top := open[len(open)-1]
			if top.end <= from {
				open = open[:len(open)-1]
				continue
			}
			end := min(top.end, to)
			if n := len(out); n > 0 && out[n-1].id == top.id && out[n-1].sect == sect && out[n-1].end == from {
				out[n-1].end = end
			} else {
				out = append(out, span{off: from, end: end, id: top.id, sect: sect})
			}
			from = end
		}
	}
	var at place
	for i := 0; i < len(spans); {
		s := spans[i]
		if s.sect != at.sect {
			emit(at.sect, at.off, ^uint32(0))
			open, at = open[:0], place{s.sect, s.off}
		}
		emit(at.sect, at.off, s.off)
		at.off = s.off
		j := i + sort.Search(len(spans)-i, func(k int) bool { return spans[i+k].start() > s.start() })
		// Dropping the ended ones keeps the stack as deep as real nesting is.
		for len(open) > 0 && open[len(open)-1].end <= at.off {
			open = open[:len(open)-1]
		}
		for k := j - 1; k >= i; k-- {
			open = append(open, spans[k])
		}
		i = j
	}
	emit(at.sect, at.off, ^uint32(0))
	return out
}

func overlapping(spans []span) bool {
	for i := 1; i < len(spans); i++ {
		if a, b := spans[i-1], spans[i]; a.sect == b.sect && b.off < a.end {
			return true
		}
	}
	return false
}
