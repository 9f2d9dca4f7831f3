package minidump_test

import (
	"encoding/binary"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// exercise asks a dump for all that it can be asked for. Errors are fine.
func exercise(f *minidump.File) {
	for range decodeAll(f) {
	}
	_, _ = f.PEB()
	_, _ = f.WOW64PEB()
	f.ProcessID()
	threads, _ := f.Threads()
	for i := range threads {
		exerciseThread(f, &threads[i])
	}
	exceptions, _ := f.Exceptions()
	for i := range exceptions {
		if c, err := f.ExceptionContext(&exceptions[i]); err == nil {
			exerciseContext(c)
		}
	}
	if m, err := f.Memory(); err == nil {
		exerciseMemory(f, m)
	}
	modules, _ := f.Modules()
	for i := range modules {
		m := &modules[i]
		_, _, _, _ = m.DebugID(), m.CodeID(), m.DebugFile(), m.BaseName()
	}
	for _, w := range f.Warnings() {
		_ = w.String()
	}
}

func exerciseThread(f *minidump.File, t *minidump.Thread) {
	if c, err := f.ThreadContext(t); err == nil {
		exerciseContext(c)
	}
	_, _ = f.TEB(t)
	_, _ = f.WOW64TEB(t)
	_, _ = f.WOW64Context(t)
}

func exerciseContext(c minidump.Context) {
	minidump.Register(c, "none")
	if a, ok := c.(*minidump.ContextAMD64); ok && a.XState != nil {
		for id := range minidump.XStateFeatureID(70) {
			a.XState.Feature(id)
		}
	}
}

func exerciseMemory(f *minidump.File, m *minidump.Memory) {
	n := 0
	for r := range m.Ranges() {
		if n++; n > 100 {
			break
		}
		for _, addr := range []uint64{r.Start, r.Start - 1, r.Start + r.Size - 3, r.Start + r.Size, r.Start + r.Size/2} {
			_, _ = m.Uint64(addr)
			_, _ = m.Uint32(addr)
			_, _ = m.Read(addr, make([]byte, 64))
			_, _ = m.WString(addr, 100)
			_, _ = m.CString(addr, 100)
			_, _ = m.UnicodeString(addr)
			_, _ = f.MemoryInfo(addr)
			_, _ = m.Find(addr)
		}
	}
}

// seeds are the dumps that fuzzing begins with: those of the builder, and
// those of the folder that HANDLETRACE_CORPUS names.
func seeds(f *testing.F) [][]byte {
	var list [][]byte
	for _, arch := range []minidump.ProcessorArchitecture{amd64, x86, minidump.ProcessorArchitectureARM64} {
		for _, bigEndian := range []bool{false, true} {
			list = append(list, full(arch, bigEndian).Bytes())
		}
	}
	b := minidumptest.New(amd64)
	b.AddThread(minidumptest.Thread{ID: 43, Teb: processBase, Context: withXState(amd64Context(), 0x20, 0, 1<<63|1<<11, cetU(1))})
	b.AddMemory(minidumptest.Memory{Start: processBase, Data: newProcess(8).data})
	b.Add(minidump.TokenStream, uint32(0), uint32(1), uint32(16), uint32(72), token(1, 8))
	list = append(list, b.Bytes(), minidumptest.New(x86).Bytes())
	if os.Getenv("HANDLETRACE_CORPUS") != "" {
		for _, name := range corpusDumps(f) {
			if data, err := os.ReadFile(name); err == nil && len(data) < 30<<10 {
				list = append(list, data)
			}
		}
	}
	return list
}

func FuzzOpen(f *testing.F) {
	for _, data := range seeds(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if file, err := minidump.New(readerAt(data), int64(len(data))); err == nil {
			exercise(file)
		}
	})
}

// FuzzStream changes one stream of any kind in a dump that is sound otherwise.
func FuzzStream(f *testing.F) {
	kinds := slices.Sorted(maps.Keys(decoders))
	for _, data := range seeds(f) {
		file, err := minidump.New(readerAt(data), int64(len(data)))
		if err != nil {
			f.Fatal(err)
		}
		for i, kind := range kinds {
			if r, err := file.Stream(kind); err == nil {
				content, _ := io.ReadAll(r)
				f.Add(uint8(i), file.Header().BigEndian, file.PointerSize() == 4, content)
			}
		}
	}
	f.Fuzz(func(t *testing.T, kind uint8, bigEndian, narrow bool, content []byte) {
		file, err := minidump.New(oneStream(kinds[int(kind)%len(kinds)], bigEndian, narrow, content))
		if err != nil {
			t.Fatal(err)
		}
		exercise(file)
	})
}

// oneStream is a dump of a SystemInfo and one more stream, whose bytes stand
// at offset 128. What they refer to is the stream itself.
func oneStream(kind minidump.StreamType, bigEndian, narrow bool, content []byte) (io.ReaderAt, int64) {
	var order minidumptest.Order = binary.LittleEndian
	if bigEndian {
		order = binary.BigEndian
	}
	arch := amd64
	if narrow {
		arch = x86
	}
	b := &minidumptest.Builder{BigEndian: bigEndian}
	b.AddSystemInfo(minidumptest.SystemInfo{Architecture: arch, Platform: minidump.PlatformWin32NT})
	b.UnusedEntries = 1
	data := b.Bytes()
	const rva = 128
	data = append(append(data, make([]byte, max(rva-len(data), 0))...)[:rva], content...)
	order.PutUint32(data[44:], uint32(kind))
	order.PutUint32(data[48:], uint32(len(content)))
	order.PutUint32(data[52:], rva)
	return readerAt(data), int64(len(data))
}

// Every prefix of a dump gives a result or an error.
func TestTruncation(t *testing.T) {
	for _, bigEndian := range []bool{false, true} {
		data := full(amd64, bigEndian).Bytes()
		for n := 0; n < len(data); n += 23 {
			if f, err := minidump.New(readerAt(data[:n]), int64(n)); err == nil {
				exercise(f)
			}
		}
	}
}

// Wrong bytes give a result or an error, and never cost much memory.
func TestWrongBytes(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	whole := full(amd64, false).Bytes()
	values := []byte{0, 1, 4, 0x7f, 0x80, 0xff}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	const rounds = 2000
	for range rounds {
		data := slices.Clone(whole)
		for range 1 + rnd.IntN(8) {
			// The lists stand in front of the memory.
			data[rnd.IntN(len(data))] = values[rnd.IntN(len(values))]
		}
		if f, err := minidump.New(readerAt(data), int64(len(data))); err == nil {
			exercise(f)
		}
	}
	runtime.ReadMemStats(&after)
	if each := (after.TotalAlloc - before.TotalAlloc) / rounds; each > uint64(40*len(whole)) {
		t.Errorf("%d bytes are allocated for a dump of %d", each, len(whole))
	}
}

// Whatever number a list announces, what is made for it fits the file.
func TestHostileCounts(t *testing.T) {
	kinds := slices.Sorted(maps.Keys(decoders))
	for _, kind := range kinds {
		for _, size := range []int{0, 3, 4, 8, 12, 16, 24, 64, 4096} {
			for _, fill := range []byte{0, 1, 0x10, 0x7f, 0xff} {
				content := make([]byte, size)
				for i := range content {
					content[i] = fill
				}
				if size >= 16 {
					copy(content, []byte{16, 0, 0, 0, 48, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f})
				}
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				f, err := minidump.New(oneStream(kind, false, false, content))
				if err != nil {
					t.Fatal(err)
				}
				exercise(f)
				runtime.ReadMemStats(&after)
				if n := after.TotalAlloc - before.TotalAlloc; n > 2<<20 {
					t.Errorf("%v of %d bytes of %#x: %d bytes are allocated", kind, size, fill, n)
				}
			}
		}
	}
}
