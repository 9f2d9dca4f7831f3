package minidump

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// SID is a Windows security identifier in its binary form.
type SID []byte

// String returns the form S-1-5-32-544, or nothing where the bytes are no SID.
func (s SID) String() string {
	if len(s) < 8 || len(s) != 8+4*int(s[1]) {
		return ""
	}
	var authority uint64
	for _, b := range s[2:8] {
		authority = authority<<8 | uint64(b)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "S-%d-%d", s[0], authority)
	for i := 8; i < len(s); i += 4 {
		fmt.Fprintf(&b, "-%d", binary.LittleEndian.Uint32(s[i:]))
	}
	return b.String()
}

// maxSubAuthorities is SID_MAX_SUB_AUTHORITIES.
const maxSubAuthorities = 15

// leastSID is the size of a SID without sub-authorities.
const leastSID = 8

// sidAt returns the SID at the start of b, or nil where there is none.
func sidAt(b []byte) SID {
	if len(b) < leastSID || b[0] != 1 || b[1] > maxSubAuthorities {
		return nil
	}
	n := leastSID + 4*int(b[1])
	if len(b) < n {
		return nil
	}
	return SID(b[:n:n])
}
