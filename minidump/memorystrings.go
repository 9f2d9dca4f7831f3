package minidump

import "bytes"

// CString reads the 8-bit text at addr up to a NUL or max bytes, whichever
// comes first. What is no valid UTF-8 becomes U+FFFD. Text that ends at memory
// which the dump does not hold is returned as far as it goes, with an error
// that is [ErrNotMapped].
func (m *Memory) CString(addr uint64, max int) (string, error) {
	b, err := m.until(addr, max, 1)
	return decodeBytes(b), err
}

// WString reads the UTF-16 text at addr up to a NUL or max units, whichever
// comes first. What is no valid UTF-16 becomes U+FFFD. Text that ends at
// memory which the dump does not hold is returned as far as it goes, with an
// error that is [ErrNotMapped].
func (m *Memory) WString(addr uint64, max int) (string, error) {
	b, err := m.until(addr, max, 2)
	return decodeUTF16(b, m.f.order), err
}

// until reads units of width bytes up to a zero one, which is not returned.
func (m *Memory) until(addr uint64, max, width int) ([]byte, error) {
	const step = 256
	var text []byte
	zero := make([]byte, width)
	for len(text)/width < max {
		var chunk [step]byte
		n, err := m.Read(addr+uint64(len(text)), chunk[:min(step, (max-len(text)/width)*width)])
		n -= n % width
		for i := 0; i < n; i += width {
			if bytes.Equal(chunk[i:i+width], zero) {
				return append(text, chunk[:i]...), nil
			}
		}
		text = append(text, chunk[:n]...)
		if err != nil {
			return text, err
		}
	}
	return text, nil
}

// UnicodeString reads the text of the UNICODE_STRING at addr, in the process's
// width.
func (m *Memory) UnicodeString(addr uint64) (string, error) {
	return m.unicodeString(addr, m.f.PointerSize())
}

func (m *Memory) unicodeString(addr uint64, width int) (string, error) {
	length, err := m.Uint32(addr)
	if err != nil {
		return "", err
	}
	buffer, err := m.pointer(addr+uint64(width), width)
	if err != nil {
		return "", err
	}
	// The low half is the length in bytes, the other the buffer's size.
	if m.bigEndian {
		length >>= 16
	}
	b := make([]byte, length&0xfffe)
	n, err := m.Read(buffer, b)
	return decodeUTF16(b[:n&^1], m.f.order), err
}

// pointer reads an address of width bytes.
func (m *Memory) pointer(addr uint64, width int) (uint64, error) {
	if width == 4 {
		v, err := m.Uint32(addr)
		return uint64(v), err
	}
	return m.Uint64(addr)
}
