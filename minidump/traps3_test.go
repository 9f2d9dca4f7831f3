package minidump_test

import (
	"errors"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// Memory.

func memoryOf(t *testing.T, b *minidumptest.Builder) (*minidump.File, *minidump.Memory) {
	t.Helper()
	f := open(t, b)
	return f, must(f.Memory())(t)
}

// wantBytes checks what is at addr.
func wantBytes(t *testing.T, m *minidump.Memory, addr uint64, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if n, err := m.Read(addr, got); err != nil || string(got) != want {
		t.Errorf("memory at %#x = %q (%d bytes, %v), want %q", addr, got, n, err, want)
	}
}

func TestTrap14UnsortedAndOverlapping(t *testing.T) {
	b := minidumptest.New(amd64)
	b.AddMemory(minidumptest.Memory{Start: 0x3000, Data: []byte("third")})
	b.AddMemory(minidumptest.Memory{Start: 0x1000, Data: []byte("first")})
	b.AddMemory(minidumptest.Memory{Start: 0x2000, Data: []byte("second")})
	f, m := memoryOf(t, b)
	wantBytes(t, m, 0x1000, "first")
	wantBytes(t, m, 0x2000, "second")
	wantBytes(t, m, 0x3000, "third")
	var starts []uint64
	for r := range m.Ranges() {
		starts = append(starts, r.Start)
	}
	if !slices.Equal(starts, []uint64{0x1000, 0x2000, 0x3000}) {
		t.Errorf("ranges at %#x", starts)
	}
	noWarnings(t, f)

	b = minidumptest.New(amd64)
	b.AddMemory(minidumptest.Memory{Start: 0x1004, Data: []byte("ABCD")})
	b.AddMemory(minidumptest.Memory{Start: 0x1000, Data: []byte("abcdefghijkl")})
	f, m = memoryOf(t, b)
	wantBytes(t, m, 0x1000, "abcdABCDijkl")
	wantWarning(t, f, minidump.MemoryListStream, "overlap")
}

func TestTrap15StacksByAddress(t *testing.T) {
	b := minidumptest.New(amd64)
	b.AddThread(minidumptest.Thread{ID: 1, StackBase: 0x7000, StackSize: 5})
	b.AddThread(minidumptest.Thread{ID: 2, StackBase: 0x9000, Stack: []byte("own")})
	b.AddMemory64(minidumptest.Memory{Start: 0x7000, Data: []byte("stack")})
	f, m := memoryOf(t, b)
	wantBytes(t, m, 0x7000, "stack")
	wantBytes(t, m, 0x9000, "own")
	noWarnings(t, f)
}

func TestTrap16Memory64(t *testing.T) {
	build := func() *minidumptest.Builder {
		b := minidumptest.New(amd64)
		b.AddMemory64(minidumptest.Memory{Start: 0x1000, Data: []byte("abcd")})
		b.AddMemory64(minidumptest.Memory{Start: 0x1004})
		b.AddMemory64(minidumptest.Memory{Start: 0x1004, Data: []byte("efgh")})
		return b
	}
	t.Run("neighbours and a range of no bytes", func(t *testing.T) {
		f, m := memoryOf(t, build())
		wantBytes(t, m, 0x1000, "abcdefgh")
		v, err := m.Uint64(0x1000)
		if v != 0x6867666564636261 || err != nil {
			t.Errorf("a word over two ranges = %#x, %v", v, err)
		}
		noWarnings(t, f)
	})
	t.Run("cut tail", func(t *testing.T) {
		data := build().Bytes()
		f := must(minidump.New(readerAt(data[:len(data)-2]), int64(len(data)-2)))(t)
		m := must(f.Memory())(t)
		wantBytes(t, m, 0x1000, "abcdef")
		wantWarning(t, f, minidump.Memory64ListStream, "cut")
		n, err := m.Read(0x1000, make([]byte, 8))
		if n != 6 || !errors.Is(err, minidump.ErrNotMapped) {
			t.Errorf("Read = %d, %v", n, err)
		}
	})
	for _, base := range []uint64{0, 1 << 40, ^uint64(0)} {
		b := build()
		b.Faults.Memory64BaseRva = &base
		f, m := memoryOf(t, b)
		equal(t, "ranges", m.Len(), 0)
		if base == 0 {
			wantWarning(t, f, minidump.Memory64ListStream, "not written to its end")
			continue
		}
		wantWarning(t, f, minidump.Memory64ListStream, "cut")
	}
	t.Run("count of 64 bits", func(t *testing.T) {
		b := build()
		b.Faults.Count = map[minidump.StreamType]uint64{minidump.Memory64ListStream: ^uint64(0)}
		f, m := memoryOf(t, b)
		equal(t, "ranges", m.Len(), 2)
		wantWarning(t, f, minidump.Memory64ListStream, "3 are there")
	})
}

// A range of 5 GiB, and one behind it.
func TestTrap16BeyondFourGiB(t *testing.T) {
	b := minidumptest.New(amd64)
	b.AddMemory64(minidumptest.Memory{Start: 0x100000000, Size: 5 << 30, Data: []byte("front")})
	b.AddMemory64(minidumptest.Memory{Start: 0x7ff000000000, Data: []byte("behind it")})
	name := filepath.Join(t.TempDir(), "a.dmp")
	if err := b.WriteFile(name); err != nil {
		t.Fatal(err)
	}
	f := must(minidump.Open(name))(t)
	defer f.Close()
	m := must(f.Memory())(t)
	wantBytes(t, m, 0x100000000, "front")
	wantBytes(t, m, 0x100000000+5<<30-4, "\x00\x00\x00\x00")
	wantBytes(t, m, 0x7ff000000000, "behind it")
	v, err := m.Uint32(0x7ff000000000)
	if v != 0x69686562 || err != nil {
		t.Errorf("a word behind 5 GiB = %#x, %v", v, err)
	}
	noWarnings(t, f)
}

func TestTrap17BothLists(t *testing.T) {
	b := minidumptest.New(amd64)
	b.AddMemory(minidumptest.Memory{Start: 0x1000, Data: []byte("list")})
	b.AddMemory64(minidumptest.Memory{Start: 0x2000, Data: []byte("list64")})
	f, m := memoryOf(t, b)
	wantBytes(t, m, 0x1000, "list")
	wantBytes(t, m, 0x2000, "list64")
	noWarnings(t, f)
}

func TestTrap18SignExtendedAddresses(t *testing.T) {
	build := func(arch minidump.ProcessorArchitecture) *minidump.File {
		b := minidumptest.New(arch)
		const high = 0xffffffff80001000
		b.AddModule(minidumptest.Module{Base: high, Size: 0x1000, Name: "a"})
		b.AddMemory(minidumptest.Memory{Start: high, Data: []byte("x")})
		b.AddThread(minidumptest.Thread{ID: 1, Teb: high})
		b.AddException(minidumptest.Exception{ThreadID: 1, Code: 0xc0000005, Address: high, Information: []uint64{0, 0xffffffffe955f13c}})
		b.AddHandleOperations(minidumptest.HandleOperation{Handle: 4, Frames: []uint64{high}})
		return open(t, b)
	}
	for arch, want := range map[minidump.ProcessorArchitecture]uint64{x86: 0x80001000, amd64: 0xffffffff80001000} {
		f := build(arch)
		equal(t, "module", must(f.Modules())(t)[0].BaseOfImage, want)
		equal(t, "thread", must(f.Threads())(t)[0].Teb, want)
		e := must(f.Exceptions())(t)[0]
		equal(t, "exception", e.ExceptionAddress, want)
		equal(t, "information", e.ExceptionInformation[1], want>>32<<32|0xe955f13c)
		for _, op := range must(f.HandleOperationList())(t).All() {
			equal(t, "frame", op.ReturnAddresses[0], want)
		}
		wantBytes(t, must(f.Memory())(t), want, "x")
		noWarnings(t, f)
	}
}

func TestTrap19LinuxMaps(t *testing.T) {
	b := minidumptest.New(amd64)
	b.Add(minidump.LinuxMapsStream, "00400000-00452000 r-xp 00001000 08:02 173521      /usr/bin/a b\n"+
		"7ffc0000-7ffc1000 rw-p 00000000 00:00 0\nrubbish\nffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0   [vsyscall]")
	f := open(t, b)
	maps := must(f.LinuxMaps())(t)
	want := []minidump.LinuxMap{
		{Start: 0x400000, End: 0x452000, Permissions: "r-xp", Offset: 0x1000, Device: "08:02", Inode: 173521, Path: "/usr/bin/a b"},
		{Start: 0x7ffc0000, End: 0x7ffc1000, Permissions: "rw-p", Device: "00:00"},
		{Start: 0xffffffffff600000, End: 0xffffffffff601000, Permissions: "--xp", Device: "00:00", Path: "[vsyscall]"},
	}
	if !slices.Equal(maps, want) {
		t.Errorf("maps = %+v", maps)
	}
	wantWarning(t, f, minidump.LinuxMapsStream, "rubbish")
}

func TestRangeAtTheEndOfTheAddressSpace(t *testing.T) {
	b := minidumptest.New(amd64)
	b.AddMemory(minidumptest.Memory{Start: ^uint64(0) - 3, Data: []byte("abcd")})
	b.AddMemory(minidumptest.Memory{Start: ^uint64(0) - 7, Data: []byte("0123456789ab")})
	_, m := memoryOf(t, b)
	wantBytes(t, m, ^uint64(0)-3, "abc")
	if n, err := m.Read(^uint64(0)-3, make([]byte, 16)); n > 4 || !errors.Is(err, minidump.ErrNotMapped) {
		t.Errorf("Read over the end = %d, %v", n, err)
	}
}

// Ranges of very different sizes in one page of the index.
func TestSkewedRanges(t *testing.T) {
	b := minidumptest.New(amd64)
	b.AddMemory64(minidumptest.Memory{Start: 1 << 40, Size: 1 << 30})
	for i := range 1000 {
		b.AddMemory64(minidumptest.Memory{Start: uint64(0x10000 + 16*i), Data: []byte{byte(i), byte(i >> 8), 0, 0}})
	}
	name := filepath.Join(t.TempDir(), "a.dmp")
	if err := b.WriteFile(name); err != nil {
		t.Fatal(err)
	}
	f := must(minidump.Open(name))(t)
	defer f.Close()
	m := must(f.Memory())(t)
	for i := range 1000 {
		addr := uint64(0x10000 + 16*i)
		if v, err := m.Uint32(addr); v != uint32(i) || err != nil {
			t.Fatalf("word %d = %d, %v", i, v, err)
		}
		for _, gap := range []uint64{addr + 4, addr - 1} {
			if _, ok := m.Find(gap); ok {
				t.Fatalf("%#x is said to be in the dump", gap)
			}
		}
	}
	if r, ok := m.Find(1<<40 + 1<<30 - 1); !ok || r.Size != 1<<30 {
		t.Errorf("the large range is %+v, %v", r, ok)
	}
}

// A dump of 2 GiB with 20,000 ranges and 50,000 handles opens and lists its
// streams in little memory of its own.
func TestTwoGiB(t *testing.T) {
	l := inputA
	l.operations = 1000
	name := largeDump(t, l)
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f := must(minidump.Open(name))(t)
	defer f.Close()
	for stream, err := range decodeAll(f) {
		if err != nil && f.Has(stream) {
			t.Errorf("%v: %v", stream, err)
		}
	}
	must(f.Memory())(t)
	runtime.ReadMemStats(&after)
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 16<<20 {
		t.Errorf("%d KiB were allocated", allocated>>10)
	}
	noWarnings(t, f)
}
