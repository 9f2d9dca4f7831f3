package pdb

import (
	"fmt"
	"io"
	"sync"

	"github.com/handletrace/handletrace/internal/bytecache"
	"github.com/handletrace/handletrace/internal/mapped"
)

// File is an open program database. All methods but Close and SetCacheSize may
// be called by several goroutines at once.
type File struct {
	msf    *msf
	closer io.Closer
	info   info
	dbi    dbi
	damage error // what opening found wrong and could live with

	addressMap func() (*addressMap, error)
	layout     func() (*layout, error)
	publics    func() (*publics, error)
	names      func() (*Stream, error)
	tpi, ipi   typeStream

	moduleNumbers func() map[string]int

	indexes indexCache
	strings *bytecache.Cache[string]
	tables  *bytecache.Cache[table]
	scratch sync.Pool
}

// Open opens the named file. It is mapped into memory where the system can.
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
	f.closer = m
	return f, nil
}

// New reads a program database of size bytes from r, which must serve several
// goroutines at once. It reads the superblock, the directory of streams, the
// information stream and the header of the DBI stream.
//
// The error is [ErrNotPDB], [ErrUnsupported], a [*FormatError] or one of r's.
// Damage behind the directory does not fail New: see [File.Damage].
func New(r io.ReaderAt, size int64) (*File, error) {
	m, err := openMSF(r, size)
	if err != nil {
		return nil, err
	}
	f := &File{msf: m, damage: m.damage}
	f.keepDamage(f.readInfo())
	f.keepDamage(f.readDBI())
	f.addressMap = sync.OnceValues(f.readAddressMap)
	f.layout = sync.OnceValues(f.readLayout)
	f.publics = sync.OnceValues(f.readPublics)
	f.names = sync.OnceValues(func() (*Stream, error) { return f.NamedStream("/names") })
	f.moduleNumbers = sync.OnceValue(f.readModuleNumbers)
	f.scratch.New = func() any { return new(scratch) }
	f.strings, f.tables = bytecache.New[string](8, 0), bytecache.New[table](1, 0)
	f.SetCacheSize(defaultCacheSize(size))
	return f, nil
}

func (f *File) keepDamage(err error) {
	if f.damage == nil {
		f.damage = err
	}
}

// Close closes the file that Open opened. No call may be under way.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	return f.closer.Close()
}

// SetCacheSize bounds, in bytes and roughly, what the File keeps in memory of
// the streams it has read: three quarters for the indexes of modules, an eighth
// for names, an eighth for decoded tables of very big functions and types. What
// was in use last is kept even if it is bigger. The list of modules and of
// their pieces of the image (16 bytes each) comes on top. It empties the cache
// and must not be called while others use the File.
//
// Without it the bound is a sixth of the file, but no less than 32 MiB and no
// more than 256 MiB. The indexes of all of a file's modules take about a
// tenth of the file.
func (f *File) SetCacheSize(bytes int) {
	f.indexes.setLimit(bytes / 4 * 3)
	f.strings.SetLimit(bytes / 8)
	f.tables.SetLimit(bytes / 8)
}

func defaultCacheSize(size int64) int {
	return int(max(minCacheSize, min(maxCacheSize, size/6)))
}

const (
	minCacheSize = 32 << 20
	maxCacheSize = 256 << 20
)

// Damage returns what was found wrong in the directory or in the headers when
// the file was opened, or nil. The File answers what it can in spite of it.
func (f *File) Damage() error { return f.damage }

// GUID returns the GUID of the information stream, which an image's debug
// directory repeats. It is zero in files from before Visual C++ 7.
func (f *File) GUID() GUID { return f.info.guid }

// Signature returns the signature of the information stream: the time of the
// first link in seconds since 1970, or a hash.
func (f *File) Signature() uint32 { return f.info.signature }

// Age returns the age of the DBI stream, which symbol servers use. Tools that
// change a file after the link raise only the age of the information stream,
// which is returned for files without a DBI stream.
func (f *File) Age() uint32 {
	if f.dbi.present {
		return f.dbi.age
	}
	return f.info.age
}

// Machine returns the IMAGE_FILE_MACHINE value: 0x14c for x86, 0x8664 for x64,
// 0xaa64 for ARM64; 0 if the file does not say.
func (f *File) Machine() uint16 { return f.dbi.machine }

// DebugID returns the identity as symbol servers spell it: the GUID's 32 upper
// case hexadecimal digits, then the age in upper case hexadecimal digits.
func (f *File) DebugID() string {
	g := f.info.guid
	d1, d2, d3 := g.fields()
	return fmt.Sprintf("%08X%04X%04X%X%X", d1, d2, d3, g[8:], f.Age())
}

// Stripped reports that private symbols were removed (/PDBSTRIPPED): publics,
// and as a rule the sizes of static functions, are left.
func (f *File) Stripped() bool { return f.dbi.flags&dbiStripped != 0 }

// Incremental reports that the image was linked incrementally: calls lead
// through trampolines.
func (f *File) Incremental() bool { return f.dbi.flags&dbiIncrementalLink != 0 }

// FastLink reports a file of /DEBUG:FASTLINK, whose private symbols stayed in
// the object files: only publics answer.
func (f *File) FastLink() bool { return f.info.fastLink }

// Reordered reports that the image's code was moved after the link and that
// addresses are translated by OMAP tables.
func (f *File) Reordered() bool {
	m, _ := f.addressMap()
	return m != nil && len(m.toSrc) > 0
}

// HasLines reports that some module has line numbers.
func (f *File) HasLines() bool {
	l, _ := f.layout()
	for _, m := range l.modules {
		if m.stream != noStream && m.c13 > 0 {
			return true
		}
	}
	return false
}

// HasModuleSymbols reports that some module has symbols of its own, beyond
// publics.
func (f *File) HasModuleSymbols() bool {
	l, _ := f.layout()
	for _, m := range l.modules {
		if m.stream != noStream && m.syms > cvSignatureSize {
			return true
		}
	}
	return false
}

// NumStreams returns how many streams the container has.
func (f *File) NumStreams() int { return len(f.msf.sizes) }

// Stream returns a stream by its number, or [ErrNoStream].
func (f *File) Stream(number int) (*Stream, error) {
	if number < 0 || number >= len(f.msf.sizes) {
		return nil, ErrNoStream
	}
	return f.stream(uint32(number), fmt.Sprintf("stream %d", number))
}

// NamedStream returns a stream by its name, such as srcsrv or sourcelink, or
// [ErrNoStream].
func (f *File) NamedStream(name string) (*Stream, error) {
	number, ok := f.info.named[name]
	if !ok {
		return nil, fmt.Errorf("%w: %s", ErrNoStream, name)
	}
	return f.stream(number, name)
}

// stream opens a stream; name is for errors.
func (f *File) stream(number uint32, name string) (*Stream, error) {
	if uint64(number) >= uint64(len(f.msf.sizes)) {
		return nil, fmt.Errorf("%w: %s", ErrNoStream, name)
	}
	s := f.msf.stream(name, f.msf.pages(int(number)), f.msf.sizes[number])
	s.number = number
	return s, nil
}

// scratch is the memory of one look-up, used again by others.
type scratch struct {
	window  window
	body    []byte // a scope or a fragment
	types   []byte // a type record
	blocks  [2]typeBlock
	scope   idScope
	procs   []proc
	names   []byte
	finder  chainFinder
	publics []publicRecord
}

func (f *File) takeScratch() *scratch   { return f.scratch.Get().(*scratch) }
func (f *File) giveScratch(sc *scratch) { f.scratch.Put(sc) }
