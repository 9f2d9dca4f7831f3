package pe

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var testImages = []string{"x64", "x86", "arm64", "arm", "gnu"}

var errHole = errors.New("page absent")

// memory is an image in memory with absent ranges.
type memory struct {
	data  []byte
	holes [][2]int64
}

func (m *memory) ReadAt(p []byte, off int64) (int, error) {
	end := min(off+int64(len(p)), int64(len(m.data)))
	for _, h := range m.holes {
		if h[0] < end && off < h[1] {
			end = h[0]
		}
	}
	if off >= end {
		return 0, errHole
	}
	n := copy(p, m.data[off:end])
	if n < len(p) {
		return n, errHole
	}
	return n, nil
}

func (m *memory) absent(at int64) bool {
	for _, h := range m.holes {
		if h[0] <= at && at < h[1] {
			return true
		}
	}
	return false
}

func readTestFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// lines returns the fields of each line of an answer.
func lines(t testing.TB, name string) [][]string {
	t.Helper()
	var out [][]string
	s := bufio.NewScanner(bytes.NewReader(readTestFile(t, name)))
	for s.Scan() {
		out = append(out, strings.Fields(s.Text()))
	}
	return out
}

func fileImage(t testing.TB, data []byte) *Image {
	t.Helper()
	m, err := New(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// loaded lays a file out as the loader does, by the section table alone.
func loaded(t testing.TB, data []byte, holes ...[2]int64) *Image {
	t.Helper()
	mem := &memory{loadedBytes(t, data), holes}
	m, err := NewMapped(mem, int64(len(mem.data)))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func loadedBytes(t testing.TB, data []byte) []byte {
	t.Helper()
	u32 := func(at uint32) uint32 { return binary.LittleEndian.Uint32(data[at:]) }
	nt := u32(0x3c)
	sections, optional := binary.LittleEndian.Uint16(data[nt+6:]), uint32(binary.LittleEndian.Uint16(data[nt+20:]))
	image := make([]byte, u32(nt+24+56))
	copy(image, data[:u32(nt+24+60)])
	for i := range uint32(sections) {
		h := nt + 24 + optional + i*40
		rva, raw, at := u32(h+12), u32(h+16), u32(h+20)
		copy(image[rva:], data[at:at+raw])
	}
	return image
}

// bothLayouts runs a test on the file and on the same image in memory.
func bothLayouts(t *testing.T, name string, test func(*testing.T, *Image)) {
	t.Helper()
	data := readTestFile(t, name+".dll")
	t.Run(name+"/file", func(t *testing.T) { test(t, fileImage(t, data)) })
	t.Run(name+"/memory", func(t *testing.T) { test(t, loaded(t, data)) })
}

func section(t testing.TB, m *Image, name string) Section {
	t.Helper()
	for _, s := range m.Sections() {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no section %s", name)
	return Section{}
}

func patch32(data []byte, at int, v uint32) { binary.LittleEndian.PutUint32(data[at:], v) }
