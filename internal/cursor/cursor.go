// Package cursor reads fixed-size integers from a byte slice with bounds
// checks and a sticky error, so that a decoder can read a whole structure and
// check once.
package cursor

import (
	"encoding/binary"
	"fmt"
)

// Error says which read went past the end of the data.
type Error struct {
	Offset int // where the read began
	Want   int // bytes asked for
	Have   int // bytes left there
}

func (e *Error) Error() string {
	return fmt.Sprintf("offset %#x: %d bytes wanted, %d left", e.Offset, e.Want, e.Have)
}

// Cursor reads forward through a slice. After a failed read every further
// read returns zero values and Err keeps the first failure.
type Cursor struct {
	data  []byte
	off   int
	order binary.ByteOrder
	err   error
}

// New returns a cursor at the start of data.
func New(data []byte, order binary.ByteOrder) *Cursor {
	return &Cursor{data: data, order: order}
}

// LittleEndian returns a little-endian cursor at the start of data.
func LittleEndian(data []byte) *Cursor { return New(data, binary.LittleEndian) }

// Reset puts the cursor at the start of other data, without a failure.
func (c *Cursor) Reset(data []byte) { c.data, c.off, c.err = data, 0, nil }

// Err returns the first failure, an *Error, or nil.
func (c *Cursor) Err() error { return c.err }

// Offset returns the place of the next read.
func (c *Cursor) Offset() int { return c.off }

// Len returns how many bytes are left, and 0 after a failure, so that a loop
// over what is left ends.
func (c *Cursor) Len() int {
	if c.err != nil {
		return 0
	}
	return len(c.data) - c.off
}

// Seek moves to an absolute offset.
func (c *Cursor) Seek(off int) {
	if off < 0 || off > len(c.data) {
		c.fail(off, 0)
		return
	}
	c.off = off
}

// Skip moves forward by n bytes.
func (c *Cursor) Skip(n int) { c.Bytes(n) }

// Align moves forward to the next multiple of n from the start of the data.
func (c *Cursor) Align(n int) {
	if rest := c.off % n; rest != 0 {
		c.Skip(n - rest)
	}
}

// Bytes returns the next n bytes without copying them.
func (c *Cursor) Bytes(n int) []byte {
	if c.err != nil {
		return nil
	}
	if n < 0 || n > len(c.data)-c.off {
		c.fail(c.off, n)
		return nil
	}
	b := c.data[c.off : c.off+n : c.off+n]
	c.off += n
	return b
}

// Uint8 reads one byte.
func (c *Cursor) Uint8() uint8 {
	if b := c.Bytes(1); b != nil {
		return b[0]
	}
	return 0
}

// Uint16 reads two bytes.
func (c *Cursor) Uint16() uint16 {
	if b := c.Bytes(2); b != nil {
		return c.order.Uint16(b)
	}
	return 0
}

// Uint32 reads four bytes.
func (c *Cursor) Uint32() uint32 {
	if b := c.Bytes(4); b != nil {
		return c.order.Uint32(b)
	}
	return 0
}

// Uint64 reads eight bytes.
func (c *Cursor) Uint64() uint64 {
	if b := c.Bytes(8); b != nil {
		return c.order.Uint64(b)
	}
	return 0
}

// CString reads up to and past the next NUL, and returns what stands before
// it. A string without its NUL is an error.
func (c *Cursor) CString() string {
	if c.err != nil {
		return ""
	}
	for i := c.off; i < len(c.data); i++ {
		if c.data[i] == 0 {
			s := string(c.data[c.off:i])
			c.off = i + 1
			return s
		}
	}
	c.fail(c.off, len(c.data)-c.off+1)
	return ""
}

func (c *Cursor) fail(off, want int) {
	if c.err == nil {
		c.err = &Error{Offset: off, Want: want, Have: max(len(c.data)-off, 0)}
	}
}
