package pdb

import (
	"math/rand/v2"
	"os"
	"testing"
)

// bigPDB is a file of testdata/big.sh, named by HANDLETRACE_BIGPDB.
func bigPDB(b *testing.B) string {
	name := os.Getenv("HANDLETRACE_BIGPDB")
	if name == "" {
		b.Skip("HANDLETRACE_BIGPDB names no file; see testdata/big.sh")
	}
	return name
}

func openBig(b *testing.B) *File {
	f, err := Open(bigPDB(b))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	return f
}

// codeRVAs are n random addresses between the first section's ends.
func codeRVAs(b *testing.B, f *File, n int) []uint32 {
	m, err := f.addressMap()
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	rvas := make([]uint32, n)
	for i := range rvas {
		rvas[i] = m.sections[0].rva + r.Uint32N(m.sections[0].size)
	}
	return rvas
}

// BenchmarkFirstAddress opens and answers one address, with nothing cached but the
// system's pages.
func BenchmarkFirstAddress(b *testing.B) {
	name := bigPDB(b)
	rvas := codeRVAs(b, openBig(b), b.N)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		f, err := Open(name)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := f.Lookup(rvas[i]); err != nil {
			b.Fatal(err)
		}
		f.Close()
	}
}

// Benchmark100000 is input B of peers.md: open, and 100,000 random addresses.
func Benchmark100000(b *testing.B) {
	name := bigPDB(b)
	rvas := codeRVAs(b, openBig(b), 100000)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		f, err := Open(name)
		if err != nil {
			b.Fatal(err)
		}
		var frames []Frame
		for _, rva := range rvas {
			if frames, err = f.AppendFrames(frames[:0], rva); err != nil {
				b.Fatal(err)
			}
		}
		f.Close()
	}
}

// warm asks for every address once.
func warm(f *File, rvas []uint32) (frames []Frame) {
	for _, rva := range rvas {
		frames, _ = f.AppendFrames(frames[:0], rva)
	}
	return frames
}

// BenchmarkWarm asks for 1,000 addresses again and again.
func BenchmarkWarm(b *testing.B) {
	f := openBig(b)
	rvas := codeRVAs(b, f, 1000)
	frames := warm(f, rvas)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		frames, _ = f.AppendFrames(frames[:0], rvas[i%len(rvas)])
	}
}

// BenchmarkScattered asks for 100,000 addresses again and again, which no
// processor's cache holds.
func BenchmarkScattered(b *testing.B) {
	f := openBig(b)
	rvas := codeRVAs(b, f, 100000)
	frames := warm(f, rvas)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		frames, _ = f.AppendFrames(frames[:0], rvas[i%len(rvas)])
	}
}

// BenchmarkWarmParallel is BenchmarkWarm from several goroutines.
func BenchmarkWarmParallel(b *testing.B) {
	f := openBig(b)
	rvas := codeRVAs(b, f, 1000)
	warm(f, rvas)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		var frames []Frame
		for i := 0; pb.Next(); i++ {
			frames, _ = f.AppendFrames(frames[:0], rvas[i%len(rvas)])
		}
	})
}

// BenchmarkProcedures walks every procedure of the file.
func BenchmarkProcedures(b *testing.B) {
	f := openBig(b)
	b.ReportAllocs()
	for range b.N {
		n := 0
		for _, err := range f.Procedures() {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		b.ReportMetric(float64(n), "procedures")
	}
}
