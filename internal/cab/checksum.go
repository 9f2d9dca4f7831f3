package cab

import "encoding/binary"

// checksumFits checks the checksum of a CFDATA. Makers differ in whether it
// covers the reserved area; 0 means that there is none.
func checksumFits(head, packed []byte) bool {
	want := binary.LittleEndian.Uint32(head)
	if want == 0 {
		return true
	}
	data := checksum(packed)
	return data^checksum(head[4:dataSize]) == want || data^checksum(head[4:]) == want
}

// checksum is that of [MS-CAB] section 3.1: the exclusive or of all 32-bit
// words, where up to three last bytes make a word with the first of them
// highest.
func checksum(b []byte) uint32 {
	var sum uint64
	for len(b) >= 8 {
		sum ^= binary.LittleEndian.Uint64(b)
		b = b[8:]
	}
	fold := uint32(sum) ^ uint32(sum>>32)
	if len(b) >= 4 {
		fold ^= binary.LittleEndian.Uint32(b)
		b = b[4:]
	}
	var tail uint32
	for _, v := range b {
		tail = tail<<8 | uint32(v)
	}
	return fold ^ tail
}
