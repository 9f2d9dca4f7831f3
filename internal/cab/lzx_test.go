package cab

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// program returns bytes that are like a program's: repeated instructions with
// calls among them, text, records with a fixed stride, and noise.
func program(size int) []byte {
	rng := rand.New(rand.NewPCG(1, uint64(size)))
	var b []byte
	for len(b) < size {
		switch rng.IntN(4) {
		case 0:
			for range 40 {
				b = append(b, 0x48, 0x8B, byte(rng.IntN(4)), 0xE8)
				b = binary.LittleEndian.AppendUint32(b, uint32(rng.IntN(2*size)-len(b)))
			}
		case 1:
			for range 60 {
				b = append(b, []string{"handle ", "close ", "the ", "?thread@@YA"}[rng.IntN(4)]...)
			}
		case 2:
			for i := range 50 {
				b = binary.LittleEndian.AppendUint32(b, uint32(0x1000+i*16+rng.IntN(3)))
			}
		case 3:
			for range rng.IntN(300) {
				b = append(b, byte(rng.Uint32()))
			}
		}
	}
	return b[:size]
}

// vectors are what the encoder is made to write.
var vectors = []struct {
	name    string
	data    []byte
	encoder lzxEncoder
}{
	{"verbatim", program(200000), lzxEncoder{windowBits: 15, blocks: []lzxBlock{{blockVerbatim, 60000}}}},
	{"aligned", program(200000), lzxEncoder{windowBits: 16, blocks: []lzxBlock{{blockAligned, 60000}}}},
	{"uncompressed", program(100000), lzxEncoder{windowBits: 17, blocks: []lzxBlock{{blockUncompressed, 70000}}}},
	{"odd blocks", program(150001), lzxEncoder{windowBits: 18, blocks: []lzxBlock{{blockUncompressed, 333}, {blockVerbatim, 1001}, {blockUncompressed, 1}, {blockUncompressed, 40001}, {blockAligned, 7}}}},
	{"blocks within frames", program(100000), lzxEncoder{windowBits: 19, blocks: []lzxBlock{{blockVerbatim, 4096}, {blockAligned, 4097}, {blockUncompressed, 4098}}}},
	{"frame ends", program(131072), lzxEncoder{windowBits: 20, blocks: []lzxBlock{{blockVerbatim, 32767}, {blockUncompressed, 1}, {blockUncompressed, 32768}, {blockAligned, 32768}}}},
	{"one block", program(300000), lzxEncoder{windowBits: 21, blocks: []lzxBlock{{blockVerbatim, 1<<24 - 1}}}},
	{"calls", program(200000), lzxEncoder{windowBits: 16, translateE8: 150000, blocks: []lzxBlock{{blockVerbatim, 50000}, {blockUncompressed, 9999}}}},
	{"zeros", make([]byte, 100000), lzxEncoder{windowBits: 15, blocks: []lzxBlock{{blockVerbatim, 100000}}}},
	{"one byte", []byte{'x'}, lzxEncoder{windowBits: 15, blocks: []lzxBlock{{blockVerbatim, 1}}}},
	{"ten bytes", []byte("\xE8\x01\x02\x03\x04\xE8\x01\x02\x03\x04"), lzxEncoder{windowBits: 15, translateE8: 100, blocks: []lzxBlock{{blockAligned, 10}}}},
	{"far matches", append(program(1<<21-5), program(1<<21 - 5)[:300000]...), lzxEncoder{windowBits: 21, blocks: []lzxBlock{{blockAligned, 1 << 20}}}},
	{"windows pass", program(1 << 20), lzxEncoder{windowBits: 15, blocks: []lzxBlock{{blockAligned, 1 << 18}, {blockVerbatim, 1 << 18}}}},
}

func TestLZX(t *testing.T) {
	for _, complete := range []bool{false, true} {
		for _, v := range vectors {
			e := v.encoder
			e.complete = complete
			folder := lzxFolder(&e, v.data, testFile{name: "f", size: len(v.data)})
			c := open(t, (&cabinet{folders: []testFolder{folder}}).bytes())
			got, err := content(c, 0)
			if err != nil {
				t.Errorf("%s: %v", v.name, err)
			} else if !bytes.Equal(got, v.data) {
				t.Errorf("%s: the bytes differ from offset %d of %d", v.name, firstDifference(got, v.data), len(v.data))
			}
		}
	}
}

func firstDifference(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// Each folder begins a stream of its own.
func TestLZXFolders(t *testing.T) {
	var c cabinet
	for bits := uint(minWindowBits); bits <= maxWindowBits; bits++ {
		e := &lzxEncoder{windowBits: bits, blocks: []lzxBlock{{blockVerbatim, 30000}}}
		c.folders = append(c.folders, lzxFolder(e, program(50000+int(bits)), testFile{name: fmt.Sprint(bits), size: 50000 + int(bits)}))
	}
	r := open(t, c.bytes())
	for i, f := range r.Files {
		if got, err := content(r, i); err != nil || !bytes.Equal(got, program(int(f.Size))) {
			t.Errorf("window of 2^%s: other bytes, error %v", f.Name, err)
		}
	}
}

func TestLZXDamage(t *testing.T) {
	block := func(bits ...uint32) []byte {
		var w bitWriter
		for i := 0; i < len(bits); i += 2 {
			w.write(bits[i], uint(bits[i+1]))
		}
		w.align(false)
		return w.b
	}
	for name, test := range map[string]struct {
		packed []byte
		want   string
	}{
		"nothing":       {nil, "block type 0"},
		"type":          {block(0, 1, 7, 3, 0, 24), "block type 7"},
		"empty":         {block(0, 1, blockUncompressed, 3, 0, 24, 0, 16, 0, 16, 0, 16, 0, 16, 0, 16, 0, 16, 0, 16), "empty"},
		"offsets":       {block(0, 1, blockUncompressed, 3, 0, 8, 9, 16), "ends before"},
		"bytes":         {block(0, 1, blockUncompressed, 3, 0, 8, 9, 16, 0, 4, 1, 16, 0, 16, 1, 16, 0, 16, 1, 16, 0, 16), "ends before"},
		"oversubscribe": {block(0, 1, blockVerbatim, 3, 0, 8, 9, 16, 0x1111, 16), "more codes"},
		"no code":       {block(0, 1, blockVerbatim, 3, 0, 8, 9, 16), "stands for nothing"},
	} {
		l, err := newLZX(15)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.expand(test.packed, 9); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
}

// A match may not reach before the first byte, nor out of a frame or block.
func TestLZXMatches(t *testing.T) {
	data := bytes.Repeat([]byte("abcdefgh"), 8)
	e := lzxEncoder{windowBits: 15, blocks: []lzxBlock{{blockVerbatim, len(data)}}}
	packed := e.encode(data)[0]
	l, _ := newLZX(15)
	if _, err := l.expand(packed, len(data)-1); err == nil || !strings.Contains(err.Error(), "beyond the end") {
		t.Errorf("a match that is longer than its frame: %v", err)
	}
	l, _ = newLZX(15)
	if _, err := l.expand(packed[:len(packed)-4], len(data)); err == nil {
		t.Error("a frame that lacks its last bytes was expanded")
	}
	l, _ = newLZX(15)
	l.begun = true
	l.mainLengths[literals] = 1 // a match at the last offset, of length 2
	if err := l.main.build(l.mainLengths[:l.mainSymbols]); err != nil {
		t.Fatal(err)
	}
	l.blockType, l.blockLeft = blockVerbatim, 2
	if _, err := l.expand([]byte{0, 0}, 2); err == nil || !strings.Contains(err.Error(), "before the beginning") {
		t.Errorf("a match before the first byte: %v", err)
	}
}

// cabextract, where it is installed, must read what the encoder wrote, so that
// the two halves of these tests cannot share one misunderstanding.
func TestCabextract(t *testing.T) {
	tool, err := exec.LookPath("cabextract")
	if err != nil {
		return
	}
	for _, v := range vectors {
		e := v.encoder
		e.complete = true
		folder := lzxFolder(&e, v.data, testFile{name: "f", size: len(v.data)})
		dir := t.TempDir()
		path := filepath.Join(dir, "a.cab")
		if err := os.WriteFile(path, (&cabinet{folders: []testFolder{folder}}).bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(tool, "-q", "-d", dir, path).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", v.name, err, out)
			continue
		}
		if got, err := os.ReadFile(filepath.Join(dir, "f")); err != nil || !bytes.Equal(got, v.data) {
			t.Errorf("%s: cabextract has other bytes, from offset %d of %d: %v", v.name, firstDifference(got, v.data), len(v.data), err)
		}
	}
}
