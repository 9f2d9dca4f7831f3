package dwarfsym

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/handletrace/handletrace/callstack"
	"github.com/handletrace/handletrace/symbols/internal/frametest"
	"github.com/handletrace/handletrace/symbols/pe"
)

func TestFramesAreWhole(t *testing.T) {
	f := openBytes(t, imageBytes(t, "x64-cpp-O2"))
	want := []callstack.Frame{
		{Function: "leaf", FunctionStart: 0x1000, File: "/src/prog.h", Line: 9, Inlined: true, Source: callstack.DWARF},
		{Function: "mid", FunctionStart: 0x1000, File: "/src/prog.h", Line: 14, Inlined: true, Source: callstack.DWARF},
		{Function: "outer::(anonymous namespace)::local", FunctionStart: 0x1000, Offset: 0xb, File: "/src/prog.cpp", Line: 7, Source: callstack.DWARF},
	}
	if diff := cmp.Diff(want, f.Frames(0x100b)); diff != "" {
		t.Error(diff)
	}
	if frames := f.Frames(0x500); frames != nil {
		t.Error(frames)
	}
}

// Names as debuggers show them, whichever way they are written down.
func TestNames(t *testing.T) {
	found := map[string]bool{}
	f := openBytes(t, imageBytes(t, "x64-cpp-O2"))
	for rva := uint32(0x1000); rva < 0x1400; rva++ {
		for _, fr := range f.Frames(rva) {
			found[fr.Function] = true
		}
	}
	for _, want := range []string{
		"entry", "outer::Base::twice", "outer::Derived::run", "outer::Stack<int, 4>::Stack", "outer::Stack<int, 4>::~Stack",
		"outer::Stack<int, 4>::operator+=", "outer::Stack<int, 4>::scale", "outer::lambdas", "outer::lambdas::Local::inside",
		"outer::lambdas::{lambda}::operator()",
	} {
		if !found[want] {
			t.Errorf("no %s among %v", want, found)
		}
	}
}

// The cold part of a function has the function's name, and offsets of its own.
func TestParts(t *testing.T) {
	f := openBytes(t, imageBytes(t, "x64-c-O2"))
	starts := map[uint64]bool{}
	for rva := uint32(0x1000); rva < 0x1200; rva++ {
		if frames := f.Frames(rva); len(frames) > 0 && frames[len(frames)-1].Function == "checked" {
			starts[frames[0].FunctionStart] = true
		}
	}
	if len(starts) != 2 {
		t.Errorf("%d parts of checked", len(starts))
	}
}

func TestNoDWARF(t *testing.T) {
	for _, name := range []string{"../pe/testdata/x64.dll", "../pe/testdata/gnu32.dll"} {
		if _, err := Open(name); !errors.Is(err, ErrNoDWARF) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Open("file_test.go"); !errors.Is(err, pe.ErrNotPE) {
		t.Error(err)
	}
}

func TestConcurrent(t *testing.T) {
	data := imageBytes(t, "x64-cpp-O2")
	f, alone := openBytes(t, data), openBytes(t, data)
	f.trees.limit = 0 // units are decoded again and again
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for rva := uint32(0x1000); rva < 0x1100; rva += 5 {
				if got, want := frametest.Show(f.Frames(rva)), frametest.Show(alone.Frames(rva)); got != want {
					t.Errorf("%#x: %s, want %s", rva, got, want)
				}
			}
		})
	}
	wg.Wait()
}

// loaded lays an image out as the loader does, at another base than it prefers.
func loaded(t *testing.T, data []byte) *pe.Image {
	t.Helper()
	file, err := pe.New(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	m := make([]byte, file.SizeOfImage)
	copy(m, data[:file.SizeOfHeaders])
	for _, s := range file.Sections() {
		if _, err := file.SectionReader(s).ReadAt(m[s.VirtualAddress:], 0); err != nil && err != io.EOF {
			t.Fatal(err)
		}
	}
	nt := binary.LittleEndian.Uint32(m[0x3c:])
	if file.Is64 {
		binary.LittleEndian.PutUint64(m[nt+24+24:], 0x7ff612340000)
	} else {
		binary.LittleEndian.PutUint32(m[nt+24+28:], 0x12340000)
	}
	img, err := pe.NewMapped(bytes.NewReader(m), int64(len(m)))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// An image in memory was moved, and its sections have lost their names.
func TestMemory(t *testing.T) {
	for _, name := range goldenImages(t) {
		t.Run(name, func(t *testing.T) {
			data := imageBytes(t, name)
			plain := openBytes(t, data)
			f, err := New(loaded(t, data))
			if err != nil {
				t.Fatal(err)
			}
			for rva := uint32(0x1000); rva < 0x1300; rva++ {
				if got, want := frametest.Show(f.Frames(rva)), frametest.Show(plain.Frames(rva)); got != want {
					t.Fatalf("%#x\ngot  %s\nwant %s", rva, got, want)
				}
			}
		})
	}
}

// packed renames a section .debug_x of an image to .zdebug_x, compressed. The
// longer name goes to the end of the string table, whose size grows.
func packed(t *testing.T, data []byte, names ...string) []byte {
	t.Helper()
	out := bytes.Clone(data)
	img, err := pe.New(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	nt := int(binary.LittleEndian.Uint32(out[0x3c:]))
	headers := nt + 24 + int(binary.LittleEndian.Uint16(out[nt+20:]))
	symbols := binary.LittleEndian.Uint32(out[nt+12:]) + 18*binary.LittleEndian.Uint32(out[nt+16:])
	for i, s := range img.Sections() {
		for _, name := range names {
			if s.Name != ".debug_"+name {
				continue
			}
			plain, err := io.ReadAll(img.SectionReader(s))
			if err != nil {
				t.Fatal(err)
			}
			var z bytes.Buffer
			z.WriteString("ZLIB")
			binary.Write(&z, binary.BigEndian, uint64(len(plain)))
			w := zlib.NewWriter(&z)
			w.Write(plain)
			w.Close()
			at := s.PointerToRawData
			h := out[headers+40*i:]
			if z.Len() > int(s.SizeOfRawData) {
				at = uint32(len(out))
				out = append(out, make([]byte, z.Len())...)
				h = out[headers+40*i:]
			}
			copy(out[at:], z.Bytes())
			binary.LittleEndian.PutUint32(h[8:], uint32(z.Len()))
			binary.LittleEndian.PutUint32(h[16:], uint32(z.Len()))
			binary.LittleEndian.PutUint32(h[20:], at)
			// The name before it in the table gives the room: ".debug_x" becomes
			// ".zdebug_" and the rest by writing it over what follows.
			old := bytes.Index(out[symbols:], []byte(".debug_"+name+"\x00"))
			if old < 0 {
				t.Fatal("no name in the string table")
			}
			size := binary.LittleEndian.Uint32(out[symbols:])
			end := symbols + size
			long := ".zdebug_" + name + "\x00"
			out = append(out[:end:end], append([]byte(long), out[end:]...)...)
			binary.LittleEndian.PutUint32(out[symbols:], size+uint32(len(long)))
			copy(out[headers+40*i:headers+40*i+8], "/"+itoa(size)+"\x00\x00\x00\x00")
		}
	}
	return out
}

func itoa(n uint32) string {
	var b []byte
	for ; n > 0; n /= 10 {
		b = append([]byte{byte('0' + n%10)}, b...)
	}
	return string(b)
}

func TestCompressed(t *testing.T) {
	data := imageBytes(t, "x64-cpp-O2")
	plain := openBytes(t, data)
	f := openBytes(t, packed(t, data, "info"))
	for rva := uint32(0x1000); rva < 0x1100; rva++ {
		if got, want := frametest.Show(f.Frames(rva)), frametest.Show(plain.Frames(rva)); got != want {
			t.Fatalf("%#x: %s, want %s", rva, got, want)
		}
	}
}

func TestUnpackedLimits(t *testing.T) {
	for name, data := range map[string]string{
		"too big for its bytes": "ZLIB\x00\x00\x00\x00\x10\x00\x00\x00rest",
		"short":                 "ZLIB\x00",
		"of another kind":       "ZSTD\x00\x00\x00\x00\x00\x00\x00\x01abc",
	} {
		if s := unpacked(io.NewSectionReader(strings.NewReader(data), 0, int64(len(data)))); s != nil {
			t.Errorf("%s: %d bytes", name, s.size)
		}
	}
	damaged := "ZLIB\x00\x00\x00\x00\x00\x00\x00\x08nothing"
	if b := unpacked(io.NewSectionReader(strings.NewReader(damaged), 0, int64(len(damaged)))).read(0, 8); len(b) != 0 {
		t.Errorf("%q", b)
	}
}

// stripped is an image without sections of debugging information, and with a
// .gnu_debuglink in place of one of them.
func stripped(t *testing.T, data []byte, name string, crc uint32) []byte {
	t.Helper()
	out := bytes.Clone(data)
	img, err := pe.New(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	nt := int(binary.LittleEndian.Uint32(out[0x3c:]))
	headers := nt + 24 + int(binary.LittleEndian.Uint16(out[nt+20:]))
	symbols := binary.LittleEndian.Uint32(out[nt+12:]) + 18*binary.LittleEndian.Uint32(out[nt+16:])
	// In the table of strings the name of one section gives way to that of the
	// link, which is as long as .debug_aranges.
	table := out[symbols:]
	copy(table[bytes.Index(table, []byte(".debug_aranges\x00")):], ".gnu_debuglink\x00")
	link := append([]byte(name), 0)
	for len(link)%4 != 0 {
		link = append(link, 0)
	}
	link = binary.LittleEndian.AppendUint32(link, crc)
	for i, s := range img.Sections() {
		h := out[headers+40*i:]
		if s.Name == ".debug_aranges" {
			copy(out[s.PointerToRawData:], link)
			binary.LittleEndian.PutUint32(h[8:], uint32(len(link)))
		} else if strings.HasPrefix(s.Name, ".debug_") {
			copy(h[:8], ".gone\x00\x00\x00")
		}
	}
	return out
}

func TestDebugLink(t *testing.T) {
	data := imageBytes(t, "x64-c-O2")
	want := frametest.Show(openBytes(t, data).Frames(0x1010))
	crc := crc32.ChecksumIEEE(data)
	for _, test := range []struct {
		name, link, file string
		crc              uint32
		wantErr          error
	}{
		{"beside it", "prog.debug", "prog.debug", crc, nil},
		{"in .debug", "prog.debug", ".debug/prog.debug", crc, nil},
		{"of another build", "prog.debug", "prog.debug", crc + 1, ErrWrongChecksum},
		{"absent", "prog.debug", "other", crc, os.ErrNotExist},
		{"a path", "../x/p.debug", "prog.debug", crc, ErrNoDWARF},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			image := filepath.Join(dir, "prog.exe")
			for name, b := range map[string][]byte{image: stripped(t, data, test.link, test.crc), filepath.Join(dir, test.file): data} {
				if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			f, err := Open(image)
			if test.wantErr != nil {
				if !errors.Is(err, test.wantErr) {
					t.Errorf("%v, want %v", err, test.wantErr)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if got := frametest.Show(f.Frames(0x1010)); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

// Bytes of every part are changed at random; answers stay within their bounds.
func FuzzFrames(f *testing.F) {
	for _, name := range goldenImages(f) {
		s := openBytes(f, imageBytes(f, name)).sections
		all := func(p *section) []byte { return p.read(0, 1<<20) }
		f.Add(all(s.info), all(s.abbrev), all(s.line), all(s.str), append(all(s.ranges), all(s.rngLists)...), uint32(0x1010))
	}
	f.Fuzz(func(t *testing.T, info, abbrev, line, str, ranges []byte, rva uint32) {
		bytesOf := func(b []byte) *section { return &section{bytes.NewReader(b), int64(len(b))} }
		s := &sections{
			info: bytesOf(info), abbrev: bytesOf(abbrev), line: bytesOf(line), str: bytesOf(str), lineStr: bytesOf(str),
			ranges: bytesOf(ranges), rngLists: bytesOf(ranges), aranges: bytesOf(ranges), addr: bytesOf(ranges), strOffsets: bytesOf(ranges),
		}
		file := newFile(s)
		file.base = 0x140000000
		file.index = sync.OnceValue(file.readIndex)
		for _, at := range []uint32{0, rva, rva + 1, 0x1010, 1<<32 - 1} {
			frames := file.Frames(at)
			if len(frames) > maxDepth+1 {
				t.Errorf("%d frames", len(frames))
			}
			for i, fr := range frames {
				if fr.Inlined != (i < len(frames)-1) || fr.FunctionStart > uint64(at) {
					t.Errorf("%#x: %+v", at, frames)
				}
			}
		}
	})
}

// Whole images, in a file and in memory.
func FuzzImage(f *testing.F) {
	for _, name := range []string{"x64-c-O2", "x64-clang4", "x86-dwarf3"} {
		f.Add(imageBytes(f, name), uint32(0x1010))
	}
	f.Fuzz(func(t *testing.T, data []byte, rva uint32) {
		var images []*pe.Image
		if img, err := pe.New(bytes.NewReader(data), int64(len(data))); err == nil {
			images = append(images, img)
		}
		if img, err := pe.NewMapped(bytes.NewReader(data), int64(len(data))); err == nil {
			images = append(images, img)
		}
		for _, img := range images {
			if file, err := New(img); err == nil {
				file.Frames(rva)
				file.Frames(0x1010)
			}
			if link, ok := DebugLinkOf(img); ok && strings.ContainsAny(link.Name, `/\:`) {
				t.Errorf("%q is a path", link.Name)
			}
		}
	})
}
