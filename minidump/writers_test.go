package minidump_test

import (
	"encoding/binary"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// What is odd in the dumps of some writers, and sound.

// The file's end cuts the last list of a writer that pads them: the padding is
// told by the size that the directory gives.
func TestPaddedListThatIsCut(t *testing.T) {
	b := minidumptest.New(amd64)
	b.Faults.Padding = map[minidump.StreamType][]byte{minidump.ThreadListStream: make([]byte, 4)}
	for i := range 3 {
		b.AddThread(minidumptest.Thread{ID: uint32(7 + i)})
	}
	data := b.Bytes()
	f := must(minidump.New(readerAt(data[:len(data)-10]), int64(len(data)-10)))(t)
	threads := must(f.Threads())(t)
	if len(threads) != 2 || threads[0].ThreadID != 7 || threads[1].ThreadID != 8 {
		t.Errorf("threads = %+v", threads)
	}
	wantWarning(t, f, minidump.ThreadListStream, "142 of the stream's 152 bytes")
}

// A stack may lie in several ranges of the memory list, one behind the other.
func TestStackInNeighbouringRanges(t *testing.T) {
	b := minidumptest.New(amd64)
	b.AddThread(minidumptest.Thread{ID: 1, StackBase: 0x7002, Stack: []byte("cdefghij")})
	for i, part := range []string{"abcd", "efg", "hijkl"} {
		b.AddMemory(minidumptest.Memory{Start: []uint64{0x7000, 0x7004, 0x7007}[i], Data: []byte(part)})
	}
	f, m := memoryOf(t, b)
	wantBytes(t, m, 0x7000, "abcdefghijkl")
	equal(t, "ranges", m.Len(), 3)
	noWarnings(t, f)
}

// Lists may be empty, and ranges without bytes have no place in the file.
func TestEmptyLists(t *testing.T) {
	b := minidumptest.New(amd64)
	for _, s := range []minidump.StreamType{minidump.ThreadListStream, minidump.ModuleListStream, minidump.MemoryListStream, minidump.ThreadNamesStream, minidump.ThreadExListStream} {
		b.Add(s, uint32(0))
	}
	b.Add(minidump.Memory64ListStream, uint64(0), uint64(0))
	b.Add(minidump.HandleDataStream, uint32(16), uint32(40), uint32(0), uint32(0))
	b.Add(minidump.HandleOperationListStream, uint32(16), uint32(288), uint32(0), uint32(0))
	b.Add(minidump.UnloadedModuleListStream, uint32(12), uint32(24), uint32(0))
	b.Add(minidump.ThreadInfoListStream, uint32(12), uint32(64), uint32(0))
	b.Add(minidump.MemoryInfoListStream, uint32(16), uint32(48), uint64(0))
	b.Add(minidump.FunctionTableStream, [6]uint32{24, 32, 136, 12, 0, 0})
	b.Add(minidump.TokenStream, [4]uint32{16, 0, 16, 72})
	b.Add(minidump.CommentStreamW)
	b.Add(minidump.LinuxEnvironStream)
	b.UnusedEntries = 3
	b.Faults.Directory = func(d []minidump.Directory) {
		d[len(d)-1] = minidump.Directory{Rva: 0xffffffff, DataSize: 0xffffffff} // what an unused entry says does not matter
	}
	f := open(t, b)
	for stream, err := range decodeAll(f) {
		if err != nil && f.Has(stream) {
			t.Error(err)
		}
	}
	equal(t, "ranges", must(f.Memory())(t).Len(), 0)
	noWarnings(t, f)

	b = minidumptest.New(amd64)
	b.Add(minidump.MemoryListStream, uint32(2), uint64(0x1000), uint64(0), uint64(0x2000), minidumptest.Location("ab"))
	f, m := memoryOf(t, b)
	wantBytes(t, m, 0x2000, "ab")
	noWarnings(t, f)
}

// Modules may end where the address space does.
func TestModuleAtTheEndOfTheAddressSpace(t *testing.T) {
	b := minidumptest.New(amd64)
	b.AddModule(minidumptest.Module{Base: 0xfffffffffffff000, Size: 0x1000, Name: "last"})
	f := open(t, b)
	if m := must(f.Modules())(t); len(m) != 1 || !m[0].Contains(^uint64(0)) || m[0].Contains(0) {
		t.Errorf("modules = %+v", m)
	}
	noWarnings(t, f)
}

// A dump without SystemInfo is read as one of a 64-bit process.
func TestNoSystemInfo(t *testing.T) {
	b := &minidumptest.Builder{}
	b.AddModule(minidumptest.Module{Base: 0xffffffff80001000, Size: 1, Name: "a"})
	b.AddThread(minidumptest.Thread{ID: 1, StackBase: 0x7000, Stack: []byte("stack"), Context: amd64Context()})
	f, m := memoryOf(t, b)
	wantBytes(t, m, 0x7000, "stack")
	equal(t, "module", must(f.Modules())(t)[0].BaseOfImage, 0xffffffff80001000)
	if _, err := f.ThreadContext(&must(f.Threads())(t)[0]); err == nil {
		t.Error("registers of a processor that is not known")
	}
	noWarnings(t, f)
}

// Breakpad's and LLDB's first contexts of ARM64 set bit 31 of the flags, and
// LLDB's ends with padding.
func TestOldARM64Flags(t *testing.T) {
	for _, arch := range []minidump.ProcessorArchitecture{minidump.ProcessorArchitectureARM64, minidump.ProcessorArchitectureARM64Old} {
		for _, size := range []int{796, 800} {
			context := contextOf(size, map[int]uint64{0: 0x80000006, 264: 0x1122, 256: 0x3344, 240: 0x5566}, 8)
			c, err := threadContext(t, arch, context)
			wantRegisters(t, "old", c, err)
			equal(t, "flags", c.(*minidump.ContextARM64).ContextFlags, 0x80000006)
		}
	}
}

// Dumps of big-endian processors have their registers in that order too.
func TestBigEndianContexts(t *testing.T) {
	for arch, at := range map[minidump.ProcessorArchitecture][4]int{
		minidump.ProcessorArchitecturePPC:    {1004, 4, 16, 12 + 31*4},
		minidump.ProcessorArchitecturePPC64:  {1160, 8, 32, 24 + 31*8},
		minidump.ProcessorArchitectureMIPS:   {600, 312, 8 + 29*8, 8 + 30*8},
		minidump.ProcessorArchitectureMIPS64: {600, 312, 8 + 29*8, 8 + 30*8},
		minidump.ProcessorArchitectureSPARC:  {584, 8 + 33*8, 8 + 14*8, 8 + 30*8},
	} {
		context := make([]byte, at[0])
		for i, v := range []uint64{0x1122, 0x3344, 0x5566} {
			if arch == minidump.ProcessorArchitecturePPC {
				binary.BigEndian.PutUint32(context[at[1+i]:], uint32(v))
			} else {
				binary.BigEndian.PutUint64(context[at[1+i]:], v)
			}
		}
		b := minidumptest.New(arch)
		b.BigEndian = true
		b.AddThread(minidumptest.Thread{ID: 1, Context: context})
		f := open(t, b)
		c, err := f.ThreadContext(&must(f.Threads())(t)[0])
		wantRegisters(t, arch.String(), c, err)
	}
}
