package minidump

import (
	"fmt"
	"math"
)

// memoryDescriptorSize is sizeof(MINIDUMP_MEMORY_DESCRIPTOR).
const memoryDescriptorSize = 16

// MemoryList decodes stream 5, in the order of the file, which is seldom that
// of the addresses. [File.Memory] puts all memory of the dump together.
func (f *File) MemoryList() ([]MemoryDescriptor, error) { return f.memoryList.get(f.decodeMemoryList) }

func (f *File) decodeMemoryList() ([]MemoryDescriptor, error) {
	l, err := f.plainList(MemoryListStream, memoryDescriptorSize)
	if err != nil {
		return nil, err
	}
	ranges := make([]MemoryDescriptor, l.count)
	b, n, mask := l.c.Bytes(l.count*memoryDescriptorSize), f.numbers(), f.address(^uint64(0))
	for i := range ranges {
		e := b[i*memoryDescriptorSize:][:memoryDescriptorSize]
		ranges[i] = MemoryDescriptor{n.uint64(e) & mask, LocationDescriptor{n.uint32(e[8:]), n.uint32(e[12:])}}
	}
	return ranges, nil
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
	c, err := f.cursorOf(s)
	if err != nil {
		return nil, err
	}
	count, base := c.Uint64(), c.Uint64()
	if c.Err() != nil {
		return nil, &FormatError{s.stream, s.off, fmt.Sprintf("%d bytes, at least 16 were expected", s.size)}
	}
	l := f.fit(s, c, memoryDescriptorSize, int64(min(count, math.MaxInt64)))
	list := &Memory64List{BaseRva: base, Ranges: make([]MemoryDescriptor64, l.count)}
	b, n, mask := c.Bytes(l.count*memoryDescriptorSize), f.numbers(), f.address(^uint64(0))
	for i := range list.Ranges {
		e := b[i*memoryDescriptorSize:][:memoryDescriptorSize]
		list.Ranges[i] = MemoryDescriptor64{n.uint64(e) & mask, n.uint64(e[8:])}
	}
	return list, nil
}
