package minidump_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/handletrace/handletrace/minidump"
)

// largeDump writes the dump as a sparse file.
func largeDump(t testing.TB, l large) string {
	name := filepath.Join(t.TempDir(), "large.dmp")
	if err := l.builder().WriteFile(name); err != nil {
		t.Fatal(err)
	}
	return name
}

// addresses returns places of words all over the dump's memory.
func addresses(t testing.TB, f *minidump.File, n int) []uint64 {
	m, err := f.Memory()
	if err != nil {
		t.Fatal(err)
	}
	var ranges []minidump.MemoryRange
	for r := range m.Ranges() {
		ranges = append(ranges, r)
	}
	rnd := rand.New(rand.NewPCG(3, 4))
	list := make([]uint64, n)
	for i := range list {
		r := ranges[rnd.IntN(len(ranges))]
		list[i] = r.Start + rnd.Uint64N(r.Size/8)*8
	}
	return list
}

// A million words all over 2 GiB: the first pass after opening meets each page
// of the mapping for the first time.
func BenchmarkWords(b *testing.B) {
	name := largeDump(b, large{ranges: 20000, bytes: 2 << 30})
	if f, err := os.Open(name); err == nil {
		buf := make([]byte, 1<<20)
		for {
			if _, err := f.Read(buf); err != nil {
				break
			}
		}
		f.Close()
	}
	f, err := minidump.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	list := addresses(b, f, 1000000)
	f.Close()
	read := func(b *testing.B, m *minidump.Memory) {
		for _, a := range list {
			if _, err := m.Uint64(a); err != nil {
				b.Fatal(err)
			}
		}
	}
	for _, pass := range []string{"first", "second"} {
		b.Run(pass, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				b.StopTimer()
				f, err := minidump.Open(name)
				if err != nil {
					b.Fatal(err)
				}
				m, err := f.Memory()
				if err != nil {
					b.Fatal(err)
				}
				if pass == "second" {
					read(b, m)
				}
				runtime.GC()
				b.StartTimer()
				read(b, m)
				b.StopTimer()
				f.Close()
				b.StartTimer()
			}
		})
	}
}
