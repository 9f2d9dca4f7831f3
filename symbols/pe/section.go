package pe

import (
	"bytes"
	"io"
	"strconv"

	"github.com/handletrace/handletrace/internal/cursor"
)

// Section is IMAGE_SECTION_HEADER.
type Section struct {
	Name             string // a long name is resolved where the string table is there, else "/123"
	VirtualSize      uint32 // bytes in memory
	VirtualAddress   uint32 // RVA
	SizeOfRawData    uint32 // bytes in the file
	PointerToRawData uint32 // file offset
	Characteristics  uint32 // IMAGE_SCN_*
}

const (
	sectionHeaderSize = 40
	sectionNameSize   = 8

	scnCntCode    = 0x00000020 // IMAGE_SCN_CNT_CODE
	scnMemExecute = 0x20000000 // IMAGE_SCN_MEM_EXECUTE
)

// IsExecutable reports whether the section holds code.
func (s *Section) IsExecutable() bool {
	return s.Characteristics&(scnCntCode|scnMemExecute) != 0
}

// SectionReader returns the bytes that a section has: of a file what is stored
// there of its VirtualSize, of an image in memory all of it, as far as its
// pages are present. Unlike [Image.ReadAt] it reads sections of a file that no
// RVA leads to, as some tools add them (.gnu_debuglink).
func (m *Image) SectionReader(s Section) *io.SectionReader {
	size := int64(s.SizeOfRawData)
	if s.VirtualSize != 0 {
		size = min(size, int64(s.VirtualSize))
	}
	switch {
	case m.layout == memoryLayout:
		return io.NewSectionReader(m, int64(s.VirtualAddress), max(0, min(int64(s.VirtualSize), m.size-int64(s.VirtualAddress))))
	case s.PointerToRawData == 0:
		return io.NewSectionReader(m, 0, 0)
	}
	at := int64(s.PointerToRawData)
	return io.NewSectionReader(sizedReader{m.r, m.size}, at, max(0, min(size, m.size-at)))
}

// readSections reads as many section headers as there are bytes for.
func readSections(r io.ReaderAt, size int64, h *headers) ([]Section, error) {
	want := int64(h.numberOfSections) * sectionHeaderSize
	buf := make([]byte, max(0, min(want, size-h.sectionTable)))
	n, err := readSome(r, buf, h.sectionTable, size)
	sections := make([]Section, 0, n/sectionHeaderSize)
	c := cursor.LittleEndian(buf[:n])
	for c.Len() >= sectionHeaderSize {
		sections = append(sections, readSection(c))
	}
	if len(sections) < int(h.numberOfSections) {
		off := h.sectionTable + int64(len(sections))*sectionHeaderSize
		return sections, &FormatError{
			Part: "section headers", Offset: off, Want: "a section header", Err: err,
			Count: int(h.numberOfSections) - len(sections),
		}
	}
	return sections, nil
}

func readSection(c *cursor.Cursor) Section {
	name, _, _ := bytes.Cut(c.Bytes(sectionNameSize), []byte{0})
	s := Section{
		Name:             string(name),
		VirtualSize:      c.Uint32(),
		VirtualAddress:   c.Uint32(),
		SizeOfRawData:    c.Uint32(),
		PointerToRawData: c.Uint32(),
	}
	c.Skip(12) // relocations and line numbers, of object files alone
	s.Characteristics = c.Uint32()
	return s
}

// longNameOffset returns the place in the string table that a section's name
// points to: "/123" in decimal, or "//AAAAAA" in base 64 as LLVM and GNU write
// it from ten million on.
func longNameOffset(name string) (uint32, bool) {
	if len(name) < 2 || name[0] != '/' {
		return 0, false
	}
	if name[1] == '/' {
		return base64Offset(name[2:])
	}
	n, err := strconv.ParseUint(name[1:], 10, 32)
	return uint32(n), err == nil
}

func base64Offset(digits string) (uint32, bool) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	var n uint64
	for i := range len(digits) {
		d := bytes.IndexByte([]byte(alphabet), digits[i])
		if d < 0 {
			return 0, false
		}
		n = n<<6 | uint64(d)
	}
	return uint32(n), digits != "" && n <= 1<<32-1
}
