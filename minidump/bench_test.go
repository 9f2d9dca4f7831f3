package minidump_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
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

// warm brings the whole file into the page cache.
func warm(b *testing.B, name string) {
	f, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	if _, err := io.Copy(io.Discard, f); err != nil {
		b.Fatal(err)
	}
}

// addresses returns the places that testdata/words.c reads.
func addresses(b *testing.B, m *minidump.Memory, n int) []uint64 {
	var ranges []minidump.MemoryRange
	for r := range m.Ranges() {
		ranges = append(ranges, r)
	}
	seed := uint64(88172645463325252)
	next := func() uint64 {
		seed ^= seed << 13
		seed ^= seed >> 7
		seed ^= seed << 17
		return seed
	}
	list := make([]uint64, n)
	for i := range list {
		r := ranges[next()%uint64(len(ranges))]
		list[i] = r.Start + next()%(r.Size/8)*8
	}
	return list
}

func openMemory(b *testing.B, name string) (*minidump.File, *minidump.Memory) {
	f, err := minidump.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	m, err := f.Memory()
	if err != nil {
		b.Fatal(err)
	}
	return f, m
}

// A million words all over 2 GiB: the first pass after opening meets each page
// of the mapping for the first time. The C program shows what the machine can
// do at that moment.
func BenchmarkWords(b *testing.B) {
	name := largeDump(b, large{ranges: 20000, bytes: 2 << 30})
	warm(b, name)
	f, m := openMemory(b, name)
	list := addresses(b, m, 1000000)
	f.Close()
	b.Run("C", func(b *testing.B) { benchmarkC(b, name) })
	for _, pass := range []string{"first", "second"} {
		b.Run(pass, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				b.StopTimer()
				f, m := openMemory(b, name)
				if pass == "second" {
					readWords(b, m, list)
				}
				runtime.GC()
				b.StartTimer()
				readWords(b, m, list)
				b.StopTimer()
				f.Close()
				b.StartTimer()
			}
		})
	}
}

func readWords(b *testing.B, m *minidump.Memory, list []uint64) {
	for _, a := range list {
		if _, err := m.Uint64(a); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkC(b *testing.B, name string) {
	cc, err := exec.LookPath("cc")
	if err != nil {
		b.Skip("no C compiler")
	}
	words := filepath.Join(b.TempDir(), "words")
	if out, err := exec.Command(cc, "-O2", "-o", words, "testdata/words.c").CombinedOutput(); err != nil {
		b.Skipf("%v: %s", err, out)
	}
	var first, second float64
	for range b.N {
		out, err := exec.Command(words, name).Output()
		if err != nil {
			b.Fatal(err)
		}
		var x, y float64
		if _, err := fmt.Sscan(string(out), &x, &y); err != nil {
			b.Fatal(err)
		}
		first, second = first+x, second+y
	}
	b.ReportMetric(first/float64(b.N), "first-ns")
	b.ReportMetric(second/float64(b.N), "second-ns")
	b.ReportMetric(0, "ns/op")
}

// Open a full dump of 2 GiB and list all that is in it, names of 50,000
// handles included; stream 18 is opened, not gone through.
func BenchmarkList(b *testing.B) {
	name := largeDump(b, inputA)
	warm(b, name)
	b.ReportAllocs()
	for b.Loop() {
		f, _ := openMemory(b, name)
		for stream, decode := range decoders {
			if stream == minidump.HandleOperationListStream {
				_, _ = f.HandleOperationList()
				continue
			}
			if err := decode(f); err != nil && f.Has(stream) {
				b.Fatal(err)
			}
		}
		f.Close()
	}
}

func BenchmarkOperations(b *testing.B) {
	name := largeDump(b, large{operations: 200000})
	b.ReportAllocs()
	for b.Loop() {
		f, err := minidump.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		if err := readOperations(f); err != nil {
			b.Fatal(err)
		}
		f.Close()
	}
}

func Benchmark300000Ranges(b *testing.B) {
	name := largeDump(b, large{ranges: 300000, bytes: 2 << 30})
	b.ReportAllocs()
	for b.Loop() {
		f, _ := openMemory(b, name)
		f.Close()
	}
}
