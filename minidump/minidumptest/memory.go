package minidumptest

import (
	"bytes"

	"github.com/handletrace/handletrace/minidump"
)

// Memory is a range of the process's memory.
type Memory struct {
	Start uint64
	// Size is len(Data) where it is zero. What Data leaves is zeros, which
	// [Builder.WriteFile] leaves as a hole.
	Size uint64
	Data []byte
}

func (m Memory) size() uint64 {
	if m.Size == 0 {
		return uint64(len(m.Data))
	}
	return m.Size
}

// bytes returns the range's bytes, zeros included.
func (m Memory) bytes() []byte {
	out := make([]byte, m.size())
	copy(out, m.Data)
	return out
}

// AddMemory appends a range to stream 5.
func (b *Builder) AddMemory(m Memory) {
	b.memory = append(b.memory, m)
	b.replace(minidump.MemoryListStream, func() []any {
		var entries []any
		for _, m := range b.memory {
			entries = append(entries, m.Start, Location(m.bytes()))
		}
		return b.list(minidump.MemoryListStream, len(b.memory), entries)
	})
}

// AddMemory64 appends a range to stream 9, whose bytes are the last of the
// file.
func (b *Builder) AddMemory64(m Memory) {
	if b.full == nil {
		b.Add(minidump.Memory64ListStream)
	}
	b.full = append(b.full, m)
}

// memory64 encodes stream 9 with its BaseRva left open.
func (l *layout) memory64() []byte {
	t := minidump.Memory64ListStream
	out := l.order.AppendUint64(nil, l.b.count(t, len(l.b.full)))
	out = l.order.AppendUint64(out, 0)
	for _, m := range l.b.full {
		out = l.order.AppendUint64(out, m.Start)
		out = l.order.AppendUint64(out, m.size())
	}
	l.tail = l.b.full
	return out
}

// closeMemory64 sets the BaseRva, which is the end of all else.
func (l *layout) closeMemory64() {
	if l.tail == nil {
		return
	}
	base := uint64(len(l.buf))
	if r := l.b.Faults.Memory64BaseRva; r != nil {
		base = *r
	}
	l.order.PutUint64(l.buf[l.baseAt:], base)
}

// Size returns the size of the file in bytes.
func (b *Builder) Size() int64 {
	l := b.layOut()
	return l.size()
}

func (l *layout) size() int64 {
	n := int64(len(l.buf))
	for _, m := range l.tail {
		n += int64(m.size())
	}
	return n
}

// Bytes returns the file. Each call lays it out afresh.
func (b *Builder) Bytes() []byte {
	l := b.layOut()
	out := make([]byte, l.size())
	n := copy(out, l.buf)
	for _, m := range l.tail {
		copy(out[n:], m.Data)
		n += int(m.size())
	}
	return out
}

// Reader returns the file and its size, as [minidump.New] takes them.
func (b *Builder) Reader() (*bytes.Reader, int64) {
	data := b.Bytes()
	return bytes.NewReader(data), int64(len(data))
}

// Open opens the file with [minidump.New].
func (b *Builder) Open() (*minidump.File, error) { return minidump.New(b.Reader()) }

// MemoryInfo is an entry of MemoryInfoList.
type MemoryInfo struct {
	Base              uint64
	AllocationBase    uint64
	AllocationProtect minidump.Protection
	Size              uint64
	State             minidump.MemoryState
	Protect           minidump.Protection
	Type              minidump.MemoryType
}

// AddMemoryInfo adds stream 16.
func (b *Builder) AddMemoryInfo(infos ...MemoryInfo) {
	t := minidump.MemoryInfoListStream
	b.replace(t, func() []any {
		parts := b.exHeader(t, 16, 48, len(infos), true)
		for _, m := range infos {
			parts = append(parts, m.Base, m.AllocationBase, uint32(m.AllocationProtect), uint32(0),
				m.Size, uint32(m.State), uint32(m.Protect), uint32(m.Type), uint32(0))
		}
		return append(parts, b.Faults.Slack[t])
	})
}
