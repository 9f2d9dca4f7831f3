package dwarfsym

import "github.com/handletrace/handletrace/symbols/pe"

// baseGranularity is what images are moved by.
const baseGranularity = 64 << 10

// preferredBase returns the base that the addresses in DWARF count from. The
// loader does not change them when it moves an image, but it writes the new base
// into the header. In memory the old one is found by the lowest address of code,
// which is in the first section of code, near its beginning.
func (f *File) preferredBase(img *pe.Image) uint64 {
	if !img.IsMapped() {
		return img.ImageBase
	}
	lowest, ok := f.lowestAddress()
	inImage := lowest-img.ImageBase < uint64(img.SizeOfImage)
	if !ok || inImage {
		return img.ImageBase
	}
	for _, s := range img.Sections() {
		if s.IsExecutable() {
			return (lowest - uint64(s.VirtualAddress)) &^ (baseGranularity - 1)
		}
	}
	return img.ImageBase
}

// lowestAddress returns the lowest address of the units' code. Lower ones than
// any image's are of code that the linker left out.
func (f *File) lowestAddress() (lowest uint64, ok bool) {
	list := newAbbrevList(f.sections.abbrev)
	budget := 1<<16 + int(f.size/4)
	keep := func(address uint64) {
		if address >= baseGranularity && (!ok || address < lowest) {
			lowest, ok = address, true
		}
	}
	for off, n := uint64(0), 0; n < maxUnits; n++ {
		u, more := readUnit(f.sections.info, off)
		if !more {
			break
		}
		off = u.end
		if u.first == 0 {
			continue
		}
		e, isRoot := f.readRoot(u, list)
		if !isRoot {
			continue
		}
		u.base, _ = f.address(u, e.lowPC)
		rr := rangeReader{f: f, u: u, budget: budget, raw: keep}
		rr.ranges(nil, &e)
		budget = rr.budget
	}
	f.eachAddressRange(func(_, low, _ uint64) { keep(low) })
	return lowest, ok
}
