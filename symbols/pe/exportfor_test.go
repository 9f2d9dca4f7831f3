package pe

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

type nameCase struct {
	rva  uint32
	want string // "none", or name and quality
}

func checkNames(t *testing.T, m *Image, cases []nameCase) {
	t.Helper()
	for _, c := range cases {
		got := "none"
		if e, q, ok := m.ExportFor(c.rva); ok {
			got = fmt.Sprintf("%s %s", e.Name, q)
		}
		if got != c.want {
			t.Errorf("%#x: %s, want %s", c.rva, got, c.want)
		}
	}
}

// The order of the functions is that of testdata/src.
func TestExportForX64(t *testing.T) {
	bothLayouts(t, "x64", func(t *testing.T, m *Image) {
		checkNames(t, m, []nameCase{
			{0x0fff, "none"},
			{0x1000, "NtThing confirmed"}, {0x1021, "NtThing confirmed"},
			{0x1028, "none"}, // padding
			{0x1031, "none"}, // hidden
			{0x1060, "Leaf confirmed"}, {0x1066, "Leaf leaf"},
			{0x1072, "none"}, // hiddenLeaf
			{0x1091, " confirmed"},
			{0x10c7, "Zulu confirmed"},
			{0x10f5, "Chained confirmed"}, {0x10fc, "Chained confirmed"},
			{0x1131, "Chained confirmed"}, {0x1141, "Chained confirmed"},
			{0x1112, "BareLabel leaf"},
			{0x1122, "none"}, // hidden behind BareLabel
			{0x2000, "none"}, {0x3000, "none"}, {0xffffffff, "none"},
		})
	})
}

func TestExportForX86(t *testing.T) {
	data := readTestFile(t, "x86.dll")
	cases := []nameCase{
		{0x0fff, "none"},
		{0x1000, "NtThing confirmed"}, {0x1010, "NtThing nearby"},
		{0x1020, "none"}, {0x1030, "none"}, // hidden
		{0x1052, "Leaf nearby"}, {0x1062, "none"}, // hiddenLeaf
		{0x1082, " nearby"},
		{0x10c7, "Zulu nearby"},
		{0x3000, "none"},
	}
	checkNames(t, fileImage(t, data), cases)
	checkNames(t, loaded(t, data), cases)
	// Without code the nearest export is a guess: hidden is taken for NtThing.
	checkNames(t, loaded(t, data, [2]int64{0x1000, 0x2000}), []nameCase{
		{0x1010, "NtThing guess"}, {0x1030, "NtThing guess"}, {0x1052, "Leaf guess"},
		{0x10c0 + guessLimit, "Zulu guess"}, {0x10c0 + guessLimit + 1, "none"},
	})
	// With the bytes around the address alone, the border there is seen.
	checkNames(t, loaded(t, data, [2]int64{0x1000, 0x1010}), []nameCase{
		{0x1018, "NtThing guess"},
	})
}

func TestExportForARM(t *testing.T) {
	bothLayouts(t, "arm64", func(t *testing.T, m *Image) {
		checkNames(t, m, []nameCase{
			{0x1010, "NtThing confirmed"}, {0x1034, "none"}, {0x1050, "none"},
			{0x1078, "Leaf leaf"},
			{0x10a0, " confirmed"}, {0x10d8, "Zulu confirmed"}, {0x1200, "none"},
		})
	})
	bothLayouts(t, "arm", func(t *testing.T, m *Image) {
		checkNames(t, m, []nameCase{
			{0x1010, "NtThing confirmed"}, {0x1020, "none"}, {0x1048, "Leaf leaf"}, {0x1090, "Zulu confirmed"},
		})
	})
}

// Where the function table's page is absent the code decides, as on x86.
func TestExportForWithoutTable(t *testing.T) {
	data := readTestFile(t, "x64.dll")
	pdata := section(t, fileImage(t, data), ".pdata")
	hole := [2]int64{int64(pdata.VirtualAddress), int64(pdata.VirtualAddress) + 0x1000}
	checkNames(t, loaded(t, data, hole), []nameCase{
		{0x1000, "NtThing confirmed"}, {0x1010, "NtThing nearby"}, {0x1031, "none"},
		{0x1066, "Leaf nearby"}, {0x10c7, "Zulu nearby"}, {0x10fc, "Chained nearby"},
		{0x1131, "none"}, // a part of Chained, but that cannot be seen
	})
	checkNames(t, loaded(t, data, hole, [2]int64{0x1000, 0x2000}), []nameCase{
		{0x1010, "NtThing guess"}, {0x10fc, "Chained guess"},
	})
}

func code(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

// Each code begins at a 16-byte border; want is the offset of the border.
func TestBorders(t *testing.T) {
	for _, c := range []struct {
		what    string
		machine Machine
		code    string
		leaf    bool
		want    int // -1 for none
	}{
		{"int3 to a border", IMAGE_FILE_MACHINE_I386, "55 8bec 5d c3 cccccccccccccccccccccc 33c0 c3", false, 16},
		{"one int3, no border", IMAGE_FILE_MACHINE_I386, "33c0 c3 cc 33c9 c3", false, -1},
		{"int3 after a jump", IMAGE_FILE_MACHINE_I386, "33c0 e900000000 cccc 33c9 c3", false, 9},
		{"a constant of int3", IMAGE_FILE_MACHINE_I386, "b9 30000000 9090909090 b8 cccccccc f3ab c3", false, -1},
		{"hot patch", IMAGE_FILE_MACHINE_I386, "33c0 9090909090 8bff 55 8bec", false, 7},
		{"frame after return", IMAGE_FILE_MACHINE_I386, "33c0 c20400 55 8bec", false, 5},
		{"frame, not after return", IMAGE_FILE_MACHINE_I386, "33c0 33c0 55 8bec", false, -1},
		{"nops, then a loop", IMAGE_FILE_MACHINE_I386, "e90000000090 8db42600000000 8d7600 33c0 c3", false, -1},
		{"nops, then a frame", IMAGE_FILE_MACHINE_I386, "33c0 c3 8db42600000000 8db600000000 5589e5", false, 16},
		{"plain nops", IMAGE_FILE_MACHINE_I386, "33c0 c3 90909090909090909090909090 33c0 c3", false, 16},
		{"call, then cleaning up", IMAGE_FILE_MACHINE_I386, "33c0 33c0 33c0 33c0 33c0 90 e800000000 83ec04", false, -1},
		{"x64 int3", IMAGE_FILE_MACHINE_AMD64, "33c0 c3 cc 4883ec28", false, 4},
		{"x64 nops, then code", IMAGE_FILE_MACHINE_AMD64, "33c0 c3 660f1f440000 0f1f8000000000 4c89442430", false, -1},
		{"x64 nops in a leaf", IMAGE_FILE_MACHINE_AMD64, "33c0 c3 660f1f440000 0f1f8000000000 4c89442430", true, 16},
		{"ARM64 zeros", IMAGE_FILE_MACHINE_ARM64, "c0035fd6 00000000 00000000 00000000 00008052", false, 16},
		{"ARM64 prologue", IMAGE_FILE_MACHINE_ARM64, "00008052 c0035fd6 1f2003d5 1f2003d5 fd7bbfa9", false, 16},
		{"ARM64 signed", IMAGE_FILE_MACHINE_ARM64, "00008052 7f2303d5", false, 4},
	} {
		rules, b := codeBordersOf[c.machine], code(c.code)
		got := -1
		for to := len(b) - 1; to > 0 && rules.hasBorder(b, 0x1000, 0x1000+uint32(to), c.leaf); to-- {
			got = to
		}
		if got != c.want {
			t.Errorf("%s: %d, want %d", c.what, got, c.want)
		}
	}
}

func TestCodeWithHoles(t *testing.T) {
	mem := &memory{data: synthetic(0).data}
	for i := range 0x1000 {
		mem.data[0x1000+i] = byte(i)
	}
	mem.holes = [][2]int64{{0x1100, 0x1180}, {0x11c0, 0x11d0}, {0x1300, 0x2000}}
	m, err := NewMapped(mem, int64(len(mem.data)))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for part, ok := range m.codeParts(0x1000, 0x1400) {
		got = append(got, fmt.Sprintf("%x+%x %v", part.rva, len(part.code), ok))
	}
	want := "[1000+100 true 1180+40 true 1200+100 true 0+0 false]"
	if fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
}

func TestQualityString(t *testing.T) {
	if QualityNone.String() != "none" || QualityConfirmed.String() != "confirmed" || Quality(9).String() != "Quality(9)" {
		t.Error(QualityNone, QualityConfirmed, Quality(9))
	}
}
