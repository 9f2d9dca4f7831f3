package minidump

import (
	"encoding/binary"
	"fmt"
	"io"
	"iter"

	"github.com/handletrace/handletrace/internal/mapped"
)

// Memory is the memory of the process, as far as the dump holds it: one
// address space over MemoryList, Memory64List and the threads' stacks. It is
// safe for concurrent use and reads do not allocate.
type Memory struct {
	f         *File
	segs      []segment // sorted
	index     addressIndex
	bigEndian bool
	words     *mapped.File // nil where the file is not mapped or has to be swapped
}

// segment is a run of addresses whose bytes lie together in the file. The
// segments are sorted and do not overlap.
type segment struct {
	start uint64
	size  uint64
	off   int64
}

func (s *segment) end() uint64 { return s.start + s.size }

// Memory returns the process's memory. Where ranges of the file overlap, the
// one that stands first in the file is served and a warning tells. A range
// that the end of the file cuts keeps what is there. A dump with no memory at
// all gives an empty Memory, not an error.
func (f *File) Memory() (*Memory, error) { return f.memory.get(f.buildMemory) }

func newMemory(f *File, segs []segment) *Memory {
	m := &Memory{f: f, segs: segs, index: addressIndex{segs: segs}}
	m.bigEndian = f.header.BigEndian
	if !m.bigEndian {
		m.words, _ = f.src.(*mapped.File)
	}
	return m
}

// MemoryRange is a run of addresses whose bytes are in the dump.
type MemoryRange struct {
	Start  uint64
	Size   uint64 // bytes
	Offset int64  // where in the file they are
}

// Ranges yields the ranges in the order of their addresses. Neighbours that
// the file holds apart are yielded apart.
func (m *Memory) Ranges() iter.Seq[MemoryRange] {
	return func(yield func(MemoryRange) bool) {
		for _, s := range m.segs {
			if !yield(MemoryRange{s.start, s.size, s.off}) {
				return
			}
		}
	}
}

// Len returns the number of ranges.
func (m *Memory) Len() int { return len(m.segs) }

// Find returns the range that holds addr.
func (m *Memory) Find(addr uint64) (MemoryRange, bool) {
	s := m.index.find(addr)
	if s == nil {
		return MemoryRange{}, false
	}
	return MemoryRange{s.start, s.size, s.off}, true
}

// Read fills p from addr on, across neighbouring ranges. It returns how many
// bytes it read; fewer than len(p) come with an error, which is
// [ErrNotMapped] where the dump does not hold the next byte.
func (m *Memory) Read(addr uint64, p []byte) (int, error) {
	i := m.index.rank(addr)
	n := 0
	for n < len(p) {
		if i == 0 || i > len(m.segs) {
			return n, notMapped(addr + uint64(n))
		}
		s := &m.segs[i-1]
		at := addr + uint64(n)
		if at < s.start || at-s.start >= s.size {
			return n, notMapped(at)
		}
		part := p[n:]
		if rest := s.size - (at - s.start); uint64(len(part)) > rest {
			part = part[:rest]
		}
		if err := m.f.readInto(part, s.off+int64(at-s.start)); err != nil {
			return n, err
		}
		n += len(part)
		i++
	}
	return n, nil
}

// notMappedError keeps the address without formatting it, for a missing page
// is an everyday thing.
type notMappedError uint64

func (e notMappedError) Error() string {
	return fmt.Sprintf("minidump: address %#x: %v", uint64(e), ErrNotMapped)
}
func (e notMappedError) Unwrap() error { return ErrNotMapped }

func notMapped(addr uint64) error { return notMappedError(addr) }

// Pointer reads an address of the process at addr, in the process's width.
func (m *Memory) Pointer(addr uint64) (uint64, error) { return m.pointer(addr, m.f.PointerSize()) }

// Section returns the size bytes of memory from base on as an io.ReaderAt,
// whose offset 0 is base. A read that meets a hole returns what stands before
// it and an error that is [ErrNotMapped].
func (m *Memory) Section(base, size uint64) io.ReaderAt { return memorySection{m, base, size} }

type memorySection struct {
	m          *Memory
	base, size uint64
}

func (s memorySection) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fmt.Errorf("minidump: negative offset %d", off)
	}
	if uint64(off) >= s.size {
		return 0, io.EOF
	}
	short := false
	if rest := s.size - uint64(off); uint64(len(p)) > rest {
		p, short = p[:rest], true
	}
	n, err := s.m.Read(s.base+uint64(off), p)
	if err == nil && short {
		err = io.EOF
	}
	return n, err
}

// ByteOrder returns the order of the process's numbers.
func (m *Memory) ByteOrder() binary.ByteOrder { return m.f.order }
