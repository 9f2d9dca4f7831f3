package minidump

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// decodeUTF16 decodes b up to its first NUL, if any. What is no valid UTF-16
// becomes U+FFFD. No more is allocated than the text needs.
func decodeUTF16(b []byte, order binary.ByteOrder) string {
	const piece = 512
	n := numbers{order == binary.BigEndian}
	var small [piece / 2 * utf8.UTFMax]byte
	if len(b) <= piece {
		return string(appendUTF16(small[:0], b, n))
	}
	b, size := untilNUL(b, n)
	var out strings.Builder
	out.Grow(size)
	for len(b) > 0 {
		end := min(len(b), piece)
		if end < len(b) && isHighSurrogate(n.uint16(b[end-2:])) {
			end -= 2
		}
		out.Write(appendUTF16(small[:0], b[:end], n))
		b = b[end:]
	}
	return out.String()
}

// untilNUL cuts b at its first NUL, and returns at most how many bytes of
// UTF-8 the rest is.
func untilNUL(b []byte, n numbers) (text []byte, size int) {
	end := 0
	for ; end+1 < len(b); end += 2 {
		switch u := n.uint16(b[end:]); {
		case u == 0:
			return b[:end], size
		case u < 0x80:
			size++
		case u < 0x800:
			size += 2
		default:
			size += 3
		}
	}
	return b[:end], size
}

func isHighSurrogate(u uint16) bool { return u&0xfc00 == 0xd800 }

// appendUTF16 appends the text of b up to its first NUL.
func appendUTF16(dst, b []byte, n numbers) []byte {
	if !n.bigEndian {
		dst, b = appendASCII(dst, b)
	}
	for ; len(b) >= 2; b = b[2:] {
		r := rune(n.uint16(b))
		if r == 0 {
			break
		}
		if utf16.IsSurrogate(r) {
			second := utf8.RuneError
			if len(b) >= 4 {
				second = rune(n.uint16(b[2:]))
			}
			if r = utf16.DecodeRune(r, second); r != utf8.RuneError {
				b = b[2:]
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}

// appendASCII appends the ASCII text that b, of little-endian UTF-16, begins
// with, and returns what is behind it.
func appendASCII(dst, b []byte) (text, rest []byte) {
	// Eight characters at a time, where all are ASCII and none is NUL.
	for len(b) >= 16 {
		lo, hi := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])
		if (lo|hi)&0xff80ff80ff80ff80 != 0 || hasNUL(lo) || hasNUL(hi) {
			break
		}
		dst = binary.LittleEndian.AppendUint64(dst, narrowed(lo)|narrowed(hi)<<32)
		b = b[16:]
	}
	for len(b) >= 2 && b[1] == 0 && b[0] != 0 && b[0] < utf8.RuneSelf {
		dst, b = append(dst, b[0]), b[2:]
	}
	return dst, b
}

// hasNUL reports whether one of four characters below 0x80 is NUL.
func hasNUL(v uint64) bool { return (v-0x0001000100010001)&0x8000800080008000 != 0 }

// narrowed puts four characters of two bytes into one byte each.
func narrowed(v uint64) uint64 {
	v = (v | v>>8) & 0x0000ffff0000ffff
	return (v | v>>16) & 0xffffffff
}
