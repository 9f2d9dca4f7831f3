package pe

import (
	"encoding/binary"
	"fmt"
)

// GUID is a GUID as Windows stores it: three little-endian numbers and eight
// bytes.
type GUID [16]byte

// String returns the registry form without braces, in upper case:
// 3249D99D-0C40-4931-8610-F4E4FB0B6936.
func (g GUID) String() string {
	return fmt.Sprintf("%08X-%04X-%04X-%X-%X", g.data1(), g.data2(), g.data3(), g[8:10], g[10:])
}

// Hex returns the 32 digits of the registry form without dashes, as symbol
// servers use them.
func (g GUID) Hex() string {
	return fmt.Sprintf("%08X%04X%04X%X", g.data1(), g.data2(), g.data3(), g[8:])
}

func (g GUID) data1() uint32 { return binary.LittleEndian.Uint32(g[:]) }
func (g GUID) data2() uint16 { return binary.LittleEndian.Uint16(g[4:]) }
func (g GUID) data3() uint16 { return binary.LittleEndian.Uint16(g[6:]) }
