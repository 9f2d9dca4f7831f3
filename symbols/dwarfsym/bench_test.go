package dwarfsym

import "testing"

func BenchmarkFirstFrames(b *testing.B) {
	data := imageBytes(b, "x64-cpp-O2")
	b.ReportAllocs()
	for b.Loop() {
		if openBytes(b, data).Frames(0x100b) == nil {
			b.Fatal("no frames")
		}
	}
}

func BenchmarkFrames(b *testing.B) {
	f := openBytes(b, imageBytes(b, "x64-cpp-O2"))
	b.ReportAllocs()
	rva := uint32(0x1000)
	for b.Loop() {
		f.Frames(rva)
		if rva++; rva > 0x1200 {
			rva = 0x1000
		}
	}
}
