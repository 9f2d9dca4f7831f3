package pe

import (
	"bytes"
	"fmt"
	"io"

	"github.com/handletrace/handletrace/internal/cursor"
)

// Header holds the fields of IMAGE_FILE_HEADER and IMAGE_OPTIONAL_HEADER that
// describe the image as a whole, under their own names. Sizes are in bytes.
type Header struct {
	Machine             Machine
	TimeDateStamp       uint32 // seconds since 1970, or a hash (see IMAGE_DEBUG_TYPE_REPRO)
	Characteristics     uint16 // IMAGE_FILE_*: 0x2000 is a DLL
	Is64                bool   // PE32+ rather than PE32
	AddressOfEntryPoint uint32 // RVA, 0 for none
	ImageBase           uint64 // the preferred base; in memory the loader writes the real one here
	SectionAlignment    uint32
	FileAlignment       uint32
	SizeOfImage         uint32
	SizeOfHeaders       uint32
	CheckSum            uint32
	Subsystem           uint16
	DllCharacteristics  uint16
}

// CodeID returns the key under which symbol servers keep the image itself:
// TimeDateStamp in eight upper-case digits, then SizeOfImage in lower-case
// ones without padding. Toolchains that write no TimeDateStamp (Go) give every
// build of one size the same key.
func (h *Header) CodeID() string {
	return fmt.Sprintf("%08X%x", h.TimeDateStamp, h.SizeOfImage)
}

// DataDirectory is IMAGE_DATA_DIRECTORY: where a table is. For the certificate
// table VirtualAddress is a file offset, for all others an RVA.
type DataDirectory struct {
	VirtualAddress uint32
	Size           uint32
}

// Indexes of data directories, named as in winnt.h.
const (
	IMAGE_DIRECTORY_ENTRY_EXPORT         = 0
	IMAGE_DIRECTORY_ENTRY_IMPORT         = 1
	IMAGE_DIRECTORY_ENTRY_RESOURCE       = 2
	IMAGE_DIRECTORY_ENTRY_EXCEPTION      = 3
	IMAGE_DIRECTORY_ENTRY_SECURITY       = 4
	IMAGE_DIRECTORY_ENTRY_BASERELOC      = 5
	IMAGE_DIRECTORY_ENTRY_DEBUG          = 6
	IMAGE_DIRECTORY_ENTRY_ARCHITECTURE   = 7
	IMAGE_DIRECTORY_ENTRY_GLOBALPTR      = 8
	IMAGE_DIRECTORY_ENTRY_TLS            = 9
	IMAGE_DIRECTORY_ENTRY_LOAD_CONFIG    = 10
	IMAGE_DIRECTORY_ENTRY_BOUND_IMPORT   = 11
	IMAGE_DIRECTORY_ENTRY_IAT            = 12
	IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT   = 13
	IMAGE_DIRECTORY_ENTRY_COM_DESCRIPTOR = 14

	numDirectories = 16
)

const (
	dosHeaderSize     = 0x40
	lfanewOffset      = 0x3c
	fileHeaderSize    = 24 // with the signature
	optionalMagicSize = 2
	optionalSizeMax   = 240 // IMAGE_OPTIONAL_HEADER64 with 16 directories

	magicPE32     = 0x10b
	magicPE32Plus = 0x20b
)

var ntSignature = []byte("PE\x00\x00")

// headers is what the header page gives besides the exported fields.
type headers struct {
	Header
	directories          [numDirectories]DataDirectory
	numberOfSections     uint16
	sectionTable         int64 // file offset of the section headers
	pointerToSymbolTable uint32
	numberOfSymbols      uint32
}

func readHeaders(r io.ReaderAt, size int64, layout layout) (*headers, error) {
	nt, err := findNTHeaders(r, size, layout)
	if err != nil {
		return nil, err
	}
	// Windows reads the whole optional header whatever SizeOfOptionalHeader
	// says, and a file may end inside it: what is not there counts as zero.
	buf := make([]byte, fileHeaderSize+optionalSizeMax)
	n, err := readSome(r, buf, nt, size)
	if n < fileHeaderSize+optionalMagicSize {
		return nil, &FormatError{Part: "NT headers", Offset: nt, Want: "a file header and an optional header", Err: err}
	}
	h := &headers{}
	c := cursor.LittleEndian(buf)
	c.Skip(len(ntSignature))
	optionalSize := h.fileHeader(c)
	h.sectionTable = nt + fileHeaderSize + int64(optionalSize)
	if err := h.optionalHeader(c); err != nil {
		err.Offset = nt + fileHeaderSize
		return nil, err
	}
	return h, nil
}

// findNTHeaders returns the offset of the PE signature.
func findNTHeaders(r io.ReaderAt, size int64, layout layout) (int64, error) {
	var dos [dosHeaderSize]byte
	n, err := readSome(r, dos[:], 0, size)
	if n < len(dos) && layout == fileLayout {
		return 0, notPE(err)
	}
	if dos[0] == 'M' && dos[1] == 'Z' {
		c := cursor.LittleEndian(dos[:])
		c.Seek(lfanewOffset)
		nt := int64(c.Uint32())
		var sig [4]byte
		if n, _ := readSome(r, sig[:], nt, size); n == len(sig) && bytes.Equal(sig[:], ntSignature) {
			return nt, nil
		}
	}
	if layout == memoryLayout {
		return scanNTHeaders(r, size, err)
	}
	return 0, ErrNotPE
}

// scanNTHeaders looks for the signature in the first page of an image whose
// DOS header was wiped in memory. Linkers align the NT headers to 8 bytes.
func scanNTHeaders(r io.ReaderAt, size int64, cause error) (int64, error) {
	page := make([]byte, pageSize)
	n, err := readSome(r, page, 0, size)
	if n == 0 && err != nil {
		cause = err
	}
	for off := 8; off+fileHeaderSize+optionalMagicSize <= n; off += 8 {
		if bytes.HasPrefix(page[off:], ntSignature) && plausibleMagic(page[off+fileHeaderSize:]) {
			return int64(off), nil
		}
	}
	return 0, notPE(cause)
}

func plausibleMagic(p []byte) bool {
	magic := uint16(p[0]) | uint16(p[1])<<8
	return magic == magicPE32 || magic == magicPE32Plus
}

// notPE keeps the reason when the first bytes could not be read at all.
func notPE(cause error) error {
	if cause == nil || cause == io.EOF {
		return ErrNotPE
	}
	return fmt.Errorf("%w: %w", ErrNotPE, cause)
}

// fileHeader reads IMAGE_FILE_HEADER and returns SizeOfOptionalHeader.
func (h *headers) fileHeader(c *cursor.Cursor) uint16 {
	h.Machine = Machine(c.Uint16())
	h.numberOfSections = c.Uint16()
	h.TimeDateStamp = c.Uint32()
	h.pointerToSymbolTable = c.Uint32()
	h.numberOfSymbols = c.Uint32()
	optionalSize := c.Uint16()
	h.Characteristics = c.Uint16()
	return optionalSize
}

// optionalHeader reads IMAGE_OPTIONAL_HEADER32 or 64.
func (h *headers) optionalHeader(c *cursor.Cursor) *FormatError {
	switch c.Uint16() {
	case magicPE32:
	case magicPE32Plus:
		h.Is64 = true
	default:
		return &FormatError{Part: "optional header", Want: "the magic 0x10b or 0x20b"}
	}
	c.Skip(14) // linker version, sizes of code and data
	h.AddressOfEntryPoint = c.Uint32()
	c.Skip(4) // BaseOfCode
	if h.Is64 {
		h.ImageBase = c.Uint64()
	} else {
		c.Skip(4) // BaseOfData
		h.ImageBase = uint64(c.Uint32())
	}
	h.SectionAlignment = c.Uint32()
	h.FileAlignment = c.Uint32()
	c.Skip(16) // versions
	h.SizeOfImage = c.Uint32()
	h.SizeOfHeaders = c.Uint32()
	h.CheckSum = c.Uint32()
	h.Subsystem = c.Uint16()
	h.DllCharacteristics = c.Uint16()
	if h.Is64 {
		c.Skip(4*8 + 4) // stack and heap sizes, LoaderFlags
	} else {
		c.Skip(4*4 + 4)
	}
	for i := range min(c.Uint32(), numDirectories) {
		h.directories[i] = DataDirectory{VirtualAddress: c.Uint32(), Size: c.Uint32()}
	}
	return nil
}
