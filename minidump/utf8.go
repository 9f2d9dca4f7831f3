package minidump

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// decodeBytes decodes 8-bit text up to its first NUL. Writers mean UTF-8 or
// the ANSI code page of their machine, which the dump does not name.
func decodeBytes(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return validUTF8(b)
}

// validUTF8 returns b as text, in which each run of bytes that are no UTF-8 is
// one U+FFFD. No more is allocated than the text needs.
func validUTF8(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	size := 0
	for run := range validRuns(b) {
		size += len(run)
	}
	var text strings.Builder
	text.Grow(size)
	for run := range validRuns(b) {
		text.Write(run)
	}
	return text.String()
}

var replacement = []byte("\uFFFD")

// validRuns yields the parts of b that are UTF-8, and a replacement for each
// that is not.
func validRuns(b []byte) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for len(b) > 0 {
			n := invalidPrefix(b)
			if n > 0 && !yield(replacement) {
				return
			}
			b = b[n:]
			n = validPrefix(b)
			if n > 0 && !yield(b[:n]) {
				return
			}
			b = b[n:]
		}
	}
}

func invalidPrefix(b []byte) (n int) {
	for n < len(b) {
		if r, size := utf8.DecodeRune(b[n:]); r != utf8.RuneError || size != 1 {
			break
		}
		n++
	}
	return n
}

func validPrefix(b []byte) (n int) {
	for n < len(b) {
		r, size := utf8.DecodeRune(b[n:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		n += size
	}
	return n
}
