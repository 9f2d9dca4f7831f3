package report

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// plainJSON escapes the characters in JSON that may act on a terminal, as
// [Plain] does in text. encoding/json escapes the control characters of ASCII
// alone. To a reader of JSON nothing changes: outside strings there are none.
func plainJSON(b []byte) []byte {
	if bytes.IndexFunc(b, actsInJSON) < 0 {
		return b
	}
	out := make([]byte, 0, len(b)+16)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if actsInJSON(r) {
			out = fmt.Appendf(out, `\u%04x`, r)
		} else {
			out = append(out, b[:n]...)
		}
		b = b[n:]
	}
	return out
}

// actsInJSON is acts without what stands between the values of a document.
func actsInJSON(r rune) bool { return r >= 0x7f && acts(r) }
