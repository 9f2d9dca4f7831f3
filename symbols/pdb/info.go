package pdb

import (
	"encoding/binary"
	"fmt"

	"github.com/handletrace/handletrace/internal/cursor"
)

// GUID is a Windows GUID as it is stored: the first three fields
// little-endian.
type GUID [16]byte

// String returns the usual form, upper case and without braces:
// 72E103A8-5CB2-4907-8B76-B2E7C06257B1.
func (g GUID) String() string {
	d1, d2, d3 := g.fields()
	return fmt.Sprintf("%08X-%04X-%04X-%X-%X", d1, d2, d3, g[8:10], g[10:])
}

func (g GUID) fields() (uint32, uint16, uint16) {
	return binary.LittleEndian.Uint32(g[:]), binary.LittleEndian.Uint16(g[4:]), binary.LittleEndian.Uint16(g[6:])
}

// Feature codes of the PDB information stream.
const (
	featureVC110            = 20091201 // nothing follows it
	featureVC140            = 20140508 // the file has an IPI stream
	featureNoTypeMerge      = 0x4d544f4e
	featureMinimalDebugInfo = 0x494e494d // /DEBUG:FASTLINK
)

// Versions of the PDB information stream; those before VC70 have no GUID.
const infoVersionVC70 = 20000404

// info is the PDB information stream.
type info struct {
	version   uint32
	signature uint32 // seconds since 1970, or a hash
	age       uint32
	guid      GUID
	named     map[string]uint32
	fastLink  bool
	hasIPI    bool
}

func (f *File) readInfo() error {
	s, err := f.stream(streamInfo, "PDB information stream")
	if err != nil {
		return err
	}
	data, err := s.bytes(nil, 0, s.size)
	if err != nil {
		return err
	}
	c := cursor.LittleEndian(data)
	f.info.version, f.info.signature, f.info.age = c.Uint32(), c.Uint32(), c.Uint32()
	if f.info.version >= infoVersionVC70 {
		copy(f.info.guid[:], c.Bytes(len(f.info.guid)))
	}
	if c.Err() != nil {
		return &FormatError{s.name, int64(c.Offset()), "version, signature, age and GUID"}
	}
	// What follows is a convenience; its damage costs named streams only.
	f.info.named = readNamedStreams(c)
	for c.Err() == nil && c.Len() >= 4 {
		switch c.Uint32() {
		case featureMinimalDebugInfo:
			f.info.fastLink = true
		case featureVC140, featureVC110:
			f.info.hasIPI = true
		}
	}
	return nil
}

// readNamedStreams reads the serialised hash table that maps offsets in a
// string buffer to stream numbers. The order of the buckets carries nothing.
func readNamedStreams(c *cursor.Cursor) map[string]uint32 {
	names := c.Bytes(int(c.Uint32()))
	count := c.Uint32()
	c.Uint32() // capacity
	for range 2 {
		c.Skip(int(c.Uint32()) * 4) // the present and deleted bits
	}
	if c.Err() != nil || int64(count)*8 > int64(c.Len()) {
		return nil
	}
	named := make(map[string]uint32, count)
	for range count {
		name := cursor.LittleEndian(names)
		name.Seek(int(c.Uint32()))
		stream := c.Uint32()
		if s := name.CString(); name.Err() == nil {
			named[s] = stream
		}
	}
	return named
}
