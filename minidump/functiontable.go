package minidump

import (
	"iter"

	"github.com/handletrace/handletrace/internal/cursor"
)

// FunctionTableStreamInfo is a MINIDUMP_FUNCTION_TABLE_STREAM: the unwind
// tables that the process had registered for code made at run time.
type FunctionTableStreamInfo struct {
	SizeOfDescriptor       uint32
	SizeOfNativeDescriptor uint32 // differs between builds of Windows
	SizeOfFunctionEntry    uint32 // 12 on amd64
	NumberOfDescriptors    uint32
	SizeOfAlignPad         uint32

	f    *File
	s    section
	body int // where in the stream the first table is
}

// FunctionTable is a MINIDUMP_FUNCTION_TABLE_DESCRIPTOR and what follows it.
type FunctionTable struct {
	MinimumAddress uint64
	MaximumAddress uint64
	BaseAddress    uint64 // what the entries' offsets count from
	EntryCount     uint32
	// Native is the system's own descriptor, whose layout is not public.
	Native []byte
	// Entries are EntryCount entries of SizeOfFunctionEntry bytes, such as
	// RUNTIME_FUNCTION.
	Entries []byte
}

const (
	functionTableHeaderSize     = 24
	functionTableDescriptorSize = 32
)

// FunctionTables opens stream 13. Its size is an upper bound: bytes behind the
// last table are no fault.
func (f *File) FunctionTables() (*FunctionTableStreamInfo, error) {
	return once(f, FunctionTableStream, f.decodeFunctionTables)
}

func (f *File) decodeFunctionTables() (*FunctionTableStreamInfo, error) {
	s, err := f.section(FunctionTableStream)
	if err != nil {
		return nil, err
	}
	b, err := f.bytesOf(s, functionTableHeaderSize)
	if err != nil {
		return nil, err
	}
	c := cursor.New(b, f.order)
	header := c.Uint32()
	t := &FunctionTableStreamInfo{f: f, s: s,
		SizeOfDescriptor: c.Uint32(), SizeOfNativeDescriptor: c.Uint32(), SizeOfFunctionEntry: c.Uint32(),
		NumberOfDescriptors: c.Uint32(), SizeOfAlignPad: c.Uint32()}
	switch {
	case c.Err() != nil:
		return nil, s.fault("%d bytes, at least %d were expected", s.size, functionTableHeaderSize)
	case header < functionTableHeaderSize || int64(header)+int64(t.SizeOfAlignPad) > s.size:
		return nil, s.fault("a header of %d and %d bytes in a stream of %d", header, t.SizeOfAlignPad, s.size)
	case t.NumberOfDescriptors > 0 && t.SizeOfDescriptor < functionTableDescriptorSize:
		return nil, s.fault("descriptors of %d bytes, at least %d were expected", t.SizeOfDescriptor, functionTableDescriptorSize)
	}
	t.body = int(header + t.SizeOfAlignPad)
	return t, nil
}

// All yields the tables with their index, in the order of the file. A table
// that the stream's end cuts ends the sequence, with a warning.
func (t *FunctionTableStreamInfo) All() iter.Seq2[int, FunctionTable] {
	return func(yield func(int, FunctionTable) bool) {
		c, err := t.f.cursorOf(t.s)
		if err != nil {
			t.f.warn(t.s.stream, t.s.off, "the tables are left out: %v", err)
			return
		}
		c.Seek(t.body)
		for i := range t.NumberOfDescriptors {
			at := t.s.off + int64(c.Offset())
			table, ok := t.next(c)
			if !ok {
				t.f.warn(t.s.stream, at, "table %d of %d and those after it are left out: %v", i, t.NumberOfDescriptors, c.Err())
				return
			}
			if !yield(int(i), table) {
				return
			}
		}
	}
}

func (t *FunctionTableStreamInfo) next(c *cursor.Cursor) (FunctionTable, bool) {
	d := cursor.New(c.Bytes(int(t.SizeOfDescriptor)), t.f.order)
	table := FunctionTable{
		MinimumAddress: t.f.address(d.Uint64()),
		MaximumAddress: t.f.address(d.Uint64()),
		BaseAddress:    t.f.address(d.Uint64()),
		EntryCount:     d.Uint32(),
	}
	pad := d.Uint32()
	table.Native = c.Bytes(int(t.SizeOfNativeDescriptor))
	size := uint64(table.EntryCount) * uint64(t.SizeOfFunctionEntry)
	table.Entries = c.Bytes(int(min(size, uint64(c.Len())+1)))
	if c.Err() != nil {
		return table, false
	}
	// The last table's padding may lie beyond the stream.
	c.Skip(min(int(pad), c.Len()))
	return table, true
}
