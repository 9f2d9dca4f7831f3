package pdb

import "encoding/binary"

// section is what an address needs of an IMAGE_SECTION_HEADER.
type section struct {
	rva, size uint32
}

const sectionHeaderSize = 40

// maxSections is the PE format's own limit.
const maxSections = 0xffff

func (f *File) readSections(index int) ([]section, error) {
	s, err := f.stream(uint32(f.dbi.debugStreams[index]), "section headers")
	if err != nil {
		return nil, err
	}
	data, err := s.bytes(nil, 0, min(s.size, maxSections*sectionHeaderSize))
	if err != nil {
		return nil, err
	}
	sections := make([]section, len(data)/sectionHeaderSize)
	for i := range sections {
		h := data[i*sectionHeaderSize:]
		size := binary.LittleEndian.Uint32(h[8:])
		if size == 0 {
			size = binary.LittleEndian.Uint32(h[16:]) // SizeOfRawData
		}
		sections[i] = section{binary.LittleEndian.Uint32(h[12:]), size}
	}
	return sections, nil
}

// place is an address as symbols give it: a section's number, from 1, and an
// offset in it.
type place struct {
	sect uint16
	off  uint32
}

// key orders places.
func (p place) key() uint64 { return uint64(p.sect)<<32 | uint64(p.off) }

// addressMap translates between the image's RVAs and the places in symbols.
type addressMap struct {
	sections []section // those that symbols refer to: of the image before it was reordered, if it was
	toSrc    []omapEntry
	fromSrc  []omapEntry
}

func (f *File) readAddressMap() (*addressMap, error) {
	m := &addressMap{}
	var err error
	headers := dbgSectionHdr
	if f.dbi.debugStreams[dbgOmapToSrc] != noStream {
		if m.toSrc, err = f.readOmap(dbgOmapToSrc); err != nil {
			return m, err
		}
		if m.fromSrc, err = f.readOmap(dbgOmapFromSrc); err != nil {
			return m, err
		}
		// Tools that leave the section headers alone write no original ones.
		if f.dbi.debugStreams[dbgSectionHdrOrig] != noStream {
			headers = dbgSectionHdrOrig
		}
	}
	m.sections, err = f.readSections(headers)
	return m, err
}

// place finds the section:offset of an RVA of the image.
func (m *addressMap) place(rva uint32) (place, bool) {
	if len(m.toSrc) > 0 {
		var ok bool
		if rva, ok = translate(m.toSrc, rva); !ok {
			return place{}, false
		}
	}
	for i, s := range m.sections {
		if rva >= s.rva && rva-s.rva < s.size {
			return place{uint16(i + 1), rva - s.rva}, true
		}
	}
	return place{}, false
}

// rva is the inverse of place.
func (m *addressMap) rva(p place) (uint32, bool) {
	if p.sect == 0 || int(p.sect) > len(m.sections) {
		return 0, false
	}
	rva := m.sections[p.sect-1].rva + p.off
	if len(m.fromSrc) > 0 {
		return translate(m.fromSrc, rva)
	}
	return rva, true
}
