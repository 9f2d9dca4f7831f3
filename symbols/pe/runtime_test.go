package pe

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// readobjFunctions returns what llvm-readobj reads of a function table, as
// begin and end.
func readobjFunctions(t *testing.T, name string, m *Image) (want [][2]uint32) {
	t.Helper()
	for _, f := range lines(t, name+".readobj") {
		value := func() uint32 {
			s := strings.Trim(f[len(f)-1], "()")
			n, err := strconv.ParseUint(s, 0, 64)
			if err != nil {
				t.Fatal(err)
			}
			return uint32(n)
		}
		base := uint32(m.ImageBase)
		switch f[0] {
		case "RuntimeFunction":
			want = append(want, [2]uint32{})
		case "Chained": // the entry inside is no entry of the table
			want = append(want, [2]uint32{1})
		case "StartAddress:", "Function:":
			want[len(want)-1][0] += (value() - base) &^ (value() & 1)
		case "EndAddress:":
			want[len(want)-1][1] = value() - base
		case "FunctionLength:":
			want[len(want)-1][1] = want[len(want)-1][0] + value()
		}
	}
	return slices.DeleteFunc(want, func(f [2]uint32) bool { return f[0]&1 != 0 })
}

func TestRuntimeFunctionsAgainstReadobj(t *testing.T) {
	for _, name := range []string{"x64", "arm64", "arm", "gnu"} {
		bothLayouts(t, name, func(t *testing.T, m *Image) {
			want := readobjFunctions(t, name, m)
			seq, err := m.RuntimeFunctions()
			if err != nil {
				t.Fatal(err)
			}
			var got [][2]uint32
			for f := range seq {
				got = append(got, [2]uint32{f.BeginAddress, f.EndAddress})
				for _, rva := range []uint32{f.BeginAddress, f.EndAddress - 1} {
					if g, ok := m.RuntimeFunctionAt(rva); !ok || g != f {
						t.Errorf("at %#x: %+v, want %+v", rva, g, f)
					}
				}
			}
			if len(want) == 0 || !slices.Equal(got, want) {
				t.Errorf("%#x, want %#x", got, want)
			}
		})
	}
}

// The parts of Chained in testdata/src/chain.s.
func TestFunctionBounds(t *testing.T) {
	bothLayouts(t, "x64", func(t *testing.T, m *Image) {
		for _, c := range []struct{ rva, begin, end uint32 }{
			{0x0fff, 0, 0},
			{0x1000, 0x1000, 0x1022}, {0x1021, 0x1000, 0x1022}, {0x1022, 0, 0},
			{0x1064, 0, 0},           // a leaf
			{0x10f5, 0x10f0, 0x10fa}, // the first part
			{0x10fa, 0x10f0, 0x1105}, // chained to it
			{0x1105, 0, 0},
			{0x1122, 0x1120, 0x112b},
			{0x1131, 0x10f0, 0x1134}, // chained to the second part
			{0x1141, 0x10f0, 0x1144}, // by the entry itself
			{0x3000, 0, 0}, {0xffffffff, 0, 0},
		} {
			begin, end, ok := m.FunctionBounds(c.rva)
			if begin != c.begin || end != c.end || ok != (c.end != 0) {
				t.Errorf("%#x: %#x %#x %v, want %#x %#x", c.rva, begin, end, ok, c.begin, c.end)
			}
		}
	})
	bothLayouts(t, "x86", func(t *testing.T, m *Image) {
		if _, _, ok := m.FunctionBounds(0x1000); ok {
			t.Error("x86 has no function table")
		}
		if _, err := m.RuntimeFunctions(); !errors.Is(err, ErrNoRuntimeFunctions) {
			t.Error(err)
		}
	})
}

// Chains that run in a circle end, and broken ones name no other function.
func TestHostileChains(t *testing.T) {
	data := readTestFile(t, "x64.dll")
	pdata := section(t, fileImage(t, data), ".pdata")
	entry := func(i int) int { return int(pdata.PointerToRawData) + i*12 }
	for what, unwind := range map[string]uint32{
		"itself":      pdata.VirtualAddress + 8*12 + 1,
		"nowhere":     0xfffffff1,
		"no function": 0x2000 + 1,
	} {
		hostile := slices.Clone(data)
		patch32(hostile, entry(8)+8, unwind)
		begin, end, ok := fileImage(t, hostile).FunctionBounds(0x1141)
		if !ok || begin != 0x1140 || end != 0x1144 {
			t.Errorf("%s: %#x %#x %v", what, begin, end, ok)
		}
	}
}

// Empty entries and parts nested in their function are passed over.
func TestFindAround(t *testing.T) {
	data := slices.Clone(readTestFile(t, "x64.dll"))
	pdata := int(section(t, fileImage(t, data), ".pdata").PointerToRawData)
	// 0x1000, 0x1030, 0x1090, 0x10c0, then Chained's two.
	patch32(data, pdata+12, 0x1000) // 0x1000..0x1022, then 0x1000..0x1000
	patch32(data, pdata+16, 0x1000)
	m := fileImage(t, data)
	if f, ok := m.RuntimeFunctionAt(0x1010); !ok || f.EndAddress != 0x1022 {
		t.Errorf("before an empty entry: %+v %v", f, ok)
	}
}

// A table with room at its end: the zeros are no functions.
func TestZerosAtTheEnd(t *testing.T) {
	data := slices.Clone(readTestFile(t, "x64.dll"))
	nt := int(data[0x3c])
	size := nt + 24 + 112 + 3*8 + 4
	patch32(data, size, 0x120)
	m := fileImage(t, data)
	n := 0
	seq, err := m.RuntimeFunctions()
	if err != nil {
		t.Fatal(err)
	}
	for range seq {
		n++
	}
	if n != 9 {
		t.Errorf("%d functions", n)
	}
	if begin, _, ok := m.FunctionBounds(0x1010); !ok || begin != 0x1000 {
		t.Errorf("%#x %v", begin, ok)
	}
}

// bigTable is a synthetic image with a function table of many pages.
func bigTable(n int) *memory {
	m := &memory{data: make([]byte, 0x800000)}
	copy(m.data, synthetic(0).data[:0x1000])
	nt := m.data[0x40:]
	patch32(nt, 24+112, 0)
	patch32(nt, 24+112+3*8, 0x100000)
	patch32(nt, 24+112+3*8+4, uint32(n*12))
	for i := range n {
		e := m.data[0x100000+i*12:]
		patch32(e, 0, uint32(0x200000+i*32))
		patch32(e, 4, uint32(0x200000+i*32+24))
		patch32(e, 8, 0x1000)
	}
	m.data[0x1000] = 1
	return m
}

func TestFunctionTableWithHoles(t *testing.T) {
	const n = 10000
	at := func(i int) uint32 { return uint32(0x200000 + i*32) }
	mem := bigTable(n)
	// Entry 341 lies on the border before the first hole, 682 on that behind.
	mem.holes = [][2]int64{{0x101000, 0x102000}, {0x10a000, 0x10c000}}
	m, err := NewMapped(mem, int64(len(mem.data)))
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		absent := mem.absent(0x100000+int64(i)*12) || mem.absent(0x100000+int64(i)*12+11)
		for _, off := range []uint32{0, 23, 24} {
			f, ok := m.RuntimeFunctionAt(at(i) + off)
			if want := !absent && off != 24; ok != want || ok && f.BeginAddress != at(i) {
				t.Fatalf("entry %d+%d: %+v %v, want %v", i, off, f, ok, want)
			}
		}
	}
	table, _ := m.functions()
	for rva, want := range map[uint32]whereabouts{
		at(100) + 24: inGap, at(340) + 24: inHole, at(500): inHole, at(683) + 24: inGap,
		at(n-1) + 24: inGap, 0x1fffff: inGap,
	} {
		if _, got := table.find(rva); got != want {
			t.Errorf("%#x: %d, want %d", rva, got, want)
		}
	}
	mem.holes = append(mem.holes, [2]int64{0x100000, 0x101000})
	m, _ = NewMapped(mem, int64(len(mem.data)))
	table, _ = m.functions()
	if _, got := table.find(0x1fffff); got != inHole {
		t.Errorf("before an absent beginning: %d", got)
	}
	mem.holes = [][2]int64{{0x100000, 0x200000}}
	m, _ = NewMapped(mem, int64(len(mem.data)))
	if _, err := m.RuntimeFunctions(); !errors.Is(err, errHole) {
		t.Errorf("an absent table: %v", err)
	}
}

func TestFunctionLookupAllocatesNothing(t *testing.T) {
	data := readTestFile(t, "x64.dll")
	m, err := New(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(1000, func() { m.FunctionBounds(0x1141) }); n > 0 && !raceEnabled {
		t.Errorf("%v allocations", n)
	}
}
