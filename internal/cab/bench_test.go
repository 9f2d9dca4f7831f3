package cab

import (
	"bytes"
	"io"
	"testing"
)

func benchmark(b *testing.B, data []byte, folder testFolder) {
	packed := (&cabinet{folders: []testFolder{folder}}).bytes()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		c, err := NewReader(bytes.NewReader(packed), int64(len(packed)))
		if err != nil {
			b.Fatal(err)
		}
		r, err := c.Open(0)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(packed))/float64(len(data)), "packed/size")
}

func BenchmarkLZX(b *testing.B) {
	data := program(8 << 20)
	e := &lzxEncoder{windowBits: 21, translateE8: 8 << 20, blocks: []lzxBlock{{blockAligned, 1 << 18}, {blockVerbatim, 1 << 18}}}
	benchmark(b, data, lzxFolder(e, data, testFile{name: "f", size: len(data)}))
}

func BenchmarkMSZIP(b *testing.B) {
	data := program(8 << 20)
	benchmark(b, data, mszipFolder(b, data, testFile{name: "f", size: len(data)}))
}
