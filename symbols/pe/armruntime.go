package pe

import "encoding/binary"

// The low two bits of an ARM entry's second word.
const (
	armUnwindRVA    = 0 // the word is the RVA of an .xdata record
	armPacked       = 1 // the word is the unwind data
	armPackedNoProl = 2 // the same, of a part without a prologue
)

// decodeARM64 reads IMAGE_ARM64_RUNTIME_FUNCTION_ENTRY. Lengths count
// instructions of 4 bytes.
func decodeARM64(m *Image, entry []byte) RuntimeFunction {
	return decodeARMWords(m, entry, 4)
}

// decodeARM reads IMAGE_ARM_RUNTIME_FUNCTION_ENTRY. Lengths count units of 2
// bytes, and bit 0 of the address marks Thumb code.
func decodeARM(m *Image, entry []byte) RuntimeFunction {
	return decodeARMWords(m, entry, 2)
}

func decodeARMWords(m *Image, entry []byte, unit uint32) RuntimeFunction {
	f := RuntimeFunction{
		BeginAddress: binary.LittleEndian.Uint32(entry) &^ (unit - 1),
		UnwindData:   binary.LittleEndian.Uint32(entry[4:]),
	}
	var length uint32
	switch f.UnwindData & 3 {
	case armPacked, armPackedNoProl:
		length = f.UnwindData >> 2 & 0x7ff
	case armUnwindRVA:
		length = m.xdataLength(f.UnwindData)
	}
	if length != 0 {
		f.EndAddress = f.BeginAddress + length*unit
	}
	return f
}

// xdataLength returns the function length in the first word of an .xdata
// record, 0 if it is unreadable.
func (m *Image) xdataLength(rva uint32) uint32 {
	var word uint32
	_ = m.readSmall(rva, 4, func(b []byte) { word = binary.LittleEndian.Uint32(b) })
	return word & 0x3ffff
}
