package minidumptest

import (
	"encoding/binary"
	"slices"

	"github.com/handletrace/handletrace/minidump"
)

// Builder gathers what a dump is to hold. The zero value is a little-endian
// dump with no streams; [New] adds a SystemInfo. Streams stand in the file in
// the order in which they were first added.
type Builder struct {
	BigEndian      bool
	Implementation uint16 // the writer's own version
	CheckSum       uint32
	TimeDateStamp  uint32 // seconds since 1970 in UTC
	Flags          minidump.Flags
	// Align is the alignment of streams, strings and data in the file: 4
	// where it is zero; 1 gives odd places, as some writers have them.
	Align int
	// UnusedEntries are entries of type 0 behind the directory's others.
	UnusedEntries int
	// HandleDescriptorSize is 40 where it is zero. Other sizes cut a
	// descriptor or fill it up with zeros.
	HandleDescriptorSize int
	// HandleOperationHeaderSize is 16 where it is zero.
	HandleOperationHeaderSize int
	// HandleOperationSize is 288 where it is zero.
	HandleOperationSize int

	Faults Faults

	streams []stream
	modules []Module
	threads []Thread
	memory  []Memory
	full    []Memory
	handles []Handle
	ops     []HandleOperation
}

// Faults are lies in the file. The maps' keys are the streams that they are
// about.
type Faults struct {
	NumberOfStreams    *uint32                        // in the header
	StreamDirectoryRva *uint32                        // in the header
	Count              map[minidump.StreamType]uint64 // announced, whatever the list holds
	Padding            map[minidump.StreamType][]byte // between a list's header and its entries
	Slack              map[minidump.StreamType][]byte // behind a list's last entry
	SizeOfEntry        map[minidump.StreamType]uint32 // announced, whatever an entry has
	SizeOfHeader       map[minidump.StreamType]uint32 // announced, whatever the header has
	DataSize           map[minidump.StreamType]uint32 // in the directory
	Rva                map[minidump.StreamType]uint32 // in the directory
	Memory64BaseRva    *uint64                        // in the Memory64List
	Directory          func(d []minidump.Directory)   // changes the entries in place
}

// Ptr returns a pointer to v, for the fields of [Faults].
func Ptr[T any](v T) *T { return &v }

// stream makes its parts when the file is laid out.
type stream struct {
	typ   minidump.StreamType
	parts func() []any
}

// New returns a builder of a little-endian dump with a SystemInfo of Windows
// 10.0.26200 on the given processor.
func New(arch minidump.ProcessorArchitecture) *Builder {
	b := &Builder{TimeDateStamp: 1700000000}
	b.AddSystemInfo(SystemInfo{Architecture: arch, Platform: minidump.PlatformWin32NT,
		Major: 10, Build: 26200, Processors: 4, ProductType: 1})
	return b
}

// Add appends a stream of any type, made of parts: see [String], [RVA],
// [Location] and the others for those that stand for data elsewhere in the
// file. All else is written as encoding/binary writes it, in the file's byte
// order. Several streams of one type may be added.
func (b *Builder) Add(t minidump.StreamType, parts ...any) {
	b.streams = append(b.streams, stream{t, func() []any { return parts }})
}

// replace sets the stream of type t, in the place where it was or at the end.
func (b *Builder) replace(t minidump.StreamType, parts func() []any) {
	i := slices.IndexFunc(b.streams, func(s stream) bool { return s.typ == t })
	if i < 0 {
		b.streams = append(b.streams, stream{t, parts})
		return
	}
	b.streams[i].parts = parts
}

// Remove drops every stream of type t.
func (b *Builder) Remove(t minidump.StreamType) {
	b.streams = slices.DeleteFunc(b.streams, func(s stream) bool { return s.typ == t })
}

func (b *Builder) order() Order {
	if b.BigEndian {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// list returns a list of the old form: count, entries.
func (b *Builder) list(t minidump.StreamType, count int, entries []any) []any {
	parts := []any{uint32(b.count(t, count)), b.Faults.Padding[t]}
	return append(append(parts, entries...), b.Faults.Slack[t])
}

func (b *Builder) count(t minidump.StreamType, n int) uint64 {
	if c, ok := b.Faults.Count[t]; ok {
		return c
	}
	return uint64(n)
}

func valueOr[K comparable, V any](m map[K]V, k K, otherwise V) V {
	if v, ok := m[k]; ok {
		return v
	}
	return otherwise
}

func orDefault(v, otherwise int) int {
	if v == 0 {
		return otherwise
	}
	return v
}
