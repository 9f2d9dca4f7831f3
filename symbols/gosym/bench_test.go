package gosym

import (
	"os"
	"testing"
)

// GOSYM_BENCH names a Go program for Windows; without it the table is a small
// one made for tests.
func benchTable(b *testing.B) (*Table, uint32) {
	if name := os.Getenv("GOSYM_BENCH"); name != "" {
		table, err := Open(name)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { table.Close() })
		return table, 0x80000
	}
	return openBytes(b, testImage(&versions[0], 8)), 0xf0
}

func BenchmarkFrames(b *testing.B) {
	table, size := benchTable(b)
	b.ReportAllocs()
	rva := uint32(0)
	for b.Loop() {
		table.Frames(testText + rva)
		rva = (rva + 0x4321) % size
	}
}
