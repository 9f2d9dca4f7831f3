package report_test

import (
	"testing"
	"unicode/utf8"

	"github.com/handletrace/handletrace/report"
)

func TestPlain(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"ordinary", `C:\Program Files\a b.exe`, `C:\Program Files\a b.exe`},
		{"other scripts", "Übung 例 🙂 שלום", "Übung 例 🙂 שלום"},
		{"empty", "", ""},
		{"line break", "a\r\nb\tc", `a\x0d\x0ab\x09c`},
		{"escape sequence", "\x1b[2Jgone", `\x1b[2Jgone`},
		{"delete and C1", "\x7f\u009b31m", `\x7f\x9b31m`},
		{"separators", "a\u2028b\u2029c", `a\u2028b\u2029c`},
		{"bidi overrides", "txt.\u202eexe\u202c", `txt.\u202eexe\u202c`},
		{"bidi isolates", "\u2066a\u2067b\u2068c\u2069", `\u2066a\u2067b\u2068c\u2069`},
		{"bidi marks", "\u200ea\u200fb\u061c", `\u200ea\u200fb\u061c`},
		{"bytes that are no UTF-8", "a\xff\xc0b\xed\xa0\x80", `a\xff\xc0b\xed\xa0\x80`},
		{"a replacement character of the text", "a\ufffdb", "a\ufffdb"},
		{"a replacement character beside damage", "\ufffd\xfe", `�\xfe`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := report.Plain(test.text); got != test.want {
				t.Errorf("Plain(%q) = %q, want %q", test.text, got, test.want)
			}
		})
	}
}

// FuzzPlain holds that what Plain returns is UTF-8, and plain already.
func FuzzPlain(f *testing.F) {
	f.Add("a\x1b\u202e\xff")
	f.Fuzz(func(t *testing.T, s string) {
		got := report.Plain(s)
		if !utf8.ValidString(got) {
			t.Errorf("Plain(%q) = %q, which is no UTF-8", s, got)
		}
		if again := report.Plain(got); again != got {
			t.Errorf("Plain(%q) = %q, of which Plain makes %q", s, got, again)
		}
	})
}
