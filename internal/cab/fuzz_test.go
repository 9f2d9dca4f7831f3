package cab

import (
	"bytes"
	"io"
	"os"
	"testing"
)

// No cabinet makes the reader panic, hang, or give more than a file's declared
// size.
func FuzzReader(f *testing.F) {
	for _, name := range []string{"stored.cab", "mszip.cab", "numbers.tx_"} {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	e := &lzxEncoder{windowBits: 15, translateE8: 999, blocks: []lzxBlock{{blockVerbatim, 3000}, {blockUncompressed, 99}, {blockAligned, 300}}}
	folder := lzxFolder(e, program(5000), testFile{name: "f", size: 5000})
	f.Add((&cabinet{withoutChecksum: true, dataReserved: 2, folders: []testFolder{folder}}).bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		for i := range min(len(c.Files), 4) {
			r, err := c.Open(i)
			if err != nil {
				continue
			}
			n, err := io.Copy(io.Discard, r)
			if n > c.Files[i].Size || err == nil && n != c.Files[i].Size {
				t.Errorf("%d bytes of a file of %d, error %v", n, c.Files[i].Size, err)
			}
		}
	})
}

// No bits make the LZX decoder panic, or expand a frame to another size.
func FuzzLZX(f *testing.F) {
	for _, v := range vectors {
		e := v.encoder
		frames := e.encode(v.data[:min(len(v.data), 5000)])
		f.Add(frames[0], e.windowBits, uint16(min(len(v.data), 5000)))
	}
	f.Fuzz(func(t *testing.T, packed []byte, windowBits uint, size uint16) {
		l, err := newLZX(windowBits)
		if err != nil || size > maxBlock {
			return
		}
		for range 3 {
			b, err := l.expand(packed, int(size))
			if err != nil {
				return
			}
			if len(b) != int(size) {
				t.Fatalf("%d bytes, want %d", len(b), size)
			}
		}
	})
}
