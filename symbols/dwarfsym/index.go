package dwarfsym

import (
	"cmp"
	"iter"
	"slices"
)

// index says which unit has the code at an address.
type index struct {
	units  []*unit // by offset
	ranges []unitRange
	ends   []uint32 // the highest end of the ranges up to each
}

type unitRange struct {
	codeRange
	unit *unit
}

// maxUnits is ten times more than the biggest programs have.
const maxUnits = 1 << 20

// readIndex reads the heads of all units.
func (f *File) readIndex() *index {
	x := &index{}
	list := newAbbrevList(f.sections.abbrev)
	budget := 1<<16 + int(f.size/4)
	addressRanges := f.addressRanges()
	for off := uint64(0); len(x.units) < maxUnits; {
		u, ok := readUnit(f.sections.info, off)
		if !ok {
			break
		}
		off = u.end
		if u.first == 0 {
			continue
		}
		x.units = append(x.units, u)
		e, ok := f.readRoot(u, list)
		if !ok || !u.hasCode() {
			continue
		}
		u.base, _ = f.address(u, e.lowPC)
		rr := rangeReader{f: f, u: u, budget: budget}
		before := len(x.ranges)
		for _, r := range f.unitRanges(&rr, &e, addressRanges[u.off], list) {
			x.ranges = append(x.ranges, unitRange{r, u})
		}
		budget -= len(x.ranges) - before
	}
	x.finish()
	return x
}

// unitRanges returns where a unit's code is: what it says itself, and what
// .debug_aranges knows where a unit has but one range. A unit of which nothing
// is known is decoded to find out.
func (f *File) unitRanges(rr *rangeReader, e *entry, known []codeRange, list *abbrevList) []codeRange {
	ranges := rr.ranges(nil, e)
	if e.ranges.form == 0 {
		ranges = append(ranges, known...)
	}
	if len(ranges) > 0 || e.ranges.form != 0 || e.lowPC.form != 0 || !e.children {
		return ranges
	}
	if list.budget <= 0 {
		return nil
	}
	t, read := f.decode(rr.u)
	list.budget -= read
	for _, fn := range t.functions {
		ranges = append(ranges, fn.codeRange)
	}
	return ranges
}

func (x *index) finish() {
	slices.SortStableFunc(x.ranges, func(a, b unitRange) int { return cmp.Compare(a.low, b.low) })
	x.ends = make([]uint32, len(x.ranges))
	highest := uint32(0)
	for i, r := range x.ranges {
		highest = max(highest, r.high)
		x.ends[i] = highest
	}
}

// maxOverlap is how many ranges before an address are looked at for one that
// reaches over those behind it.
const maxOverlap = 1024

// at yields the units that have code at an address, the one whose range begins
// last first.
func (x *index) at(rva uint32) iter.Seq[*unit] {
	return func(yield func(*unit) bool) {
		var last *unit
		i, _ := slices.BinarySearchFunc(x.ranges, rva, func(r unitRange, rva uint32) int {
			if r.low <= rva {
				return -1
			}
			return 1
		})
		for n := i - 1; n >= 0 && n > i-maxOverlap && x.ends[n] > rva; n-- {
			r := &x.ranges[n]
			if r.holds(rva) && r.unit != last {
				if last = r.unit; !yield(last) {
					return
				}
			}
		}
	}
}

// unitAt returns the unit that an entry is in.
func (x *index) unitAt(off uint64) *unit {
	i, found := slices.BinarySearchFunc(x.units, off, func(u *unit, off uint64) int { return cmp.Compare(u.off, off) })
	if !found {
		i--
	}
	if i < 0 || off >= x.units[i].end || off < x.units[i].first {
		return nil
	}
	return x.units[i]
}
