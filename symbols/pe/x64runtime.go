package pe

import "encoding/binary"

const (
	// RUNTIME_FUNCTION_INDIRECT: the address is that of another entry.
	x64Indirect = 1

	unwindInfoHeader = 4
	unwFlagChainInfo = 4 // UNW_FLAG_CHAININFO
	maxUnwindVersion = 2 // the highest whose header is known here

	// Real chains have one or two steps; a circle must end.
	maxChain = 32
)

// decodeX64 reads IMAGE_RUNTIME_FUNCTION_ENTRY.
func decodeX64(_ *Image, entry []byte) RuntimeFunction {
	f := RuntimeFunction{
		BeginAddress: binary.LittleEndian.Uint32(entry),
		EndAddress:   binary.LittleEndian.Uint32(entry[4:]),
		UnwindData:   binary.LittleEndian.Uint32(entry[8:]),
	}
	// No function ends before it begins; an end of 0 would mean unknown.
	f.EndAddress = max(f.EndAddress, f.BeginAddress, 1)
	return f
}

// primaryX64 follows a chain to the entry that is not chained.
func (m *Image) primaryX64(f RuntimeFunction) RuntimeFunction {
	for range maxChain {
		next, ok := m.chainedTo(f)
		if !ok {
			return f
		}
		f = next
	}
	return f
}

// chainedTo returns the entry that f's unwind information names as the one it
// belongs to.
func (m *Image) chainedTo(f RuntimeFunction) (RuntimeFunction, bool) {
	at := f.UnwindData
	if at&x64Indirect != 0 {
		at &^= x64Indirect
	} else {
		var info [unwindInfoHeader]byte
		if err := m.readSmall(at, len(info), func(b []byte) { copy(info[:], b) }); err != nil {
			return f, false
		}
		version, flags, codes := info[0]&7, info[0]>>3, uint32(info[2])
		if version == 0 || version > maxUnwindVersion || flags&unwFlagChainInfo == 0 {
			return f, false
		}
		// The codes have two bytes each and are padded to an even number.
		at += unwindInfoHeader + 2*((codes+1)&^1)
	}
	next, ok := m.runtimeFunctionAt(at, tableFormat{12, decodeX64})
	return next, ok && next.BeginAddress < next.EndAddress && m.isCode(next.BeginAddress)
}
