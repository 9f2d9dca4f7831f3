package undname

// stringLiteral writes a string constant: in Full its text, as far as the
// name has it, in Name what Microsoft's tools call them all.
func (w *printer) stringLiteral(n *node) {
	if w.style == Name {
		w.str("`string'")
		return
	}
	var buf [maxStringBytes]byte
	text := n.decode(w.name, buf[:0])
	size := int(n.c)
	width, prefix := 2, "L"
	truncated := size > 64
	if n.a == 0 {
		truncated = size > len(text)
		width = charSize(text, size)
		prefix = [...]string{1: "", 2: "u", 4: "U"}[width]
	}
	w.str(prefix)
	w.byte('"')
	for i := 0; i+width <= len(text); i += width {
		c := character(text[i:i+width], n.a == 1)
		if !truncated && w.terminator(n, i, width, len(text)) {
			break
		}
		w.escaped(c)
	}
	w.byte('"')
	if truncated {
		w.str("...")
	}
}

// terminator reports whether the character at i is the zero that ends a
// string.
func (w *printer) terminator(n *node, i, width, length int) bool {
	if n.a == 1 {
		return i+width == int(n.c)
	}
	return i+2*width > length
}

// character joins bytes: wide ones are written high byte first.
func character(b []byte, wide bool) (c uint32) {
	for i := range b {
		if wide {
			c = c<<8 | uint32(b[i])
		} else {
			c |= uint32(b[i]) << (8 * i)
		}
	}
	return c
}

var escapes = [128]byte{
	0: '0', '\'': '\'', '"': '"', '\\': '\\',
	'\a': 'a', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't', '\v': 'v',
}

// escaped writes a character as in source text.
func (w *printer) escaped(c uint32) {
	switch {
	case c < 128 && escapes[c] != 0:
		w.byte('\\')
		w.byte(escapes[c])
	case c >= ' ' && c < 0x7f:
		w.byte(byte(c))
	default:
		w.hex(c)
	}
}

// hex writes a character by its number, in whole bytes.
func (w *printer) hex(c uint32) {
	const digits = "0123456789ABCDEF"
	shift := 0
	for shift < 24 && c>>(shift+8) != 0 {
		shift += 8
	}
	w.str(`\x`)
	for ; shift >= 0; shift -= 8 {
		w.byte(digits[c>>(shift+4)&15])
		w.byte(digits[c>>shift&15])
	}
}
