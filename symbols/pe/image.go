package pe

import (
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/handletrace/handletrace/internal/mapped"
)

// Image is a PE image, in a file or in memory. It is safe for use by several
// goroutines until Close.
type Image struct {
	Header

	headers  *headers
	r        io.ReaderAt
	size     int64
	layout   layout
	closer   io.Closer
	sections []Section
	spans    []span
	damage   error

	small sync.Pool // *[smallSize]byte for reads of single entries

	exports   func() (*ExportTable, error)
	functions func() (*functionTable, error)
	symbols   func() (*SymbolTable, error)
	guarded   func() guardTable
}

// smallSize is enough for any one entry that is read by itself.
const smallSize = 64

// Open opens a PE file. The file is mapped into memory where the system can.
// It must stay as it is until Close.
func Open(name string) (*Image, error) {
	f, err := mapped.Open(name)
	if err != nil {
		return nil, err
	}
	m, err := New(f, f.Size())
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	m.closer = f
	return m, nil
}

// New reads a PE file of size bytes. Data of another kind is [ErrNotPE], a
// damaged header a [*FormatError].
func New(r io.ReaderAt, size int64) (*Image, error) {
	return newImage(r, size, fileLayout)
}

// NewMapped reads an image from memory: offset 0 of r is the image's base, and
// size is how much of the address space it has (SizeOfImage of a minidump's
// module). r returns an error for an absent page, which costs no more than what
// would have been read from there. Where the first page is wiped or absent the
// error is [ErrNotPE]; where only its DOS header is, the NT headers are found
// by their signature.
func NewMapped(r io.ReaderAt, size int64) (*Image, error) {
	return newImage(r, size, memoryLayout)
}

func newImage(r io.ReaderAt, size int64, layout layout) (*Image, error) {
	h, err := readHeaders(r, size, layout)
	if err != nil {
		return nil, err
	}
	m := &Image{Header: h.Header, headers: h, r: r, size: size, layout: layout}
	m.sections, m.damage = readSections(r, size, h)
	m.spans = makeSpans(h, m.sections)
	m.small.New = func() any { return new([smallSize]byte) }
	m.exports = sync.OnceValues(m.readExports)
	m.functions = sync.OnceValues(m.readFunctionTable)
	m.symbols = sync.OnceValues(m.readSymbolTable)
	m.guarded = sync.OnceValue(m.readGuardTable)
	m.nameSections()
	return m, nil
}

// Close releases the file that [Open] opened. No call may be under way.
func (m *Image) Close() error {
	if m.closer == nil {
		return nil
	}
	return m.closer.Close()
}

// Damage reports what could not be read of the section headers, as a
// [*FormatError], or nil.
func (m *Image) Damage() error { return m.damage }

// IsMapped reports whether the image is read from memory.
func (m *Image) IsMapped() bool { return m.layout == memoryLayout }

// Sections returns the section headers in the order of the file.
func (m *Image) Sections() []Section { return slices.Clone(m.sections) }

// SectionAt returns the section that holds an RVA.
func (m *Image) SectionAt(rva uint32) (Section, bool) {
	s, ok := m.spanAt(int64(rva))
	if !ok || s.section == noSection {
		return Section{}, false
	}
	return m.sections[s.section], true
}

// DataDirectory returns entry i of the data directory, zero for one that the
// image does not have.
func (m *Image) DataDirectory(i int) DataDirectory {
	if i < 0 || i >= numDirectories {
		return DataDirectory{}
	}
	return m.headers.directories[i]
}

// isCode reports whether an RVA is in a section of code. Where no section
// header could be read, everything may be code.
func (m *Image) isCode(rva uint32) bool {
	if len(m.sections) == 0 {
		return true
	}
	s, ok := m.spanAt(int64(rva))
	return ok && s.section != noSection && m.sections[s.section].IsExecutable()
}

// readSmall reads n bytes, at most smallSize, and hands them to use. The buffer
// is shared, so that a look-up allocates nothing.
func (m *Image) readSmall(rva uint32, n int, use func([]byte)) error {
	buf := m.small.Get().(*[smallSize]byte)
	defer m.small.Put(buf)
	if _, err := m.ReadAt(buf[:n], int64(rva)); err != nil {
		return err
	}
	use(buf[:n])
	return nil
}
