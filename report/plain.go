package report

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Plain returns text that came out of a dump in a form that is safe to print
// on one line of a terminal or a log: line breaks, other control characters,
// characters that change the direction of the text, and bytes that are no
// UTF-8 are written as \x1b or \u202e. All else, spaces and backslashes among
// it, stays as it is, so an ordinary name or path looks as it always did.
func Plain(s string) string {
	if utf8.ValidString(s) && strings.IndexFunc(s, acts) < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n <= 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case !acts(r):
			b.WriteString(s[i : i+n])
		case r <= 0xff:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		i += n
	}
	return b.String()
}

// acts reports whether a character may do more in a line than stand there.
func acts(r rune) bool {
	switch {
	case r < 0x20, 0x7f <= r && r <= 0x9f: // C0, DEL, C1
		return true
	case r == 0x061c, r == 0x200e, r == 0x200f, // ALM, LRM, RLM
		0x2028 <= r && r <= 0x202e, // line and paragraph separator, bidi embeddings
		0x2066 <= r && r <= 0x2069: // bidi isolates
		return true
	}
	return false
}
