package htrace

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// sniffSize is how much of a text tells its encoding.
const sniffSize = 512

// decodeText returns the text as UTF-8, or as a code page whose first half is
// ASCII. Debuggers write UTF-16 where a log is opened with /u.
func decodeText(src io.Reader) io.Reader {
	r := bufio.NewReaderSize(src, sniffSize)
	head, _ := r.Peek(sniffSize) // an error comes back with the first read
	order, mark := encodingOf(head)
	_, _ = r.Discard(mark)
	if order == nil {
		return r
	}
	return &utf16Reader{src: r, order: order}
}

var byteOrderMarks = []struct {
	mark  string
	order binary.ByteOrder
}{
	{"\xef\xbb\xbf", nil},
	{"\xff\xfe", binary.LittleEndian},
	{"\xfe\xff", binary.BigEndian},
}

// encodingOf returns the byte order of UTF-16, nil for anything else, and the
// length of the byte order mark.
func encodingOf(head []byte) (binary.ByteOrder, int) {
	for _, m := range byteOrderMarks {
		if bytes.HasPrefix(head, []byte(m.mark)) {
			return m.order, len(m.mark)
		}
	}
	return unmarkedEncoding(head), 0
}

// unmarkedEncoding tells UTF-16 without a mark by its many zero bytes, all on
// one side.
func unmarkedEncoding(head []byte) binary.ByteOrder {
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	quarter := len(head) / 4
	switch {
	case len(head) < 8:
		return nil
	case zeros[1] > quarter && zeros[0] <= zeros[1]/8:
		return binary.LittleEndian
	case zeros[0] > quarter && zeros[1] <= zeros[0]/8:
		return binary.BigEndian
	}
	return nil
}

// utf16Reader turns UTF-16 into UTF-8. Halves of pairs that stand alone become
// U+FFFD.
type utf16Reader struct {
	src   io.Reader
	order binary.ByteOrder
	in    [16 << 10]byte
	have  int    // bytes of in that are left from the read before
	text  []byte // decoded and not yet read
	spare []byte
	err   error
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.text) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		u.fill()
	}
	n := copy(p, u.text)
	u.text = u.text[n:]
	return n, nil
}

func (u *utf16Reader) fill() {
	var n int
	n, u.err = io.ReadAtLeast(u.src, u.in[u.have:], 2)
	if u.err == io.ErrUnexpectedEOF {
		u.err = io.EOF
	}
	n += u.have
	used := u.decode(u.in[:n], u.err != nil)
	u.have = copy(u.in[:], u.in[used:n])
}

// decode decodes the whole units of in, and returns how many bytes that took.
func (u *utf16Reader) decode(in []byte, last bool) int {
	out := u.spare[:0]
	i := 0
	for ; i+2 <= len(in); i += 2 {
		c := rune(u.order.Uint16(in[i:]))
		switch {
		case c < utf8.RuneSelf:
			out = append(out, byte(c))
			continue
		case !utf16.IsSurrogate(c):
		case i+4 <= len(in):
			pair := utf16.DecodeRune(c, rune(u.order.Uint16(in[i+2:])))
			if pair != utf8.RuneError {
				i += 2
			}
			c = pair
		case !last:
			u.text, u.spare = out, out
			return i
		}
		out = utf8.AppendRune(out, c)
	}
	u.text, u.spare = out, out
	return i
}
