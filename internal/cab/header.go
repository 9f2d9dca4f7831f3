package cab

import (
	"encoding/binary"
	"fmt"
)

// Sizes of the structures of [MS-CAB] section 2, without their reserved areas
// and strings.
const (
	headerSize = 36
	folderSize = 8
	fileSize   = 16
	dataSize   = 8
)

// Flags of CFHEADER.
const (
	flagPrevCabinet    = 1
	flagNextCabinet    = 2
	flagReservePresent = 4
)

// header is what CFHEADER says of the lists that follow it.
type header struct {
	folders        int64 // offset of the first CFFOLDER
	files          int64 // offset of the first CFFILE
	nFolders       int
	nFiles         int
	folderReserved int
}

func (c *Reader) readHeader() (header, error) {
	b, err := c.readAt(0, headerSize, "the header")
	if err != nil {
		return header{}, err
	}
	if string(b[:4]) != Magic {
		return header{}, formatErrorf(0, "begins with %q, not with %q", b[:4], Magic)
	}
	if major := b[25]; major != 1 {
		return header{}, fmt.Errorf("cabinet: version %d.%d, want 1.3: %w", major, b[24], ErrUnsupported)
	}
	h := header{
		files:    int64(binary.LittleEndian.Uint32(b[16:])),
		nFolders: int(binary.LittleEndian.Uint16(b[26:])),
		nFiles:   int(binary.LittleEndian.Uint16(b[28:])),
		folders:  headerSize,
	}
	c.SetID = binary.LittleEndian.Uint16(b[32:])
	c.Index = binary.LittleEndian.Uint16(b[34:])
	return h, c.readOptional(&h, binary.LittleEndian.Uint16(b[30:]))
}

// readOptional reads what may follow the fixed part of the header: the sizes of
// reserved areas, and the names of the neighbours in a set.
func (c *Reader) readOptional(h *header, flags uint16) error {
	if flags&flagReservePresent != 0 {
		b, err := c.readAt(h.folders, 4, "the reserved areas' sizes")
		if err != nil {
			return err
		}
		h.folders += 4 + int64(binary.LittleEndian.Uint16(b))
		h.folderReserved = int(b[2])
		c.reserved = int(b[3])
	}
	for _, neighbour := range []struct {
		flag uint16
		name *string
	}{{flagPrevCabinet, &c.Previous}, {flagNextCabinet, &c.Next}} {
		if flags&neighbour.flag == 0 {
			continue
		}
		var err error
		if *neighbour.name, h.folders, err = c.readString(h.folders, "a neighbour's name"); err != nil {
			return err
		}
		if _, h.folders, err = c.readString(h.folders, "a neighbour's disk"); err != nil {
			return err
		}
	}
	return nil
}

// folder is a CFFOLDER: files that are compressed as one.
type folder struct {
	data        uint32 // offset of the first CFDATA
	blocks      uint16
	compression uint16
}

func (c *Reader) readFolders(h header) error {
	stride := folderSize + h.folderReserved
	b, err := c.readAt(h.folders, h.nFolders*stride, "the list of folders")
	if err != nil {
		return err
	}
	c.folders = make([]folder, h.nFolders)
	for i := range c.folders {
		e := b[i*stride:]
		c.folders[i] = folder{
			data:        binary.LittleEndian.Uint32(e),
			blocks:      binary.LittleEndian.Uint16(e[4:]),
			compression: binary.LittleEndian.Uint16(e[6:]),
		}
	}
	return nil
}
