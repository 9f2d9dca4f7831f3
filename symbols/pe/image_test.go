package pe

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

func TestHeader(t *testing.T) {
	want := map[string]Header{
		"x64": {Machine: IMAGE_FILE_MACHINE_AMD64, Is64: true, ImageBase: 0x180000000, SizeOfImage: 0x5000, SizeOfHeaders: 0x400},
		"x86": {Machine: IMAGE_FILE_MACHINE_I386, ImageBase: 0x10000000, SizeOfImage: 0x5000, SizeOfHeaders: 0x400},
		"arm": {Machine: IMAGE_FILE_MACHINE_ARMNT, ImageBase: 0x10000000, SizeOfImage: 0x6000, SizeOfHeaders: 0x400},
	}
	for name, w := range want {
		bothLayouts(t, name, func(t *testing.T, m *Image) {
			got := Header{
				Machine: m.Machine, Is64: m.Is64, ImageBase: m.ImageBase,
				SizeOfImage: m.SizeOfImage, SizeOfHeaders: m.SizeOfHeaders,
			}
			if got != w {
				t.Errorf("header %+v, want %+v", got, w)
			}
			if m.Damage() != nil || m.SectionAlignment != 0x1000 || m.FileAlignment != 0x200 || m.Subsystem == 0 || m.Characteristics&0x2000 == 0 {
				t.Errorf("%+v, damage %v", m.Header, m.Damage())
			}
		})
	}
}

func TestOpen(t *testing.T) {
	m, err := Open(filepath.Join("testdata", "x64.dll"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Exports(); err != nil {
		t.Error(err)
	}
	if err := m.Close(); err != nil {
		t.Error(err)
	}
	if _, err := Open(filepath.Join("testdata", "build.sh")); !errors.Is(err, ErrNotPE) {
		t.Errorf("a script: %v", err)
	}
}

// A file must read by RVA as the loader lays it out, zeros and holes included.
func TestReadAtIsTheLoadersLayout(t *testing.T) {
	for _, name := range testImages {
		data := readTestFile(t, name+".dll")
		m, want := fileImage(t, data), loadedBytes(t, data)
		for _, s := range m.Sections() {
			size := int(s.VirtualSize)
			got := make([]byte, size)
			if _, err := m.ReadAt(got, int64(s.VirtualAddress)); err != nil {
				t.Errorf("%s %s: %v", name, s.Name, err)
			}
			if !bytes.Equal(got, want[s.VirtualAddress:int(s.VirtualAddress)+size]) {
				t.Errorf("%s %s differs", name, s.Name)
			}
		}
		if n, err := m.ReadAt(make([]byte, 0x20), int64(m.SizeOfHeaders)-0x10); n != 0x10 || !errors.Is(err, ErrUnmapped) {
			t.Errorf("%s: a read past the headers = %d, %v", name, n, err)
		}
	}
}

func TestTruncatedFileIsNoZeros(t *testing.T) {
	data := readTestFile(t, "x64.dll")
	m := fileImage(t, data[:0x500])
	n, err := m.ReadAt(make([]byte, 0x140), 0x1000)
	if n != 0x100 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("read %d, %v", n, err)
	}
}

func TestNotPE(t *testing.T) {
	for name, data := range map[string][]byte{
		"empty":        {},
		"text":         []byte(strings.Repeat("hello ", 100)),
		"DOS program":  append([]byte("MZ"), make([]byte, 200)...),
		"header only":  readTestFile(t, "x64.dll")[:0x40],
		"past the end": append(append([]byte("MZ"), make([]byte, 58)...), 0xff, 0xff, 0xff, 0xff),
	} {
		if _, err := New(bytes.NewReader(data), int64(len(data))); !errors.Is(err, ErrNotPE) {
			t.Errorf("%s: file %v", name, err)
		}
		if _, err := NewMapped(bytes.NewReader(data), int64(len(data))); !errors.Is(err, ErrNotPE) {
			t.Errorf("%s: memory %v", name, err)
		}
	}
	mem := &memory{make([]byte, 0x5000), [][2]int64{{0, 0x1000}}}
	if _, err := NewMapped(mem, 0x5000); !errors.Is(err, ErrNotPE) || !errors.Is(err, errHole) {
		t.Errorf("absent header page: %v", err)
	}
}

func TestWipedDOSHeader(t *testing.T) {
	data := loadedBytes(t, readTestFile(t, "x64.dll"))
	clear(data[:0x40])
	m, err := NewMapped(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Exports(); err != nil || len(m.Sections()) == 0 {
		t.Errorf("%d sections, exports %v", len(m.Sections()), err)
	}
}

// Section headers that are cut off cost the sections alone.
func TestSectionHeadersAbsent(t *testing.T) {
	data := readTestFile(t, "x64.dll")
	whole := fileImage(t, data)
	table := whole.headers.sectionTable
	m := loaded(t, data, [2]int64{table + 40, 0x1000})
	var e *FormatError
	if !errors.As(m.Damage(), &e) || !errors.Is(e, errHole) || e.Count != len(whole.Sections())-1 {
		t.Errorf("damage %v", m.Damage())
	}
	if len(m.Sections()) != 1 {
		t.Errorf("%d sections", len(m.Sections()))
	}
	none := loaded(t, data, [2]int64{table, 0x1000})
	if e, _, ok := none.ExportFor(0x1005); !ok || e.Name != "NtThing" {
		t.Errorf("without sections: %v %v", e, ok)
	}
}

func TestLongSectionNames(t *testing.T) {
	data := readTestFile(t, "gnu.dll")
	section(t, fileImage(t, data), ".debug_line")
	var short bool
	for _, s := range loaded(t, data).Sections() {
		short = short || strings.HasPrefix(s.Name, "/")
	}
	if !short {
		t.Error("memory has no string table, and yet long names")
	}
	for name, want := range map[string]uint32{"/4": 4, "/1234567": 1234567, "//AAAAAQ": 16} {
		if got, ok := longNameOffset(name); !ok || got != want {
			t.Errorf("%s = %d, %v", name, got, ok)
		}
	}
	for _, name := range []string{"", "/", "//", "/x", "//!", ".text", "//////////////", "/99999999999"} {
		if n, ok := longNameOffset(name); ok {
			t.Errorf("%s = %d", name, n)
		}
	}
}

func TestSectionAt(t *testing.T) {
	m := fileImage(t, readTestFile(t, "x64.dll"))
	if s, ok := m.SectionAt(0x1080); !ok || s.Name != ".text" || !s.IsExecutable() {
		t.Errorf("%+v %v", s, ok)
	}
	for _, rva := range []uint32{0, 0x600, 0x00ffffff} {
		if s, ok := m.SectionAt(rva); ok {
			t.Errorf("%#x in %s", rva, s.Name)
		}
	}
}

func TestMachineString(t *testing.T) {
	if s := IMAGE_FILE_MACHINE_ARM64.String(); s != "IMAGE_FILE_MACHINE_ARM64" {
		t.Error(s)
	}
	if s := Machine(0x1234).String(); s != "Machine(0x1234)" {
		t.Error(s)
	}
}
