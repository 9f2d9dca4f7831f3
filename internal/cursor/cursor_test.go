package cursor

import (
	"errors"
	"testing"
)

func TestReads(t *testing.T) {
	c := LittleEndian([]byte{1, 2, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 'a', 'b', 0})
	if got := c.Uint8(); got != 1 {
		t.Errorf("Uint8 = %d", got)
	}
	if got := c.Uint16(); got != 2 {
		t.Errorf("Uint16 = %d", got)
	}
	if got := c.Uint32(); got != 3 {
		t.Errorf("Uint32 = %d", got)
	}
	if got := c.Uint64(); got != 4 {
		t.Errorf("Uint64 = %d", got)
	}
	if got := c.CString(); got != "ab" {
		t.Errorf("CString = %q", got)
	}
	if c.Len() != 0 || c.Err() != nil {
		t.Errorf("%d bytes left, error %v", c.Len(), c.Err())
	}
}

func TestFirstErrorStays(t *testing.T) {
	c := LittleEndian([]byte{1, 2, 3})
	c.Uint16()
	if got := c.Uint32(); got != 0 {
		t.Errorf("Uint32 past the end = %d", got)
	}
	if got := c.Uint8(); got != 0 {
		t.Errorf("a read after a failure = %d", got)
	}
	var e *Error
	if !errors.As(c.Err(), &e) || e.Offset != 2 || e.Want != 4 || e.Have != 1 {
		t.Errorf("error = %v", c.Err())
	}
}

func TestHostileArguments(t *testing.T) {
	for _, f := range []func(*Cursor){
		func(c *Cursor) { c.Bytes(-1) },
		func(c *Cursor) { c.Seek(-1) },
		func(c *Cursor) { c.Seek(9) },
		func(c *Cursor) { c.CString() },
	} {
		c := LittleEndian([]byte{1, 2, 3})
		f(c)
		if c.Err() == nil {
			t.Error("no error")
		}
	}
}
