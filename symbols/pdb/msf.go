package pdb

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// The forms of file that are recognised by their first bytes.
var (
	magicMSF7     = []byte("Microsoft C/C++ MSF 7.00\r\n\x1aDS\x00\x00\x00")
	magicMSF2     = []byte("Microsoft C/C++ program database 2.00\r\n\x1aJG")
	magicMSFZ     = []byte("Microsoft MSFZ Container\r\n\x1aALD")
	magicPortable = []byte("BSJB")
)

var unsupportedForms = []struct {
	magic []byte
	name  string
}{
	{magicMSF2, "MSF 2.00 (JG), written before Visual C++ 7"},
	{magicMSFZ, "MSFZ (compressed)"},
	{magicPortable, "portable PDB (managed code)"},
}

const (
	minPageSize = 512
	maxPageSize = 65536

	superblockSize = 0x34 // up to the page numbers of the directory's map
	nilStreamSize  = 0xffffffff
)

// msf is the container: a directory of streams, each a list of pages.
type msf struct {
	r         io.ReaderAt
	size      int64
	pageShift uint
	directory []byte   // as stored: count, sizes, page numbers
	sizes     []uint32 // bytes of each stream
	pageStart []uint32 // where each stream's page numbers start, in entries
	damage    error    // the directory promises more than it or the file holds
}

type superblock struct {
	pageSize      uint32
	numPages      uint32
	directorySize uint32
	mapPages      []byte // page numbers of the directory's page map
}

func openMSF(r io.ReaderAt, size int64) (*msf, error) {
	sb, err := readSuperblock(r, size)
	if err != nil {
		return nil, err
	}
	m := &msf{r: r, size: size}
	for 1<<m.pageShift != sb.pageSize {
		m.pageShift++
	}
	if err := m.readDirectory(sb); err != nil {
		return nil, err
	}
	if err := m.indexDirectory(); err != nil {
		return nil, err
	}
	m.refuseSharedPages()
	return m, nil
}

func readSuperblock(r io.ReaderAt, size int64) (*superblock, error) {
	head := make([]byte, min(size, minPageSize))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), head); err != nil {
		return nil, err
	}
	for _, form := range unsupportedForms {
		if bytes.HasPrefix(head, form.magic) {
			return nil, fmt.Errorf("%w: %s", ErrUnsupported, form.name)
		}
	}
	if !bytes.HasPrefix(head, magicMSF7) {
		return nil, ErrNotPDB
	}
	if len(head) < superblockSize+4 {
		return nil, &FormatError{"superblock", int64(len(head)), "a whole superblock"}
	}
	sb := &superblock{
		pageSize:      binary.LittleEndian.Uint32(head[0x20:]),
		numPages:      binary.LittleEndian.Uint32(head[0x28:]),
		directorySize: binary.LittleEndian.Uint32(head[0x2c:]),
	}
	if sb.pageSize < minPageSize || sb.pageSize > maxPageSize || sb.pageSize&(sb.pageSize-1) != 0 {
		return nil, &FormatError{"superblock", 0x20, "a page size that is a power of two from 512 to 65536"}
	}
	if int64(sb.directorySize) > size {
		return nil, &FormatError{"superblock", 0x2c, "a directory no longer than the file"}
	}
	// A big directory's map has several pages; their numbers follow each other
	// up to the end of the superblock's page.
	directoryPages := pagesOf(sb.directorySize, sb.pageSize)
	mapPages := pagesOf(directoryPages*4, sb.pageSize)
	if superblockSize+int64(mapPages)*4 > int64(sb.pageSize) {
		return nil, &FormatError{"superblock", 0x2c, "a directory whose map fits the superblock"}
	}
	sb.mapPages = make([]byte, mapPages*4)
	if err := readFull(r, sb.mapPages, superblockSize); err != nil {
		return nil, &FormatError{"superblock", superblockSize, "page numbers of the directory map"}
	}
	return sb, nil
}

func (m *msf) readDirectory(sb *superblock) error {
	pageMap := make([]byte, pagesOf(sb.directorySize, sb.pageSize)*4)
	if err := readFull(m.stream("directory", sb.mapPages, uint32(len(pageMap))), pageMap, 0); err != nil {
		return &FormatError{"superblock", superblockSize, "a readable directory map"}
	}
	m.directory = make([]byte, sb.directorySize)
	if err := readFull(m.stream("directory", pageMap, sb.directorySize), m.directory, 0); err != nil {
		return &FormatError{"directory", 0, "readable pages"}
	}
	return nil
}

// indexDirectory finds every stream's size and page numbers. A directory that
// ends early loses its last streams only.
func (m *msf) indexDirectory() error {
	if len(m.directory) < 4 {
		return &FormatError{"directory", 0, "the number of streams"}
	}
	count := binary.LittleEndian.Uint32(m.directory)
	if int64(count)*4 > int64(len(m.directory)-4) {
		return &FormatError{"directory", 0, "no more streams than the directory has room for"}
	}
	m.sizes = make([]uint32, count)
	m.pageStart = make([]uint32, count)
	entry, entries := uint64(1+count), uint64(len(m.directory)/4)
	for i := range m.sizes {
		size := binary.LittleEndian.Uint32(m.directory[4+4*i:])
		if size == nilStreamSize {
			size = 0
		}
		pages := uint64(pagesOf(size, 1<<m.pageShift))
		if entry+pages > entries {
			m.damage = &FormatError{"directory", int64(4 + 4*i), "page numbers for every stream"}
			size, pages = uint32(min(uint64(size), (entries-entry)<<m.pageShift)), entries-entry
		}
		m.sizes[i], m.pageStart[i] = size, uint32(entry)
		entry += pages
	}
	return nil
}

// refuseSharedPages cuts streams short where they use a page a second time or
// a page past the end of the file, so that no walk over all streams can cost
// more than the file's own length. Sound files pass the first comparison.
func (m *msf) refuseSharedPages() {
	filePages := (m.size + 1<<m.pageShift - 1) >> m.pageShift
	if int64(len(m.directory)/4-1-len(m.sizes)) <= filePages {
		return
	}
	used := make([]uint64, filePages/64+1)
	for i, size := range m.sizes {
		pages := m.pages(i)
		for p := 0; p < len(pages); p += 4 {
			n := int64(binary.LittleEndian.Uint32(pages[p:]))
			if n < filePages && used[n/64]&(1<<(n%64)) == 0 {
				used[n/64] |= 1 << (n % 64)
				continue
			}
			m.damage = &FormatError{"directory", int64(m.pageStart[i])*4 + int64(p), "a page of the file that no other stream has"}
			m.sizes[i] = min(size, uint32(p/4)<<m.pageShift)
			break
		}
	}
}

func (m *msf) pages(i int) []byte {
	start := int(m.pageStart[i]) * 4
	return m.directory[start : start+int(pagesOf(m.sizes[i], 1<<m.pageShift))*4]
}

// stream makes a reader of the given pages.
func (m *msf) stream(name string, pages []byte, size uint32) *Stream {
	return &Stream{msf: m, name: name, pages: pages, size: size}
}

func pagesOf(size, pageSize uint32) uint32 {
	return uint32((uint64(size) + uint64(pageSize) - 1) / uint64(pageSize))
}

func readFull(r io.ReaderAt, p []byte, off int64) error {
	n, err := r.ReadAt(p, off)
	if n == len(p) {
		return nil
	}
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return err
}
