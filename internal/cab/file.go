package cab

import (
	"encoding/binary"
	"time"
)

// Attributes are those of a file, as CFFILE has them.
type Attributes uint16

const (
	ReadOnly   Attributes = 0x01
	Hidden     Attributes = 0x02
	System     Attributes = 0x04
	Archive    Attributes = 0x20
	Execute    Attributes = 0x40 // to be run after extraction
	NameIsUTF8 Attributes = 0x80 // the name is UTF-8
)

// File is a file in a cabinet.
type File struct {
	// Name is as the cabinet has it: whoever made it chose it, and it may
	// hold a path.
	Name       string
	Size       int64
	ModTime    time.Time // local to the maker of the cabinet, shown as UTC
	Attributes Attributes

	folder uint16
	offset uint32 // of its first byte in the folder
	entry  int64  // of its CFFILE in the cabinet
}

// Values of File.folder for files that other cabinets of the set hold too.
const (
	continuedFromPrevious = 0xFFFD
	continuedToNext       = 0xFFFE
	continuedBoth         = 0xFFFF
)

func (c *Reader) readFiles(h header) error {
	if need := int64(h.nFiles) * (fileSize + 1); h.files > c.size || need > c.size-h.files {
		return formatErrorf(h.files, "%d files have no room in the file's %d bytes", h.nFiles, c.size)
	}
	c.Files = make([]File, 0, h.nFiles)
	next := h.files
	for range h.nFiles {
		f, end, err := c.readFile(next)
		if err != nil {
			return err
		}
		c.Files = append(c.Files, f)
		next = end
	}
	return nil
}

// readFile returns the CFFILE at an offset and the offset after it.
func (c *Reader) readFile(offset int64) (File, int64, error) {
	b, err := c.readAt(offset, fileSize, "a file's entry")
	if err != nil {
		return File{}, 0, err
	}
	name, end, err := c.readString(offset+fileSize, "a file's name")
	if err != nil {
		return File{}, 0, err
	}
	f := File{
		Size:       int64(binary.LittleEndian.Uint32(b)),
		ModTime:    dosTime(binary.LittleEndian.Uint16(b[10:]), binary.LittleEndian.Uint16(b[12:])),
		Attributes: Attributes(binary.LittleEndian.Uint16(b[14:])),
		folder:     binary.LittleEndian.Uint16(b[8:]),
		offset:     binary.LittleEndian.Uint32(b[4:]),
		entry:      offset,
	}
	f.Name = f.decodeName(name)
	return f, end, nil
}

// decodeName returns the name in UTF-8. Names without the flag are in a code
// page that the cabinet does not tell: beyond ASCII, Latin-1 is taken for it.
func (f *File) decodeName(name string) string {
	if f.Attributes&NameIsUTF8 != 0 {
		return name
	}
	runes := make([]rune, len(name))
	for i := range len(name) {
		runes[i] = rune(name[i])
	}
	return string(runes)
}

// dosTime reads the date and time of FAT file systems: two-second steps from
// 1980.
func dosTime(date, clock uint16) time.Time {
	return time.Date(1980+int(date>>9), time.Month(date>>5&0xf), int(date&0x1f),
		int(clock>>11), int(clock>>5&0x3f), int(clock&0x1f)*2, 0, time.UTC)
}
