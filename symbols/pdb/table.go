package pdb

// table is a decoded form that is worth keeping: of a big procedure's inline
// sites, of a big line table, or of where the records of a block of types are.
type table struct {
	inlines *inlineTree
	lines   []lineRecord
	types   []uint32
}

// tableKey names the table that is decoded from what stands at an offset of a
// stream.
func tableKey(s *Stream, off uint32) uint64 { return uint64(s.number)<<32 | uint64(off) }
