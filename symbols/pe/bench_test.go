package pe

import (
	"bytes"
	"testing"
)

func BenchmarkOpen(b *testing.B) {
	data := readTestFile(b, "x64.dll")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(bytes.NewReader(data), int64(len(data))); err != nil {
			b.Fatal(err)
		}
	}
}

// 2,500 exports, as many as ntdll has.
func BenchmarkOpenAndExports(b *testing.B) {
	data := synthetic(2500).data
	b.ReportAllocs()
	for b.Loop() {
		m, err := NewMapped(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := m.Exports(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNearest(b *testing.B) {
	data := synthetic(2500).data
	m, err := NewMapped(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		b.Fatal(err)
	}
	table, err := m.Exports()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	rva := uint32(0)
	for b.Loop() {
		rva = (rva + 0x3331) & 0x7fff
		table.Nearest(rva)
	}
}

// A function table of 10,000 entries.
func BenchmarkFunctionBounds(b *testing.B) {
	data := bigTable(10000).data
	m, err := NewMapped(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	rva := uint32(0)
	for b.Loop() {
		rva = (rva + 0x33331) & 0x3ffff
		m.FunctionBounds(0x200000 + rva)
	}
}

func BenchmarkExportFor(b *testing.B) {
	m := fileImage(b, readTestFile(b, "x64.dll"))
	for _, c := range []struct {
		name string
		rva  uint32
	}{{"function", 0x1010}, {"leaf", 0x1066}, {"chained", 0x1131}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				m.ExportFor(c.rva)
			}
		})
	}
}
