package minidump

import (
	"math"
)

const (
	// memoryDescriptorSize is sizeof(MINIDUMP_MEMORY_DESCRIPTOR), and
	// sizeof(MINIDUMP_MEMORY_DESCRIPTOR64).
	memoryDescriptorSize = 16
	memory64HeaderSize   = 16
)

// MemoryList decodes stream 5, in the order of the file, which is seldom that
// of the addresses. [File.Memory] puts all memory of the dump together.
func (f *File) MemoryList() ([]MemoryDescriptor, error) { return f.memoryList.get(f.decodeMemoryList) }

func (f *File) decodeMemoryList() ([]MemoryDescriptor, error) {
	l, err := f.plainList(MemoryListStream, memoryDescriptorSize)
	if err != nil {
		return nil, err
	}
	ranges := make([]MemoryDescriptor, l.count)
	there := 0
	n, mask := f.numbers(), f.address(^uint64(0))
	for i, b := range l.all() {
		ranges[i] = MemoryDescriptor{n.uint64(b) & mask, LocationDescriptor{n.uint32(b[8:]), n.uint32(b[12:])}}
		there = i + 1
	}
	return ranges[:there], nil
}

// Memory64List is a MINIDUMP_MEMORY64_LIST: ranges whose bytes lie end to end
// in the file from BaseRva on.
type Memory64List struct {
	BaseRva uint64
	Ranges  []MemoryDescriptor64
}

// MemoryDescriptor64 is a MINIDUMP_MEMORY_DESCRIPTOR64.
type MemoryDescriptor64 struct {
	StartOfMemoryRange uint64
	DataSize           uint64 // bytes
}

// Memory64List decodes stream 9, in the order of the file.
func (f *File) Memory64List() (*Memory64List, error) { return f.memory64.get(f.decodeMemory64) }

func (f *File) decodeMemory64() (*Memory64List, error) {
	s, err := f.section(Memory64ListStream)
	if err != nil {
		return nil, err
	}
	c, err := f.headOf(s, memory64HeaderSize)
	if err != nil {
		return nil, err
	}
	count, base := c.Uint64(), c.Uint64()
	if c.Err() != nil {
		return nil, s.fault("%d bytes, at least 16 were expected", s.size)
	}
	l := f.newList(s, memory64HeaderSize, memoryDescriptorSize, int64(min(count, math.MaxInt64)))
	ranges := make([]MemoryDescriptor64, l.count)
	there := 0
	n, mask := f.numbers(), f.address(^uint64(0))
	for i, b := range l.all() {
		ranges[i] = MemoryDescriptor64{n.uint64(b) & mask, n.uint64(b[8:])}
		there = i + 1
	}
	return &Memory64List{BaseRva: base, Ranges: ranges[:there]}, nil
}
