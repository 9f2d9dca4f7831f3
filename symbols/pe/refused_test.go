package pe

import (
	"bytes"
	stdpe "debug/pe"
	"encoding/binary"
	"testing"
)

// Images that the standard library refuses altogether.
func TestReadsWhatOthersRefuse(t *testing.T) {
	original := readTestFile(t, "gnu.dll")
	nt := int(binary.LittleEndian.Uint32(original[0x3c:]))
	const directories = 24 + 108 // NumberOfRvaAndSizes
	for _, test := range []struct {
		name    string
		change  func(b []byte) []byte
		exports int // -1 for none
		symbols bool
	}{
		{"ARM64EC", func(b []byte) []byte { binary.LittleEndian.PutUint16(b[nt+4:], 0xa641); return b }, 7, true},
		{"a processor nobody knows", func(b []byte) []byte { binary.LittleEndian.PutUint16(b[nt+4:], 0xfd1d); return b }, 7, true},
		{"symbols that are not there", func(b []byte) []byte { patch32(b, nt+12, 0x7fffffff); return b }, 7, false},
		{"more symbols than bytes", func(b []byte) []byte { patch32(b, nt+16, 0xffffffff); return b }, 7, true},
		{"fewer directories than their size", func(b []byte) []byte { patch32(b, nt+directories, 5); return b }, 7, true},
		{"more directories than there are", func(b []byte) []byte { patch32(b, nt+directories, 99); return b }, 7, true},
		{"cut in the middle", func(b []byte) []byte { return b[:len(b)/2] }, 7, false},
		{"cut behind the headers", func(b []byte) []byte { return b[:1024] }, -1, false},
		{"a section's name beyond the table", func(b []byte) []byte {
			copy(b[bytes.Index(b, []byte("/4\x00")):], "/9999999")
			return b
		}, 7, true},
		{"a section's name that is no number", func(b []byte) []byte {
			copy(b[bytes.Index(b, []byte("/4\x00")):], "/x")
			return b
		}, 7, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			data := test.change(bytes.Clone(original))
			if _, err := stdpe.NewFile(bytes.NewReader(data)); err == nil {
				t.Error("debug/pe reads it")
			}
			m := fileImage(t, data)
			exports := -1
			if table, err := m.Exports(); err == nil {
				exports = table.Len()
			}
			if exports != test.exports {
				t.Errorf("%d exports, want %d", exports, test.exports)
			}
			table, err := m.SymbolTable()
			if err == nil && (table.Len() > 0) != test.symbols || err != nil && test.symbols {
				t.Errorf("symbols: %v", err)
			}
		})
	}
}
