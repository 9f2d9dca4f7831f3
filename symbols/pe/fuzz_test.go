package pe

import (
	"bytes"
	"testing"
)

// walk calls everything an image offers, and checks what must always hold.
func walk(t *testing.T, m *Image) {
	if table, err := m.Exports(); err == nil {
		walkExports(t, m, table)
	}
	if seq, err := m.RuntimeFunctions(); err == nil {
		n := 0
		for f := range seq {
			m.FunctionBounds(f.BeginAddress)
			m.ExportFor(f.EndAddress - 1)
			if n++; n > 100 {
				break
			}
		}
	}
	for rva := uint32(0x0ff0); rva < 0x1200; rva += 7 {
		m.ExportFor(rva)
		m.FunctionBounds(rva)
		m.SectionAt(rva)
	}
	entries, _ := m.DebugDirectory()
	if len(entries) > int(m.size)/debugEntrySize {
		t.Errorf("%d debug entries of %d bytes", len(entries), m.size)
	}
	for _, e := range entries[:min(len(entries), 8)] {
		if data, _ := m.DebugData(e); int64(len(data)) > m.size {
			t.Errorf("%d bytes of %d", len(data), m.size)
		}
	}
	if cv, err := m.CodeView(); err == nil {
		cv.DebugID()
	}
	if seq, err := m.Symbols(); err == nil {
		for s, err := range seq {
			if err != nil {
				break
			}
			s.RVA(m.sections)
		}
	}
	if table, err := m.SymbolTable(); err == nil {
		if int64(table.Len())*coffSymbolSize > m.size {
			t.Errorf("%d symbols in %d bytes", table.Len(), m.size)
		}
		for _, f := range table.functions[:min(table.Len(), 100)] {
			table.Frames(f.rva + 1)
		}
	}
	for _, s := range m.Sections() {
		if n := m.SectionReader(s).Size(); n < 0 || n > m.size {
			t.Errorf("section of %d bytes in %d", n, m.size)
		}
	}
}

func walkExports(t *testing.T, m *Image, table *ExportTable) {
	var last, text int64
	for e := range table.All() {
		text += int64(len(e.Name) + len(e.Forwarder))
		if e.Forwarder == "" && int64(e.RVA) < last {
			t.Errorf("%+v is not sorted", e)
		}
		last = int64(e.RVA)
		if e.Data || e.RVA == 0 {
			continue
		}
		if n, ok := table.Nearest(e.RVA); !ok || n.RVA != e.RVA {
			t.Errorf("nearest of %+v is %+v", e, n)
		}
	}
	if text > m.size {
		t.Errorf("%d bytes of names in an image of %d", text, m.size)
	}
	_ = table.Damage()
}

func FuzzFile(f *testing.F) {
	for _, name := range append(testImages, "gnu32") {
		f.Add(readTestFile(f, name+".dll"))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := New(bytes.NewReader(data), int64(len(data))); err == nil {
			walk(t, m)
		}
	})
}

// The mapped image has one absent range, and may claim to be longer than it is.
func FuzzMapped(f *testing.F) {
	for _, name := range append(testImages, "gnu32") {
		f.Add(loadedBytes(f, readTestFile(f, name+".dll")), uint32(0x2000), uint16(0x100), uint32(0))
	}
	f.Fuzz(func(t *testing.T, data []byte, hole uint32, size uint16, more uint32) {
		mem := &memory{data, [][2]int64{{int64(hole), int64(hole) + int64(size)}}}
		if m, err := NewMapped(mem, int64(len(data))+int64(more>>8)); err == nil {
			walk(t, m)
		}
	})
}

func FuzzParseCodeView(f *testing.F) {
	f.Add([]byte("RSDS0123456789abcdef\x01\x00\x00\x00a.pdb\x00"))
	f.Add([]byte("NB10\x00\x00\x00\x00\xf2\x40\xa8\x37\x1f\x00\x00\x00msvcrt.pdb\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		cv, err := ParseCodeView(data)
		if err == nil && len(cv.Path) > len(data) {
			t.Errorf("%+v", cv)
		}
		cv.DebugID()
	})
}

func FuzzBorders(f *testing.F) {
	f.Add([]byte("\x33\xc0\xc3\xcc\xcc\x55\x8b\xec"), uint16(IMAGE_FILE_MACHINE_I386), uint32(4))
	f.Add([]byte("\xc0\x03\x5f\xd6\x00\x00\x00\x00"), uint16(IMAGE_FILE_MACHINE_ARM64), uint32(7))
	f.Fuzz(func(t *testing.T, code []byte, machine uint16, to uint32) {
		rules := codeBordersOf[Machine(machine)]
		if rules != nil {
			rules.hasBorder(code, 0x1000, 0x1000+to, to&1 != 0)
		}
	})
}
