package minidump

import (
	"encoding/binary"

	"github.com/handletrace/handletrace/internal/cursor"
)

// XStateFeatureID is a bit of an XSAVE mask: one component of the extended
// state of an x86 processor.
type XStateFeatureID uint

// Components of the extended state.
const (
	XStateAVX      XStateFeatureID = 2  // the high halves of ymm0 to ymm15
	XStateOpmask   XStateFeatureID = 5  // AVX-512: k0 to k7
	XStateZmmHi256 XStateFeatureID = 6  // AVX-512: the high halves of zmm0 to zmm15
	XStateHi16Zmm  XStateFeatureID = 7  // AVX-512: zmm16 to zmm31
	XStatePKRU     XStateFeatureID = 9  // protection keys
	XStateCetU     XStateFeatureID = 11 // the shadow stack of user mode
)

// xstateComponents are the sizes of the components, which are the same on all
// processors, and whether the compacted form aligns them to 64.
var xstateComponents = [64]struct {
	size    int
	aligned bool
}{
	2: {256, false}, 3: {64, false}, 4: {64, false}, 5: {64, false}, 6: {512, false}, 7: {1024, false},
	8: {128, false}, 9: {8, false}, 10: {8, false}, 11: {16, false}, 12: {24, false}, 13: {8, false},
	14: {48, false}, 15: {808, false}, 16: {8, false}, 17: {64, true}, 18: {8192, true}, 19: {128, false},
}

// XState is the extended state behind a CONTEXT: an XSAVE area without its
// first 512 bytes, found through a CONTEXT_EX. Neither is described for
// minidumps anywhere.
type XState struct {
	Mask           uint64 // the components that were not in their initial state
	CompactionMask uint64 // the components that are there; bit 63: they are packed

	data     []byte // from the XSAVE header on
	features *[64]XStateFeature
	order    binary.ByteOrder
}

const (
	contextExSize   = 24
	xsaveHeaderSize = 64
	xsaveLegacySize = 512
)

// decodeXState finds the extended state in a context whose fixed part has size
// bytes. The place is different for each thread, for it was aligned in the
// writer's memory, and lengths may reach beyond what was stored.
func (f *File) decodeXState(b []byte, size int) *XState {
	if len(b) < size+contextExSize {
		return nil
	}
	c := cursor.New(b[size:], f.order)
	c.Skip(8) // all of it
	legacy := int32(c.Uint32())
	c.Skip(4)
	offset, length := int64(int32(c.Uint32())), int64(c.Uint32())
	from := int64(size) + offset
	if legacy != int32(-size) || from < int64(size)+contextExSize || from > int64(len(b)) {
		return nil
	}
	data := b[from:min(from+length, int64(len(b)))]
	if len(data) < xsaveHeaderSize {
		return nil
	}
	x := &XState{Mask: f.order.Uint64(data), CompactionMask: f.order.Uint64(data[8:]), data: data, order: f.order}
	if m, err := f.MiscInfo(); err == nil && m.XStateData.SizeOfInfo != 0 {
		x.features = &m.XStateData.Features
	}
	return x
}

// Compacted reports whether the components are packed one behind the other.
func (x *XState) Compacted() bool { return x.CompactionMask>>63 != 0 }

// Has reports whether the component was saved with a value. One that is there
// but was in its initial state, which is zeros, has none.
func (x *XState) Has(id XStateFeatureID) bool { return id < 63 && x.Mask>>id&1 != 0 }

// Feature returns the bytes of a component; nil where the context has none or
// does not hold all of them.
func (x *XState) Feature(id XStateFeatureID) []byte {
	if id < 2 || id >= 63 {
		return nil
	}
	off, size := x.place(id)
	if size == 0 || off < xsaveHeaderSize || size > len(x.data)-off {
		return nil
	}
	return x.data[off : off+size : off+size]
}

// place returns where a component is, from the XSAVE header on.
func (x *XState) place(id XStateFeatureID) (off, size int) {
	if !x.Compacted() {
		if x.features == nil || x.Mask>>id&1 == 0 {
			return 0, 0
		}
		at := x.features[id]
		return int(min(at.Offset, maxContext)) - xsaveLegacySize, int(min(at.Size, maxContext))
	}
	if x.CompactionMask>>id&1 == 0 {
		return 0, 0
	}
	off = xsaveHeaderSize
	for i := XStateFeatureID(2); ; i++ {
		size = x.size(i)
		if xstateComponents[i].aligned && x.CompactionMask>>i&1 != 0 {
			off = (off + 63) &^ 63
		}
		if i == id {
			return off, size
		}
		if x.CompactionMask>>i&1 != 0 {
			off += size
		}
	}
}

func (x *XState) size(id XStateFeatureID) int {
	if n := xstateComponents[id].size; n != 0 {
		return n
	}
	if x.features != nil {
		return int(min(x.features[id].Size, maxContext))
	}
	return 0
}

// ShadowStackPointer returns the user-mode shadow stack pointer, where the
// processor keeps one.
func (x *XState) ShadowStackPointer() (uint64, bool) {
	if x == nil {
		return 0, false
	}
	b := x.Feature(XStateCetU)
	if b == nil {
		return 0, false
	}
	return x.order.Uint64(b[8:]), true
}
