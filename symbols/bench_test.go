package symbols_test

import (
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/symbols"
)

// labAddresses are addresses all over the modules of the story, n in all.
func labAddresses(b *testing.B, n int) (symbols.Process, []uint64) {
	b.Helper()
	f, err := minidump.Open(story)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	p := symbols.FromDump(f)
	modules, err := p.Modules()
	if err != nil {
		b.Fatal(err)
	}
	addresses := make([]uint64, n)
	for i := range addresses {
		m := &modules[i%len(modules)]
		addresses[i] = m.Base + uint64(i)*7919%m.Size
	}
	return p, addresses
}

func newLabResolver(b *testing.B, p symbols.Process) *symbols.Resolver {
	r, err := symbols.New(p, symbols.Options{Directories: []string{labPDBs}})
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// BenchmarkResolve opens the modules and names 10,000 addresses at once.
func BenchmarkResolve(b *testing.B) {
	p, addresses := labAddresses(b, 10000)
	b.ReportAllocs()
	for b.Loop() {
		r := newLabResolver(b, p)
		if _, err := r.Resolve(b.Context(), addresses); err != nil {
			b.Fatal(err)
		}
		r.Close()
	}
}

// BenchmarkFrames asks for the same addresses again and again.
func BenchmarkFrames(b *testing.B) {
	p, addresses := labAddresses(b, 1000)
	r := newLabResolver(b, p)
	defer r.Close()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		r.Frames(addresses[i%len(addresses)])
		i++
	}
}

// BenchmarkFramesParallel is BenchmarkFrames from several goroutines.
func BenchmarkFramesParallel(b *testing.B) {
	p, addresses := labAddresses(b, 1000)
	r := newLabResolver(b, p)
	defer r.Close()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			r.Frames(addresses[i%len(addresses)])
		}
	})
}
