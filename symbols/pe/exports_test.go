package pe

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The answers are llvm-readobj's: see testdata/build.sh.
func TestExportsAgainstReadobj(t *testing.T) {
	for _, name := range testImages {
		want := lines(t, name+".exports")
		bothLayouts(t, name, func(t *testing.T, m *Image) {
			table, err := m.Exports()
			if err != nil || table.Damage() != nil {
				t.Fatal(err, table.Damage())
			}
			if table.Name != name+".dll" || table.Len() != len(want) {
				t.Errorf("%s has %d exports, want %d", table.Name, table.Len(), len(want))
			}
			for _, w := range want {
				ordinal, _ := strconv.ParseUint(w[0], 10, 32)
				rva, _ := strconv.ParseUint(strings.TrimPrefix(w[1], "0x"), 16, 32)
				if m.Machine == IMAGE_FILE_MACHINE_ARMNT {
					rva &^= 1 // Thumb
				}
				got, ok := table.ByOrdinal(uint32(ordinal))
				exp := Export{Name: dash(w[2]), Ordinal: uint32(ordinal), RVA: uint32(rva), Forwarder: dash(w[3]), Data: w[2] == "Counter"}
				if !ok || got != exp {
					t.Errorf("%+v, want %+v", got, exp)
				}
			}
		})
	}
}

func dash(s string) string {
	if s == "-" {
		return ""
	}
	return s
}

func TestNearest(t *testing.T) {
	bothLayouts(t, "x64", func(t *testing.T, m *Image) {
		table, err := m.Exports()
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			rva  uint32
			want string
		}{
			{0xfff, "none"},
			{0x1000, "NtThing"}, {0x105f, "NtThing"},
			{0x1060, "Leaf"}, {0x1090, ""}, {0x10bf, ""}, {0x10c0, "Zulu"},
			{0x3004, "BareLabel"}, // not Counter, which is data
			{0xffffffff, "BareLabel"},
		} {
			got := "none"
			if e, ok := table.Nearest(c.rva); ok {
				got = e.Name
			}
			if got != c.want {
				t.Errorf("%#x: %q, want %q", c.rva, got, c.want)
			}
		}
		var names []string
		for e := range table.Aliases(0x1000) {
			names = append(names, e.Name)
		}
		if !slices.Equal(names, []string{"NtThing", "ZwThing"}) {
			t.Errorf("aliases %q", names)
		}
		if e, ok := table.ByName("ZwThing"); !ok || e.RVA != 0x1000 || e.Ordinal != 16 {
			t.Errorf("ZwThing = %+v, %v", e, ok)
		}
		if e, ok := table.ByName(""); ok {
			t.Errorf("an empty name = %+v", e)
		}
		if e, ok := table.At(0x1001); ok {
			t.Errorf("an address inside = %+v", e)
		}
	})
}

func TestNearestAllocatesNothing(t *testing.T) {
	m := fileImage(t, readTestFile(t, "x64.dll"))
	table, _ := m.Exports()
	if n := testing.AllocsPerRun(100, func() { table.Nearest(0x1070) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestNoExports(t *testing.T) {
	data := slices.Clone(readTestFile(t, "x64.dll"))
	nt := int(data[0x3c])
	patch32(data, nt+24+112, 0)
	if _, err := fileImage(t, data).Exports(); !errors.Is(err, ErrNoExports) {
		t.Errorf("error %v", err)
	}
}

// synthetic is an image in memory with n exports whose names fill pages of
// their own.
func synthetic(n int) *memory {
	const tables, names = 0x10000, 0x100000
	m := &memory{data: make([]byte, 0x200000)}
	copy(m.data, "MZ")
	patch32(m.data, 0x3c, 0x40)
	nt := m.data[0x40:]
	copy(nt, "PE\x00\x00\x64\x86")
	nt[24], nt[25] = 0x0b, 0x02
	patch32(nt, 24+108, 16) // NumberOfRvaAndSizes
	patch32(nt, 24+112, tables-0x1000)
	patch32(nt, 24+116, 0x28)
	dir := m.data[tables-0x1000:]
	for i, v := range []uint32{1, uint32(n), uint32(n), tables, tables + 0x20000, tables + 0x40000} {
		patch32(dir, 16+i*4, v)
	}
	at := names
	for i := range n {
		patch32(m.data, tables+i*4, uint32(0x1000+i*8))
		patch32(m.data, tables+0x20000+i*4, uint32(at))
		m.data[tables+0x40000+i*2], m.data[tables+0x40000+i*2+1] = byte(i), byte(i>>8)
		at += copy(m.data[at:], fmt.Sprintf("Function%05d", i)) + 1
	}
	return m
}

func TestExportsWithHoles(t *testing.T) {
	const n = 4000
	for _, c := range []struct {
		what          string
		hole          [2]int64
		names, others int // exports left with and without a name
		part          string
		count         int
	}{
		{"nothing", [2]int64{}, n, 0, "", 0},
		// 4096 bytes of names of 14 bytes each, those cut by a border among them.
		{"names", [2]int64{0x101000, 0x102000}, n - 294, 294, "export names", 294},
		{"part of a page of names", [2]int64{0x101000, 0x101100}, n - 19, 19, "export names", 19},
		{"addresses", [2]int64{0x11000, 0x12000}, n - 1024, 0, "export functions", 1024},
		{"name pointers", [2]int64{0x31000, 0x32000}, n - 1024, 1024, "export names", 1024},
		{"ordinals", [2]int64{0x51000, 0x52000}, 2048, n - 2048, "export name ordinals", n - 2048},
	} {
		t.Run(c.what, func(t *testing.T) {
			mem := synthetic(n)
			mem.holes = [][2]int64{c.hole}
			m, err := NewMapped(mem, int64(len(mem.data)))
			if err != nil {
				t.Fatal(err)
			}
			table, err := m.Exports()
			if err != nil {
				t.Fatal(err)
			}
			named, unnamed := 0, 0
			for e := range table.All() {
				if want := fmt.Sprintf("Function%05d", e.Ordinal-1); e.Name == want {
					named++
				} else if e.Name == "" {
					unnamed++
				} else {
					t.Fatalf("%+v", e)
				}
			}
			if named != c.names || unnamed != c.others {
				t.Errorf("%d with and %d without a name, want %d and %d", named, unnamed, c.names, c.others)
			}
			var e *FormatError
			if c.count == 0 {
				if table.Damage() != nil {
					t.Error(table.Damage())
				}
			} else if !errors.As(table.Damage(), &e) || e.Part != c.part || e.Count != c.count || !errors.Is(e, errHole) {
				t.Errorf("damage %v, want %d of %s", table.Damage(), c.count, c.part)
			}
		})
	}
}

func TestExportDirectoryAbsent(t *testing.T) {
	mem := synthetic(10)
	mem.holes = [][2]int64{{0xf000, 0x10000}}
	m, err := NewMapped(mem, int64(len(mem.data)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Exports(); !errors.Is(err, errHole) || errors.Is(err, ErrNoExports) {
		t.Errorf("error %v", err)
	}
}

// Counts beyond what ordinals allow are cut, and said to be.
func TestExportCounts(t *testing.T) {
	mem := synthetic(10)
	patch32(mem.data, 0xf000+20, 0xffffffff)
	patch32(mem.data, 0xf000+24, 0xffffffff)
	m, _ := NewMapped(mem, int64(len(mem.data)))
	table, err := m.Exports()
	if err != nil {
		t.Fatal(err)
	}
	var e *FormatError
	if !errors.As(table.Damage(), &e) || e.Part != "export directory" || e.Count != 2 {
		t.Errorf("damage %v", table.Damage())
	}
	if _, ok := table.ByName("Function00009"); !ok {
		t.Error("the sound part is lost")
	}
}

func TestExportsConcurrently(t *testing.T) {
	m := fileImage(t, readTestFile(t, "x64.dll"))
	var wg sync.WaitGroup
	tables := make([]*ExportTable, 8)
	for i := range tables {
		wg.Go(func() {
			tables[i], _ = m.Exports()
			m.ExportFor(0x1010)
			m.FunctionBounds(0x1010)
		})
	}
	wg.Wait()
	for _, table := range tables {
		if table == nil || table != tables[0] {
			t.Error("decoded more than once")
		}
	}
}
