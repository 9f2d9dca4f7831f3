package pdb

import (
	"encoding/binary"
	"sort"
)

// omapEntry says that the addresses from rva on, up to the next entry's, were
// moved to those from to on.
type omapEntry struct {
	rva, to uint32
}

// mapped is false where the addresses have no counterpart. Microsoft's tools
// write 0 there, Syzygy 0x80000000, which is past any image.
func (e omapEntry) mapped() bool { return e.to != 0 && e.to < 1<<31 }

func (f *File) readOmap(index int) ([]omapEntry, error) {
	s, err := f.stream(uint32(f.dbi.debugStreams[index]), "OMAP stream")
	if err != nil {
		return nil, err
	}
	data, err := s.bytes(nil, 0, s.size&^7)
	if err != nil {
		return nil, err
	}
	entries := make([]omapEntry, len(data)/8)
	for i := range entries {
		entries[i] = omapEntry{binary.LittleEndian.Uint32(data[8*i:]), binary.LittleEndian.Uint32(data[8*i+4:])}
	}
	less := func(i, j int) bool { return entries[i].rva < entries[j].rva }
	if !sort.SliceIsSorted(entries, less) {
		sort.SliceStable(entries, less)
	}
	return entries, nil
}

// translate moves an address. What has no counterpart, such as code that a tool
// put in between, counts as the last byte before it that has one (as under
// DbgHelp's SYMOPT_OMAP_FIND_NEAREST).
func translate(entries []omapEntry, rva uint32) (uint32, bool) {
	i := sort.Search(len(entries), func(i int) bool { return entries[i].rva > rva }) - 1
	if i < 0 {
		return 0, false
	}
	if e := entries[i]; e.mapped() {
		return e.to + (rva - e.rva), true
	}
	for ; i > 0; i-- {
		if e := entries[i-1]; e.mapped() && entries[i].rva > e.rva {
			return e.to + (entries[i].rva - e.rva) - 1, true
		}
	}
	return 0, false
}
