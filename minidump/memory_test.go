package minidump_test

import (
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

func TestReadsDoNotAllocate(t *testing.T) {
	b := minidumptest.New(amd64)
	b.AddMemory(minidumptest.Memory{Start: 0x1000, Data: make([]byte, 0x1000)})
	name := filepath.Join(t.TempDir(), "a.dmp")
	if err := b.WriteFile(name); err != nil {
		t.Fatal(err)
	}
	onDisk := must(minidump.Open(name))(t)
	defer onDisk.Close()
	for _, f := range []*minidump.File{onDisk, open(t, b)} {
		m := must(f.Memory())(t)
		buf := make([]byte, 64)
		if n := testing.AllocsPerRun(100, func() {
			_, _ = m.Uint64(0x1238)
			_, _ = m.Uint32(0x1230)
			_, _ = m.Read(0x1100, buf)
		}); n >= 1 {
			t.Errorf("%v allocations in a read", n)
		}
	}
}

// Words are read by another way once there were many of them.
func TestManyWords(t *testing.T) {
	for _, bigEndian := range []bool{false, true} {
		b := minidumptest.New(amd64)
		b.BigEndian = bigEndian
		for i := range 100 {
			b.AddMemory64(minidumptest.Memory{Start: uint64(0x1000 + 10*i), Data: []byte("0123456789")})
		}
		name := filepath.Join(t.TempDir(), "a.dmp")
		if err := b.WriteFile(name); err != nil {
			t.Fatal(err)
		}
		onDisk := must(minidump.Open(name))(t)
		defer onDisk.Close()
		for _, f := range []*minidump.File{onDisk, open(t, b)} {
			m, order := must(f.Memory())(t), f.ByteOrder()
			for i := range 5000 {
				off := i % 992
				at := []byte("01234567890123456789")[off%10:]
				v, err := m.Uint64(uint64(0x1000 + off))
				w, err32 := m.Uint32(uint64(0x1000 + off))
				if v != order.Uint64(at) || w != order.Uint32(at) || err != nil || err32 != nil {
					t.Fatalf("words at %d are %#x and %#x, %v, %v", off, v, w, err, err32)
				}
			}
			for _, addr := range []uint64{0, 0xfff, 0x1000 + 993, 0x1000 + 1000, ^uint64(0), ^uint64(0) - 7} {
				if _, err := m.Uint64(addr); !errors.Is(err, minidump.ErrNotMapped) {
					t.Errorf("%#x: %v", addr, err)
				}
			}
		}
	}
}

// A dump that is cut while it is open gives errors, however words are read.
func TestFileCutWhileOpen(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // it does not let a mapped file be cut
	}
	b := minidumptest.New(amd64)
	b.AddMemory64(minidumptest.Memory{Start: 0x10000, Size: 1 << 20})
	name := filepath.Join(t.TempDir(), "a.dmp")
	if err := b.WriteFile(name); err != nil {
		t.Fatal(err)
	}
	f := must(minidump.Open(name))(t)
	defer f.Close()
	m := must(f.Memory())(t)
	for range 5000 {
		must(m.Uint64(0x90000))(t)
	}
	if err := os.Truncate(name, 4096); err != nil {
		t.Fatal(err)
	}
	for _, before := range []bool{false, true} {
		debug.SetPanicOnFault(before)
		if v, err := m.Uint64(0x90000); err == nil {
			t.Errorf("a word of a page that is gone is %#x", v)
		}
		if v, err := m.Uint32(0x90000); err == nil {
			t.Errorf("a word of a page that is gone is %#x", v)
		}
		if after := debug.SetPanicOnFault(false); after != before {
			t.Errorf("faults are panics: %v before, %v after", before, after)
		}
	}
}

func TestSection(t *testing.T) {
	b := minidumptest.New(amd64)
	b.AddMemory(minidumptest.Memory{Start: 0x1000, Data: []byte("abcdef")})
	_, m := memoryOf(t, b)
	all, err := io.ReadAll(io.NewSectionReader(m.Section(0x1002, 3), 0, 3))
	if string(all) != "cde" || err != nil {
		t.Errorf("section = %q, %v", all, err)
	}
	if _, err := m.Section(0x1002, 100).ReadAt(make([]byte, 10), 0); !errors.Is(err, minidump.ErrNotMapped) {
		t.Errorf("a hole in a section: %v", err)
	}
}

// readerAt is a file in memory that is no *bytes.Reader.
type readerAt []byte

func (r readerAt) ReadAt(p []byte, off int64) (int, error) {
	if off >= int64(len(r)) {
		return 0, io.EOF
	}
	n := copy(p, r[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Streams and memory may be asked for from several goroutines.
func TestConcurrentUse(t *testing.T) {
	f := open(t, full(amd64, false))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { exercise(f) })
	}
	wg.Wait()
	checkFull(t, f)
}

// An image over many ranges is read as one.
func TestReadAcrossManyRanges(t *testing.T) {
	b := minidumptest.New(amd64)
	var want []byte
	for i := range 100 {
		part := []byte{byte(i), byte(i + 1), byte(i + 2)}
		b.AddMemory(minidumptest.Memory{Start: uint64(0x1000 + 3*i), Data: part})
		want = append(want, part...)
	}
	_, m := memoryOf(t, b)
	wantBytes(t, m, 0x1000, string(want))
	n, err := m.Read(0x1001, make([]byte, 1000))
	if n != 299 || !errors.Is(err, minidump.ErrNotMapped) {
		t.Errorf("Read = %d, %v", n, err)
	}
}

// Ranges that overlap in any way are served as if the first of the file had
// been copied over the others.
func TestOverlapsAgainstModel(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		b := minidumptest.New(amd64)
		const space = 200
		model := make([]byte, space+50)
		for i := range 1 + rnd.IntN(20) {
			start, data := rnd.IntN(space), make([]byte, 1+rnd.IntN(50))
			for k := range data {
				data[k] = byte(i + 1)
			}
			switch rnd.IntN(3) {
			case 0:
				b.AddThread(minidumptest.Thread{ID: uint32(i), StackBase: uint64(0x1000 + start), Stack: data[:1]})
				continue
			default:
				b.AddMemory(minidumptest.Memory{Start: uint64(0x1000 + start), Data: data})
			}
			for k := range data {
				if model[start+k] == 0 {
					model[start+k] = byte(i + 1)
				}
			}
		}
		f, m := memoryOf(t, b)
		wantModel(t, f, m, model)
	}
}

// wantModel checks the memory from 0x1000 on. Where the model has nothing there
// may be a stack.
func wantModel(t *testing.T, f *minidump.File, m *minidump.Memory, model []byte) {
	t.Helper()
	stacks := map[uint64]bool{}
	threads, _ := f.Threads()
	for _, th := range threads {
		stacks[th.Stack.StartOfMemoryRange] = true
	}
	end := uint64(0)
	for r := range m.Ranges() {
		if r.Start < end {
			t.Fatalf("the range at %#x lies over the one before", r.Start)
		}
		end = r.Start + r.Size
	}
	for k, want := range model {
		addr := uint64(0x1000 + k)
		var got [1]byte
		_, err := m.Read(addr, got[:])
		_, found := m.Find(addr)
		if found != (err == nil) || found != (want != 0 || stacks[addr]) || want != 0 && got[0] != want {
			t.Fatalf("%#x is %d (%v, %v), want %d", addr, got[0], found, err, want)
		}
	}
}
