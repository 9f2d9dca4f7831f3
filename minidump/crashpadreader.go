package minidump

import (
	"reflect"
	"slices"

	"github.com/handletrace/handletrace/internal/cursor"
)

// crashpadReader reads the lists that hang from a CrashpadInfo. The parts of a
// sound dump lie apart, so that what is made of them is not much more than the
// file; the budget, of bytes that are allocated, stops those of a hostile one.
type crashpadReader struct {
	f      *File
	source byteSource
	budget int64
}

func (r *crashpadReader) modules(l LocationDescriptor) []CrashpadModule {
	return crashpadList(r, l, 12, func(c *cursor.Cursor) CrashpadModule {
		index, info := c.Uint32(), readLocation(c)
		m := r.module(info)
		m.ModuleListIndex = index
		return m
	})
}

const (
	crashpadModuleSize = 28 // sizeof(MinidumpModuleCrashpadInfo)
	// crashpadModuleLeast is what it has without the objects, as older
	// versions write it.
	crashpadModuleLeast = 20
)

func (r *crashpadReader) module(l LocationDescriptor) (m CrashpadModule) {
	if l.DataSize == 0 {
		return m
	}
	if l.DataSize < crashpadModuleLeast {
		r.warn(l.Rva, "%d bytes, at least %d were expected", l.DataSize, crashpadModuleLeast)
		return m
	}
	b, err := r.source.bytes(int64(l.Rva), int64(min(l.DataSize, crashpadModuleSize)))
	if err != nil {
		r.warn(l.Rva, "%v", err)
		return m
	}
	c := cursor.New(b, r.f.order)
	m.Version = c.Uint32()
	list, simple := readLocation(c), readLocation(c)
	objects := readLocation(c)
	m.ListAnnotations = crashpadList(r, list, 4, func(c *cursor.Cursor) string { return r.text(c.Uint32()) })
	m.SimpleAnnotations = r.simple(simple)
	m.AnnotationObjects = crashpadList(r, objects, 12, r.annotation)
	return m
}

func (r *crashpadReader) annotation(c *cursor.Cursor) Annotation {
	name, kind := c.Uint32(), c.Uint16()
	c.Skip(2)
	return Annotation{Name: r.text(name), Type: kind, Value: slices.Clone(r.bytes(c.Uint32()))}
}

func (r *crashpadReader) simple(l LocationDescriptor) []SimpleAnnotation {
	return crashpadList(r, l, 8, func(c *cursor.Cursor) SimpleAnnotation {
		key, value := c.Uint32(), c.Uint32()
		return SimpleAnnotation{r.text(key), r.text(value)}
	})
}

// crashpadList reads a u32 count and that many entries.
func crashpadList[T any](r *crashpadReader, l LocationDescriptor, stride int64, read func(*cursor.Cursor) T) []T {
	if l.DataSize == 0 {
		return nil
	}
	if l.DataSize < 4 {
		r.warn(l.Rva, "%d bytes, at least 4 were expected", l.DataSize)
		return nil
	}
	head, err := r.source.bytes(int64(l.Rva), 4)
	if err != nil {
		r.warn(l.Rva, "%v", err)
		return nil
	}
	count := int64(r.f.order.Uint32(head))
	size := min(int64(l.DataSize), r.f.size-int64(l.Rva)) - 4
	if there := size / stride; count > there {
		r.warn(l.Rva, "%d entries are announced, %d are there", count, there)
		count = there
	}
	if r.budget -= count * int64(reflect.TypeFor[T]().Size()); r.budget < 0 {
		r.warn(l.Rva, "%d entries and what stands before them are more than the file holds", count)
		return nil
	}
	entries := make([]T, count)
	for i := range entries {
		b, err := r.source.bytes(int64(l.Rva)+4+int64(i)*stride, stride)
		if err != nil {
			r.warn(l.Rva, "%v", err)
			return entries[:i]
		}
		var entry [12]byte // the source is read for what the entry refers to
		entries[i] = read(cursor.New(entry[:copy(entry[:], b)], r.f.order))
	}
	return entries
}

// text reads a MinidumpUTF8String.
func (r *crashpadReader) text(rva uint32) string { return decodeBytes(r.bytes(rva)) }

// bytes reads a MinidumpByteArray, a length and bytes, which are good until the
// source is read again.
func (r *crashpadReader) bytes(rva uint32) []byte {
	if rva == 0 {
		return nil
	}
	b, err := r.source.bytes(int64(rva), 4)
	if err != nil {
		r.warn(rva, "%v", err)
		return nil
	}
	n := int64(r.f.order.Uint32(b))
	// What is no UTF-8 may become twice as long, and the source may need
	// memory for it too.
	const least, each = 16, 3
	if r.budget -= least + each*n; r.budget < 0 {
		r.warn(rva, "%d bytes and what stands before them are more than the file holds", n)
		return nil
	}
	if b, err = r.source.bytes(int64(rva)+4, n); err != nil {
		r.warn(rva, "%v", err)
		return nil
	}
	return b
}

func (r *crashpadReader) warn(rva uint32, format string, args ...any) {
	r.f.warn(CrashpadInfoStream, int64(rva), "a part is left out: "+format, args...)
}
