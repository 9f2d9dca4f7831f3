package pdb

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// sameAnswers compares the answers of two files for some addresses.
func sameAnswers(t *testing.T, got, want *File) {
	t.Helper()
	answers := 0
	for rva := uint32(0x1000); rva < 0x2400; rva += 7 {
		g, err := got.Lookup(rva)
		if err != nil {
			t.Fatal(err)
		}
		w, err := want.Lookup(rva)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(g, w) {
			t.Fatalf("%#x: %v, want %v", rva, g, w)
		}
		answers += len(g)
	}
	if answers < 500 {
		t.Errorf("only %d frames", answers)
	}
}

func TestContainers(t *testing.T) {
	want := open(t, unzip(t, "x64-O2.pdb.gz"))
	streams := streamsOf(t, "x64-O2")
	// With it the directory has some 160 pages and its map two, at 512 bytes
	// a page.
	filler := make([]byte, 10<<20)
	for _, w := range []msfWriter{
		{pageSize: 512},
		{pageSize: 512, shuffle: true},
		{pageSize: 512, shuffle: true, streams: [][]byte{filler}},
		{pageSize: 1024, shuffle: true},
		{pageSize: 2048},
		{pageSize: 65536, shuffle: true},
		{pageSize: 8192, firstPage: 600000},                  // 4.9 GB
		{pageSize: 65536, firstPage: 1 << 24, shuffle: true}, // 1 TB
	} {
		t.Run(fmt.Sprintf("%d-%d-%v-%d", w.pageSize, w.firstPage, w.shuffle, len(w.streams)), func(t *testing.T) {
			w.streams = append(append([][]byte(nil), streams...), w.streams...)
			w.absent = []int{0}
			f := openSparse(t, w.write())
			if f.Damage() != nil {
				t.Fatal(f.Damage())
			}
			sameAnswers(t, f, want)
		})
	}
}

func TestOpenFile(t *testing.T) {
	data := unzip(t, "x64-O2.pdb.gz")
	name := filepath.Join(t.TempDir(), "t.pdb")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	sameAnswers(t, f, open(t, data))
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none.pdb")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error = %v", err)
	}
}

func TestOtherForms(t *testing.T) {
	for _, c := range []struct {
		data []byte
		want error
	}{
		{append(bytes.Clone(magicMSF2), make([]byte, 100)...), ErrUnsupported},
		{append(bytes.Clone(magicMSFZ), make([]byte, 100)...), ErrUnsupported},
		{append(bytes.Clone(magicPortable), make([]byte, 100)...), ErrUnsupported},
		{[]byte("MZ and so on"), ErrNotPDB},
		{nil, ErrNotPDB},
	} {
		if _, err := New(bytes.NewReader(c.data), int64(len(c.data))); !errors.Is(err, c.want) {
			t.Errorf("%q: error %v, want %v", c.data[:min(len(c.data), 20)], err, c.want)
		}
	}
}

func TestDamagedSuperblock(t *testing.T) {
	w := msfWriter{pageSize: 512, streams: streamsOf(t, "x64-O2")}
	sound := w.write().bytes()
	for _, c := range []struct {
		off   int
		value uint32
	}{
		{0x20, 0}, {0x20, 256}, {0x20, 513}, {0x20, 1 << 17},
		{0x2c, 0}, {0x2c, 3}, {0x2c, 0xffffffff}, {0x2c, 0x7fffffff},
		{0x34, 0xffffffff},
	} {
		data := bytes.Clone(sound)
		binary.LittleEndian.PutUint32(data[c.off:], c.value)
		_, err := New(bytes.NewReader(data), int64(len(data)))
		var format *FormatError
		if !errors.As(err, &format) {
			t.Errorf("%#x at %#x: error %v", c.value, c.off, err)
		}
	}
}

// A file cut short opens if its directory is there, and answers with what is
// left.
func TestTruncated(t *testing.T) {
	streams := streamsOf(t, "x64-O2")
	w := msfWriter{pageSize: 512, streams: streams}
	whole := w.write()
	for _, cut := range []int64{0, 100, 511, 512, 4096, whole.size / 2, whole.size - 512, whole.size - 1} {
		r := &sparse{whole.pageSize, whole.pages, cut}
		f, err := New(r, cut)
		if err != nil {
			continue
		}
		for rva := uint32(0x1000); rva < 0x2400; rva += 31 {
			f.Lookup(rva)
		}
	}
}

// Streams that share pages could make a small file cost as much as a huge one.
func TestSharedPages(t *testing.T) {
	w := msfWriter{pageSize: 512, streams: [][]byte{nil, make([]byte, 512), make([]byte, 512*1000)}}
	s := w.write()
	m, err := openMSF(s, s.size)
	if err != nil || m.damage != nil {
		t.Fatal(err, m.damage)
	}
	for i := range 1000 {
		copy(m.directory[int(m.pageStart[2])*4+4*i:], m.directory[int(m.pageStart[2])*4:][:4])
	}
	m.size = 512 * 600
	m.refuseSharedPages()
	var format *FormatError
	if !errors.As(m.damage, &format) || m.sizes[2] > 512 {
		t.Errorf("damage %v, size %d", m.damage, m.sizes[2])
	}
}

func TestStreamReads(t *testing.T) {
	data := make([]byte, 3000)
	for i := range data {
		data[i] = byte(i * 7)
	}
	w := msfWriter{pageSize: 512, shuffle: true, streams: [][]byte{nil, data}}
	out := w.write()
	m, err := openMSF(out, out.size)
	if err != nil {
		t.Fatal(err)
	}
	s := m.stream("test", m.pages(1), m.sizes[1])
	for off := 0; off < len(data); off += 97 {
		for _, n := range []int{0, 1, 511, 512, 513, 2000, 4000} {
			buf := make([]byte, n)
			got, err := s.ReadAt(buf, int64(off))
			want := data[off:min(off+n, len(data))]
			if !bytes.Equal(buf[:got], want) || (got < n) != (err == io.EOF) {
				t.Fatalf("ReadAt(%d, %d) = %d, %v", n, off, got, err)
			}
		}
	}
	if _, err := s.ReadAt(make([]byte, 1), 3000); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
	if _, err := s.ReadAt(make([]byte, 1), -1); err == nil {
		t.Error("a negative offset was accepted")
	}
}
