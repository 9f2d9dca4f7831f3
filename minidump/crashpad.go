package minidump

import (
	"fmt"

	"github.com/handletrace/handletrace/internal/cursor"
)

// CrashpadInfo is a MinidumpCrashpadInfo of Crashpad's
// minidump_extensions.h.
type CrashpadInfo struct {
	Version           uint32
	ReportID          GUID
	ClientID          GUID
	SimpleAnnotations []SimpleAnnotation
	Modules           []CrashpadModule
	AddressMask       uint64 // of pointer authentication; zero in older dumps
}

// SimpleAnnotation is a MinidumpSimpleStringDictionaryEntry.
type SimpleAnnotation struct {
	Key   string
	Value string
}

// CrashpadModule is a MinidumpModuleCrashpadInfo: the annotations of a module.
type CrashpadModule struct {
	// ModuleListIndex is the module's place in the module list of the file.
	ModuleListIndex   uint32
	Version           uint32
	ListAnnotations   []string
	SimpleAnnotations []SimpleAnnotation
	AnnotationObjects []Annotation
}

// Kinds of annotations. Those from AnnotationUserDefined on are the program's.
const (
	AnnotationInvalid     uint16 = 0
	AnnotationString      uint16 = 1
	AnnotationUserDefined uint16 = 0x8000
)

// Annotation is a MinidumpAnnotation.
type Annotation struct {
	Name  string
	Type  uint16
	Value []byte // of an AnnotationString: text without a NUL
}

// crashpadInfoSize is MinidumpCrashpadInfo without the members that were added
// to it.
const crashpadInfoSize = 52

// CrashpadInfo decodes stream 0x43500001. What of it cannot be read is left
// out, with a warning.
func (f *File) CrashpadInfo() (*CrashpadInfo, error) {
	return once(f, CrashpadInfoStream, f.decodeCrashpad)
}

func (f *File) decodeCrashpad() (*CrashpadInfo, error) {
	s, err := f.section(CrashpadInfoStream)
	if err != nil {
		return nil, err
	}
	if s.size < crashpadInfoSize {
		return nil, &FormatError{s.stream, s.off, fmt.Sprintf("%d bytes, at least %d were expected", s.size, crashpadInfoSize)}
	}
	c, err := f.cursorOf(s)
	if err != nil {
		return nil, err
	}
	info := &CrashpadInfo{Version: c.Uint32(), ReportID: readGUID(c), ClientID: readGUID(c)}
	r := &crashpadReader{f: f, budget: f.size}
	simple, modules := readLocation(c), readLocation(c)
	info.SimpleAnnotations = r.simple(simple)
	info.Modules = r.modules(modules)
	if c.Skip(4); c.Len() >= 8 {
		info.AddressMask = c.Uint64()
	}
	return info, nil
}

// crashpadReader reads the lists that hang from a CrashpadInfo. The parts of a
// sound dump lie apart, so that all lists together fit in the file; the budget
// stops those of a hostile one.
type crashpadReader struct {
	f      *File
	budget int64
}

func (r *crashpadReader) modules(l LocationDescriptor) []CrashpadModule {
	var modules []CrashpadModule
	r.list(l, 12, func(c *cursor.Cursor) {
		index, info := c.Uint32(), readLocation(c)
		m := r.readModule(info)
		m.ModuleListIndex = index
		modules = append(modules, m)
	})
	return modules
}

func (r *crashpadReader) readModule(l LocationDescriptor) (m CrashpadModule) {
	c := r.open(l, 20)
	if c == nil {
		return m
	}
	m.Version = c.Uint32()
	list, simple := readLocation(c), readLocation(c)
	// Older versions have no objects.
	objects := readLocation(c)
	r.list(list, 4, func(c *cursor.Cursor) { m.ListAnnotations = append(m.ListAnnotations, r.text(c.Uint32())) })
	m.SimpleAnnotations = r.simple(simple)
	r.list(objects, 12, func(c *cursor.Cursor) {
		a := Annotation{Name: r.text(c.Uint32()), Type: c.Uint16()}
		c.Skip(2)
		a.Value = r.bytes(c.Uint32())
		m.AnnotationObjects = append(m.AnnotationObjects, a)
	})
	return m
}

func (r *crashpadReader) simple(l LocationDescriptor) []SimpleAnnotation {
	var list []SimpleAnnotation
	r.list(l, 8, func(c *cursor.Cursor) {
		list = append(list, SimpleAnnotation{r.text(c.Uint32()), r.text(c.Uint32())})
	})
	return list
}

// list reads a u32 count and that many entries.
func (r *crashpadReader) list(l LocationDescriptor, stride int, entry func(*cursor.Cursor)) {
	if l.DataSize == 0 {
		return
	}
	c := r.open(l, 4)
	if c == nil {
		return
	}
	count := int64(c.Uint32())
	if there := int64(c.Len() / stride); count > there {
		r.warn(l.Rva, "%d entries are announced, %d are there", count, there)
		count = there
	}
	for range count {
		entry(cursor.New(c.Bytes(stride), r.f.order))
	}
}

// open reads what a location names, of at least least bytes; nil is none.
func (r *crashpadReader) open(l LocationDescriptor, least uint32) *cursor.Cursor {
	if l.DataSize == 0 {
		return nil
	}
	if l.DataSize < least {
		r.warn(l.Rva, "%d bytes, at least %d were expected", l.DataSize, least)
		return nil
	}
	b, err := r.read(int64(l.Rva), int64(l.DataSize))
	if err != nil {
		r.warn(l.Rva, "%v", err)
		return nil
	}
	return cursor.New(b, r.f.order)
}

func (r *crashpadReader) read(off, n int64) ([]byte, error) {
	if r.budget -= n; r.budget < 0 {
		return nil, fmt.Errorf("%d bytes and those before them are more than the file holds", n)
	}
	return r.f.read(off, n)
}

// text reads a MinidumpUTF8String.
func (r *crashpadReader) text(rva uint32) string { return decodeBytes(r.bytes(rva)) }

// bytes reads a MinidumpByteArray: a length and bytes.
func (r *crashpadReader) bytes(rva uint32) []byte {
	if rva == 0 {
		return nil
	}
	head, err := r.f.read(int64(rva), 4)
	if err == nil {
		head, err = r.read(int64(rva)+4, int64(r.f.order.Uint32(head)))
	}
	if err != nil {
		r.warn(rva, "%v", err)
		return nil
	}
	return head
}

func (r *crashpadReader) warn(rva uint32, format string, args ...any) {
	r.f.warn(CrashpadInfoStream, int64(rva), "a part is left out: "+format, args...)
}
