package pdb

import (
	"encoding/binary"

	"github.com/handletrace/handletrace/internal/cursor"
)

// Numbers of the streams that stand in a fixed place.
const (
	streamInfo = 1
	streamTPI  = 2
	streamDBI  = 3
	streamIPI  = 4

	noStream = 0xffff // in 16-bit fields that name a stream
)

// Flags of the DBI header.
const (
	dbiIncrementalLink = 1 << 0
	dbiStripped        = 1 << 1
)

// Places in the DBI stream's optional debug header.
const (
	dbgOmapToSrc      = 3
	dbgOmapFromSrc    = 4
	dbgSectionHdr     = 5
	dbgSectionHdrOrig = 10
	dbgEntries        = 11
)

const (
	dbiHeaderSize    = 64
	dbiSignature     = 0xffffffff
	dbiVersionV70    = 19990903
	dbiVersionOldest = 19960307 // V50: the first with this header
)

// substream is a part of a stream.
type substream struct {
	off, size uint32
}

// dbi is the header of the DBI stream.
type dbi struct {
	present       bool
	age           uint32
	publics       uint16 // stream numbers
	symRecords    uint16
	flags         uint16
	machine       uint16
	modules       substream
	contributions substream
	fileInfo      substream
	debugStreams  [dbgEntries]uint16
}

func (f *File) readDBI() error {
	for i := range f.dbi.debugStreams {
		f.dbi.debugStreams[i] = noStream
	}
	f.dbi.publics, f.dbi.symRecords = noStream, noStream
	s, err := f.stream(streamDBI, "DBI stream")
	if err != nil || s.size == 0 {
		return err // a PDB of types only has none
	}
	head, err := s.bytes(nil, 0, min(s.size, dbiHeaderSize))
	if err != nil {
		return err
	}
	c := cursor.LittleEndian(head)
	if signature, version := c.Uint32(), c.Uint32(); len(head) < dbiHeaderSize ||
		signature != dbiSignature || version < dbiVersionOldest {
		return &FormatError{s.name, 0, "a header of version V50 or later"}
	}
	d := &f.dbi
	d.age = c.Uint32()
	c.Skip(4) // global stream, build number
	d.publics = c.Uint16()
	c.Skip(2)
	d.symRecords = c.Uint16()
	c.Skip(2)
	// The sizes stand in the order of the substreams, but for the last two.
	sizes := make([]uint32, 5)
	for i := range sizes {
		sizes[i] = c.Uint32()
	}
	c.Skip(4) // MFC type server
	debugHeader, ec := c.Uint32(), c.Uint32()
	d.flags, d.machine = c.Uint16(), c.Uint16()
	d.present = true

	var parts [7]substream
	off := uint64(dbiHeaderSize)
	for i, size := range append(sizes, ec, debugHeader) {
		start := min(off, uint64(s.size))
		off += uint64(size)
		parts[i] = substream{uint32(start), uint32(min(off, uint64(s.size)) - start)}
	}
	d.modules, d.contributions, d.fileInfo = parts[0], parts[1], parts[3]
	if err := f.readDebugStreams(s, parts[6]); err != nil {
		return err
	}
	if off > uint64(s.size) {
		return &FormatError{s.name, dbiHeaderSize, "substreams inside of the stream"}
	}
	return nil
}

func (f *File) readDebugStreams(s *Stream, part substream) error {
	data, err := s.bytes(nil, part.off, min(part.size, dbgEntries*2))
	for i := 0; i+2 <= len(data); i += 2 {
		f.dbi.debugStreams[i/2] = binary.LittleEndian.Uint16(data[i:])
	}
	return err
}
