package minidump

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/handletrace/handletrace/internal/cursor"
	"github.com/handletrace/handletrace/internal/mapped"
)

// File is an open minidump. Its methods may be called from several goroutines
// at once. Slices and structures that they return belong to the File and must
// not be changed.
type File struct {
	src       io.ReaderAt
	size      int64
	closer    io.Closer
	order     binary.ByteOrder
	header    Header
	directory []Directory
	sorted    []uint32 // numbers of directory entries by type, for firstOf
	sortOnce  sync.Once

	warnings warningLog
	names    *stringTable
	contexts contextCache

	systemInfo lazy[*SystemInfo]
	modules    lazy[[]Module]
	threads    lazy[[]Thread]
	memoryList lazy[[]MemoryDescriptor]
	memory64   lazy[*Memory64List]
	memory     lazy[*Memory]
	miscInfo   lazy[*MiscInfo]
	exceptions lazy[[]Exception]
	handleData lazy[*HandleData]
	handleOps  lazy[*HandleOperationList]
	decoded    sync.Map // StreamType to *lazy, for the streams not named above
}

// lazy is a value that is made when first asked for.
type lazy[T any] struct {
	once  sync.Once
	value T
	err   error
}

func (l *lazy[T]) get(make func() (T, error)) (T, error) {
	l.once.Do(func() { l.value, l.err = make() })
	return l.value, l.err
}

// Open opens the named minidump, or the one in a cabinet of that name, as
// WinDbg's .dump /b makes it. The file is mapped into memory where the system
// can do that, and never read whole. Close releases it.
func Open(name string) (*File, error) {
	m, err := mapped.Open(name)
	if err != nil {
		return nil, err
	}
	f, err := New(m, m.Size())
	if err != nil {
		m.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	f.closer = closers{f.closer, m}
	return f, nil
}

// New reads a minidump of size bytes from r, which must be safe for
// concurrent use as io.ReaderAt asks. It reads the header and the directory,
// and reports a [*NotMinidumpError] for anything else and a [*FormatError] for
// a minidump whose header cannot be used. A directory that is cut is kept as
// far as it goes, with a warning.
//
// Of a cabinet (CAB) the first minidump in it is unpacked into a temporary
// file, which Close removes: up to 4 GiB, the most that a cabinet can hold.
func New(r io.ReaderAt, size int64) (*File, error) {
	f := &File{src: r, size: size}
	head, err := f.read(0, min(headerSize, size))
	if err != nil {
		return nil, err
	}
	if isCabinet(head) {
		return fromCabinet(r, size)
	}
	if f.header, f.order, err = decodeHeader(head); err != nil {
		return nil, err
	}
	f.names = newStringTable(f)
	f.contexts.budget = size + sharedContexts
	if err := f.readDirectory(); err != nil {
		return nil, err
	}
	return f, nil
}

// Close releases the file that Open opened. Nothing of the File may be used
// while or after it is closed, but for what was already returned.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	return f.closer.Close()
}

// Size returns the size of the file in bytes.
func (f *File) Size() int64 { return f.size }

// Header returns the file's header.
func (f *File) Header() Header { return f.header }

// Directory returns the directory as it is stored, unused entries included.
func (f *File) Directory() []Directory { return f.directory }

func (f *File) readDirectory() error {
	rva, count := int64(f.header.StreamDirectoryRva), int64(f.header.NumberOfStreams)
	if count == 0 {
		return nil
	}
	fit := min(count, max(f.size-rva, 0)/directorySize)
	if fit == 0 {
		return &FormatError{Offset: rva, Err: io.ErrUnexpectedEOF, Reason: fmt.Sprintf(
			"the directory of %d streams lies beyond the end of the file (%d bytes); it was cut, get a whole copy", count, f.size)}
	}
	if fit < count {
		f.warn(UnusedStream, rva, "the directory of %d streams is cut, %d are read", count, fit)
	}
	b, err := f.read(rva, fit*directorySize)
	if err != nil {
		return err
	}
	c := cursor.New(b, f.order)
	f.directory = make([]Directory, fit)
	for i := range f.directory {
		f.directory[i] = Directory{StreamType: StreamType(c.Uint32()), DataSize: c.Uint32(), Rva: c.Uint32()}
	}
	f.warnOfRepeated()
	return c.Err()
}

// warnOfRepeated tells of the SDK's streams that the directory names twice. A
// dump may have several exceptions, and unused entries are many.
func (f *File) warnOfRepeated() {
	var seen [ThreadNamesStream + 1]bool
	for _, d := range f.directory {
		t := d.StreamType
		if t > ThreadNamesStream || t == UnusedStream || t == ExceptionStream {
			continue
		}
		if seen[t] {
			f.warn(t, int64(d.Rva), "the directory names the stream again; the first is read")
		}
		seen[t] = true
	}
}

// Has reports whether the directory names the stream.
func (f *File) Has(t StreamType) bool {
	return f.firstOf(t) >= 0
}

// Stream returns the bytes of the first stream of type t. A stream that the
// file's end cuts is returned as far as it goes, with a warning.
func (f *File) Stream(t StreamType) (*io.SectionReader, error) {
	s, err := f.section(t)
	if err != nil {
		return nil, err
	}
	return io.NewSectionReader(f.src, s.off, s.size), nil
}

// read returns n bytes at off. The caller has checked n against the file's
// size, or wants it checked here before anything is allocated.
func (f *File) read(off, n int64) ([]byte, error) {
	if off < 0 || n < 0 || off > f.size || n > f.size-off {
		return nil, &FormatError{Offset: off, Err: io.ErrUnexpectedEOF,
			Reason: fmt.Sprintf("%d bytes wanted beyond the end of the file (%d bytes)", n, f.size)}
	}
	b := make([]byte, n)
	if err := f.readInto(b, off); err != nil {
		return nil, err
	}
	return b, nil
}

func (f *File) readInto(b []byte, off int64) error { return readFull(f.src, b, off) }

func readFull(r io.ReaderAt, b []byte, off int64) error {
	n, err := r.ReadAt(b, off)
	if n == len(b) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("minidump: reading %d bytes at offset %#x: %w", len(b), off, err)
}
