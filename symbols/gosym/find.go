package gosym

import (
	"bytes"
	"io"

	"github.com/handletrace/handletrace/symbols/pe"
)

// finder looks for the table in an image.
type finder struct {
	img *pe.Image
	mem memory
}

const scanSize = 64 << 10

// magicTail ends the magic of every version; two zeros follow it.
var magicTail = []byte("\xff\xff\xff\x00\x00")

// find returns the table's head and what the program says of itself, nil if
// that was not found.
func (f *finder) find() (header, *moduleData, bool) {
	var h header
	found := false
	f.scan(f.mayHoldTable, func(chunk []byte, rva int64) bool {
		for at := 0; ; at++ {
			i := bytes.Index(chunk[at:], magicTail)
			if i < 0 {
				return true
			}
			at += i
			if h, found = f.headAt(rva + int64(at) - 1); found {
				return false
			}
		}
	})
	if !found {
		return f.findHidden()
	}
	md, _ := f.moduleDataOf(&h)
	return h, md, true
}

func (f *finder) headAt(rva int64) (header, bool) {
	if rva < 0 || rva%4 != 0 {
		return header{}, false
	}
	h, ok := readHeader(f.mem, rva, nil)
	return h, ok && h.isWhole(f.mem, f.end(rva))
}

// end returns the end of the section that an RVA is in.
func (f *finder) end(rva int64) int64 {
	s, ok := f.img.SectionAt(uint32(rva))
	if !ok {
		return 1 << 32
	}
	return int64(s.VirtualAddress) + int64(max(s.VirtualSize, s.SizeOfRawData))
}

// textStart returns the RVA of the code if only the head is known: later
// versions do not store it, and the first section begins with it unless the C
// linker made the image.
func (f *finder) textStart(h header) uint32 {
	if start := h.start - f.img.ImageBase; h.start != 0 && start < 1<<32 {
		return uint32(start)
	}
	for _, s := range f.img.Sections() {
		if s.IsExecutable() {
			return s.VirtualAddress
		}
	}
	return 0
}

// scan yields the stored bytes of some sections in pieces, with their RVAs. A
// piece repeats the last bytes of the one before it, so that nothing short is
// torn apart. It ends where use returns false. The sections of a hostile image
// may all be of the same bytes: no more is scanned than twice what is there.
func (f *finder) scan(in func(*pe.Section) bool, use func(chunk []byte, rva int64) bool) {
	buf := make([]byte, scanSize+scanOverlap)
	budget := 2 * f.stored()
	for _, s := range f.img.Sections() {
		if !in(&s) {
			continue
		}
		if budget -= f.img.SectionReader(s).Size(); budget < 0 || !f.scanSection(s, buf, use) {
			return
		}
	}
}

// stored returns the size of the part of the image that sections are in.
func (f *finder) stored() int64 {
	var end int64
	for _, s := range f.img.Sections() {
		at := int64(s.PointerToRawData)
		if f.img.IsMapped() {
			at = int64(s.VirtualAddress)
		}
		if size := f.img.SectionReader(s).Size(); size > 0 {
			end = max(end, at+size)
		}
	}
	return end
}

// mayHoldTable tells where the table may be: among data, in a section of its own
// for what is read-only since linkers write one, and before among code.
func (f *finder) mayHoldTable(s *pe.Section) bool {
	if !s.IsExecutable() {
		return true
	}
	for _, other := range f.img.Sections() {
		if other.Name == ".rdata" {
			return false
		}
	}
	return true
}

const scnMemWrite = 0x80000000 // IMAGE_SCN_MEM_WRITE

// mayHoldModuleData tells where the runtime's own data may be, which it changes.
func mayHoldModuleData(s *pe.Section) bool {
	return s.Characteristics&scnMemWrite != 0
}

// scanOverlap is more than a head, and more than what is looked at of module
// data.
const scanOverlap = 512

func (f *finder) scanSection(s pe.Section, buf []byte, use func([]byte, int64) bool) bool {
	r := f.img.SectionReader(s)
	for at := int64(0); at < r.Size(); at += scanSize {
		n, err := r.ReadAt(buf[:min(int64(len(buf)), r.Size()-at)], at)
		if n > 0 && !use(buf[:n], int64(s.VirtualAddress)+at) {
			return false
		}
		if err != nil && err != io.EOF && !f.scanPages(r, buf, at+int64(n), at+scanSize, s, use) {
			return false
		}
	}
	return true
}

const pageSize = 0x1000

// scanPages reads what is there from a hole on.
func (f *finder) scanPages(r io.ReaderAt, buf []byte, from, to int64, s pe.Section, use func([]byte, int64) bool) bool {
	for at := (from | (pageSize - 1)) + 1; at < to; at += pageSize {
		n, _ := r.ReadAt(buf[:pageSize+scanOverlap], at)
		if n > 0 && !use(buf[:n], int64(s.VirtualAddress)+at) {
			return false
		}
	}
	return true
}
