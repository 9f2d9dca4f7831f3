package minidump

import (
	"fmt"

	"github.com/handletrace/handletrace/internal/cursor"
)

// GUID is a Windows GUID.
type GUID struct {
	Data1 uint32
	Data2 uint16
	Data3 uint16
	Data4 [8]byte
}

// String returns the form {xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx} without the
// braces, in upper case.
func (g GUID) String() string {
	return fmt.Sprintf("%08X-%04X-%04X-%X-%X", g.Data1, g.Data2, g.Data3, g.Data4[:2], g.Data4[2:])
}

// IsZero reports whether every byte is zero.
func (g GUID) IsZero() bool { return g == GUID{} }

// hex returns the 32 digits that symbol servers use.
func (g GUID) hex() string {
	return fmt.Sprintf("%08X%04X%04X%X", g.Data1, g.Data2, g.Data3, g.Data4)
}

func readGUID(c *cursor.Cursor) GUID {
	g := GUID{Data1: c.Uint32(), Data2: c.Uint16(), Data3: c.Uint16()}
	copy(g.Data4[:], c.Bytes(8))
	return g
}
