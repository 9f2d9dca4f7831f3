package pe

import (
	"encoding/binary"
	"testing"
)

var guardImages = []string{"guard-x86", "guard-x64"}

// Where code is absent, the table of functions that may be called through
// pointers still tells that an address is in a function without a name.
func TestGuardTable(t *testing.T) {
	for _, name := range guardImages {
		t.Run(name, func(t *testing.T) {
			data := readTestFile(t, name+".dll")
			for layout, m := range map[string]*Image{
				"file":   fileImage(t, data),
				"memory": loaded(t, data),
				"hole":   loaded(t, data, [2]int64{0x1000, 0x2000}),
			} {
				for rva, want := range map[uint32]string{0x1000: "Exported", 0x1008: "Exported", 0x1010: "", 0x1018: "", 0x1028: "", 0x1034: "Last"} {
					if e, q, _ := m.ExportFor(rva); e.Name != want {
						t.Errorf("%s: %#x is in %q (%s), want %q", layout, rva, e.Name, q, want)
					}
				}
			}
		})
	}
}

// A damaged or absent table tells nothing.
func TestNoGuardTable(t *testing.T) {
	data := readTestFile(t, "guard-x86.dll")
	code := [2]int64{0x1000, 0x2000}
	config := int64(fileImage(t, data).DataDirectory(IMAGE_DIRECTORY_ENTRY_LOAD_CONFIG).VirtualAddress)
	table := fileImage(t, data).guarded()
	if table.count != 4 {
		t.Fatalf("%+v", table)
	}
	for name, m := range map[string]*Image{
		"configuration absent": loaded(t, data, code, [2]int64{config, config + 8}),
		"table absent":         loaded(t, data, code, [2]int64{table.rva, table.rva + 16}),
	} {
		if e, q, ok := m.ExportFor(0x1018); !ok || e.Name != "Exported" || q != QualityGuess {
			t.Errorf("%s: %+v, %s", name, e, q)
		}
	}
	m := loaded(t, data, code)
	for off, v := range map[int64]uint32{80: 1, 84: 1 << 31, 88: 0, 0: 20} {
		changed := loadedBytes(t, data)
		binary.LittleEndian.PutUint32(changed[config+off:], v)
		m.r = &memory{changed, [][2]int64{code}}
		if got := m.readGuardTable(); got.count != 0 {
			t.Errorf("with %#x at %d: %+v", v, off, got)
		}
	}
}

func TestGuardTableAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector makes pools forget")
	}
	m := fileImage(t, readTestFile(t, "guard-x86.dll"))
	if n := testing.AllocsPerRun(100, func() { m.guardedBetween(0x1000, 0x1008) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
