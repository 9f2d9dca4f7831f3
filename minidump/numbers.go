package minidump

import (
	"encoding/binary"
	"math/bits"
)

// numbers reads the file's numbers in the loops over long lists, where the
// calls through a binary.ByteOrder would be most of the time.
type numbers struct{ bigEndian bool }

func (f *File) numbers() numbers { return numbers{f.header.BigEndian} }

func (n numbers) uint16(b []byte) uint16 {
	v := binary.LittleEndian.Uint16(b)
	if n.bigEndian {
		v = bits.ReverseBytes16(v)
	}
	return v
}

func (n numbers) uint32(b []byte) uint32 {
	v := binary.LittleEndian.Uint32(b)
	if n.bigEndian {
		v = bits.ReverseBytes32(v)
	}
	return v
}

func (n numbers) uint64(b []byte) uint64 {
	v := binary.LittleEndian.Uint64(b)
	if n.bigEndian {
		v = bits.ReverseBytes64(v)
	}
	return v
}
