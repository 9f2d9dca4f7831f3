package htrace

import (
	"bytes"
	"unicode/utf8"
)

// cleaner undoes what mail, blogs and word processors do to a line.
type cleaner struct {
	text, other []byte
}

// dirt are the bytes that may need cleaning. They are in plenty of names too,
// which cleaning leaves as they are.
var dirt = func() (t [256]bool) {
	for i := utf8.RuneSelf; i < len(t); i++ {
		t[i] = true
	}
	t['&'], t['<'], t['\r'] = true, true, true
	return t
}()

func isDirty(b []byte) bool {
	for _, c := range b {
		if dirt[c] {
			return true
		}
	}
	return false
}

// clean takes tags out of a line, decodes entities, and turns typographic
// characters into those that a debugger prints. What comes back may have
// several lines, parted by \n. It is valid until the next call.
func (c *cleaner) clean(line []byte) []byte {
	c.text = appendUntagged(c.text[:0], line)
	for range maxEscapes {
		if bytes.IndexByte(c.text, '&') < 0 {
			break
		}
		c.other = appendUnescaped(c.other[:0], c.text)
		c.text, c.other = c.other, c.text
	}
	c.other = appendFolded(c.other[:0], c.text)
	c.text, c.other = c.other, c.text
	return c.text
}

// appendFolded appends text with its typographic characters folded to ASCII.
// Bytes that are no UTF-8 are taken for the Windows code page 1252.
func appendFolded(dst, text []byte) []byte {
	for len(text) > 0 {
		c := text[0]
		if c < utf8.RuneSelf {
			if c == '\r' {
				c = '\n'
			}
			dst = append(dst, c)
			text = text[1:]
			continue
		}
		r, n := utf8.DecodeRune(text)
		if r == utf8.RuneError && n == 1 {
			r = windows1252(c)
		}
		switch s, ok := foldRune(r); {
		case ok:
			dst = append(dst, s...)
		default:
			dst = append(dst, text[:n]...)
		}
		text = text[n:]
	}
	return dst
}

// codePage1252 are the characters of that code page that a trace may hold.
var codePage1252 = map[byte]rune{0x85: '…', 0x91: '‘', 0x92: '’', 0x93: '“', 0x94: '”', 0x96: '–', 0x97: '—', 0xa0: '\u00a0', 0xad: '\u00ad'}

func windows1252(c byte) rune {
	if r, ok := codePage1252[c]; ok {
		return r
	}
	return utf8.RuneError
}

// folds are ranges of characters and the ASCII that they stand for.
var folds = []struct {
	first, last rune
	text        string
}{
	{0x00a0, 0x00a0, " "},
	{0x00ad, 0x00ad, ""},
	{0x2000, 0x200a, " "},
	{0x200b, 0x200f, ""},
	{0x2010, 0x2015, "-"},
	{0x2018, 0x2018, "`"}, // as in `anonymous namespace'
	{0x2019, 0x2019, "'"},
	{0x201c, 0x201d, `"`},
	{0x2026, 0x2026, "..."},
	{0x2028, 0x2029, "\n"},
	{0x202f, 0x202f, " "},
	{0x2060, 0x2060, ""},
	{0x2212, 0x2212, "-"},
	{0x2500, 0x2501, "-"},
	{0x3000, 0x3000, " "},
	{0xfe58, 0xfe58, "-"},
	{0xfe63, 0xfe63, "-"},
	{0xfeff, 0xfeff, ""},
}

// Full-width forms lie at a fixed distance from ASCII.
const (
	fullWidthFirst = 0xff01
	fullWidthLast  = 0xff5e
	fullWidthShift = fullWidthFirst - '!'
)

func foldRune(r rune) (string, bool) {
	if r >= fullWidthFirst && r <= fullWidthLast {
		return string(r - fullWidthShift), true
	}
	for _, f := range folds {
		if r < f.first {
			break
		}
		if r <= f.last {
			return f.text, true
		}
	}
	return "", false
}
