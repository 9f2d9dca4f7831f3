package htrace

import (
	"strings"
	"testing"
	"unicode/utf16"
)

// Logs are text in any encoding that debuggers write, with the colours of a
// terminal too; files of other kinds are not, however they begin.
func TestIsText(t *testing.T) {
	log := strings.Repeat("0:000> lm\r\nstart    end        module name\r\n", 100)
	var wide []byte
	for _, u := range utf16.Encode([]rune(log)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	for _, c := range []struct {
		name string
		head []byte
		want bool
	}{
		{"a log", []byte(log), true},
		{"a line", []byte("x"), true},
		{"UTF-8 with a mark", []byte("\xef\xbb\xbf" + log), true},
		{"UTF-16 with a mark", append([]byte{0xff, 0xfe}, wide...), true},
		{"UTF-16 without", wide, true},
		{"a code page", []byte("na\xefve \x93quotes\x94\r\n" + log), true},
		{"colours", []byte("\x1b[31mred\x1b[0m\r\n"), true},
		{"nothing", nil, false},
		{"zeros", make([]byte, 4096), false},
		{"a program", []byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"), false},
		{"a PDB", []byte("Microsoft C/C++ MSF 7.00\r\n\x1aDS\x00\x00\x00\x00\x10\x00\x00"), false},
		{"controls", []byte(strings.Repeat("\x01\x02ab", 100)), false},
	} {
		if got := IsText(c.head); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
