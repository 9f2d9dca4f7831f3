package pdb

import (
	"slices"
	"testing"
)

func TestAnnotations(t *testing.T) {
	for _, c := range []struct {
		name string
		data []byte
		want []row
	}{
		{"empty", nil, nil},
		{"padding", []byte{0, 0, 0}, nil},
		{"row up to the next", []byte{3, 4, 6, 2, 3, 8, 4, 2}, []row{{start: 4, end: 12}, {start: 12, end: 14, line: 1}}},
		{"last row without length", []byte{3, 4, 3, 8}, []row{{start: 4, end: 12}}},
		{"clang: length moves on", []byte{0x0b, 0x24, 4, 6, 0x0b, 0x22, 4, 1}, []row{{start: 4, end: 10, line: 1}, {start: 12, end: 13, line: 2}}},
		{"length and start", []byte{12, 6, 4, 12, 2, 8}, []row{{start: 4, end: 10}, {start: 12, end: 14}}},
		{"negative line", []byte{0x0b, 0x31, 4, 2}, []row{{start: 1, end: 3, line: -1}}},
		{"two and four byte numbers", []byte{3, 0x81, 0x02, 4, 0xc0, 0x01, 0x02, 0x03}, []row{{start: 0x102, end: 0x102 + 0x10203}}},
		{"file", []byte{5, 0x18, 3, 1, 4, 1}, []row{{start: 1, end: 2, file: 0x18, changed: true}}},
		{"ignored opcodes", []byte{7, 1, 8, 1, 9, 5, 10, 3, 13, 9, 3, 1, 4, 1}, []row{{start: 1, end: 2}}},
		{"absolute start", []byte{1, 0x10, 3, 0, 4, 1}, []row{{start: 0x10, end: 0x11}}},
		{"cut operand", []byte{3, 1, 4, 0x81}, nil},
		{"unknown opcode", []byte{3, 1, 14, 1, 4, 1}, nil},
		{"impossible number", []byte{3, 0xff}, nil},
		{"second operand missing", []byte{3, 1, 3, 1, 12, 1}, []row{{start: 1, end: 2}}},
	} {
		var got []row
		r := rowReader{data: c.data}
		for r.next() {
			got = append(got, r.row)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}
