package minidump_test

import (
	"slices"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// Each fault of a dump is told once, in full, and of the stream that has it.
func TestFaultsAreTold(t *testing.T) {
	type byStream = map[minidump.StreamType]uint32
	tests := []struct {
		what string
		make func(b *minidumptest.Builder)
		want []string
	}{
		{"nothing wrong", func(b *minidumptest.Builder) {}, nil},
		{"a stream named twice", func(b *minidumptest.Builder) {
			b.Add(minidump.CommentStreamA, "one")
			b.Add(minidump.CommentStreamA, "two")
			b.Add(0x10001, "mine")
			b.Add(0x10001, "mine")
		}, []string{"minidump: CommentA, offset 0xc4: the directory names the stream again; the first is read"}},
		{"a list that announces too much", func(b *minidumptest.Builder) {
			b.Add(minidump.ThreadListStream, uint32(3), make([]byte, 100))
		}, []string{"minidump: ThreadList, offset 0xc0: 3 entries are announced, 2 are there"}},
		{"memory in the header", func(b *minidumptest.Builder) {
			b.Add(minidump.MemoryListStream, uint32(2), uint64(0x1000), uint32(16), uint32(0), uint64(0x2000), uint32(16), uint32(31))
		}, []string{"minidump: MemoryList, offset 0x0: the 0x10 bytes of memory at 0x1000 are left out: their place in the file, 0x0, is the header's; the dump was not written to its end"}},
		{"full memory in the header", func(b *minidumptest.Builder) {
			b.AddMemory64(minidumptest.Memory{Start: 0x1000, Data: make([]byte, 100)})
			b.AddMemory64(minidumptest.Memory{Start: 0x2000, Data: make([]byte, 100)})
			b.Faults.Memory64BaseRva = new(uint64)
		}, []string{"minidump: Memory64List, offset 0xc0: 2 ranges of memory are left out: their place in the file, 0x0, is the header's; the dump was not written to its end"}},
		{"full memory that overlaps", func(b *minidumptest.Builder) {
			b.AddMemory64(minidumptest.Memory{Start: 0x1000, Data: make([]byte, 100)})
			b.AddMemory64(minidumptest.Memory{Start: 0x1010, Data: make([]byte, 100)})
			b.AddMemory64(minidumptest.Memory{Start: 0x1020, Data: make([]byte, 100)})
		}, []string{"minidump: Memory64List, offset 0xc0: ranges of memory overlap in 2 places, the first at 0x1010; the range that stands first in the file is served"}},
		{"memory over the end of the address space", func(b *minidumptest.Builder) {
			b.Add(minidump.MemoryListStream, uint32(1), ^uint64(0), uint32(16), uint32(32))
		}, []string{"minidump: MemoryList, offset 0x20: the range at 0xffffffffffffffff with 0x10 bytes is left out: it exceeds the address space"}},
		{"memory beyond the file", func(b *minidumptest.Builder) {
			b.Add(minidump.MemoryListStream, uint32(2), uint64(0x1000), uint32(16), uint32(1<<20), uint64(0x2000), uint32(16), uint32(1<<20))
		}, []string{"minidump: MemoryList, offset 0xe4: 0x0 of the 0x10 bytes of memory at 0x1000 are in the file; the dump was cut, what lies behind is missing"}},
		{"a name beyond the file", func(b *minidumptest.Builder) {
			b.AddModule(minidumptest.Module{Base: 1, Size: 1, NameRVA: uint32(1 << 20)})
		}, []string{"minidump: ModuleList, offset 0x100000: a string is left out: it lies beyond the end of the file (304 bytes)"}},
		{"a debug record beyond the file", func(b *minidumptest.Builder) {
			b.Add(minidump.ModuleListStream, uint32(1), uint64(1), [4]uint32{1, 0, 0, 0}, make([]byte, 52), uint32(24), uint32(1<<20), make([]byte, 24))
		}, []string{"minidump: ModuleList, offset 0x100000: a CodeView record of 24 bytes is left out: it lies beyond the end of the file (304 bytes)"}},
		{"a stream that the end cuts", func(b *minidumptest.Builder) {
			b.Add(minidump.CommentStreamA, "text")
			b.Faults.DataSize = byStream{minidump.CommentStreamA: 100}
		}, []string{"minidump: CommentA, offset 0xc0: 4 of the stream's 100 bytes are in the file"}},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			b := minidumptest.New(amd64)
			test.make(b)
			b.UnusedEntries = 8 - len(open(t, b).Directory()) // so that streams stand at the same place
			f := open(t, b)
			for range decodeAll(f) {
			}
			_, _ = f.Memory()
			var got []string
			for _, w := range f.Warnings() {
				got = append(got, w.String())
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("warnings:\n%q\nwant\n%q", got, test.want)
			}
		})
	}
}
