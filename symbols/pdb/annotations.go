package pdb

// Opcodes of binary annotations, as BinaryAnnotationOpcode in cvinfo.h.
const (
	annotEnd                = 0 // padding too
	annotCodeOffset         = 1
	annotCodeOffsetBase     = 2
	annotChangeCodeOffset   = 3
	annotChangeCodeLength   = 4
	annotChangeFile         = 5
	annotChangeLineOffset   = 6
	annotCodeAndLineOffset  = 11
	annotCodeLengthAndStart = 12
	annotLast               = 13
)

// row is a piece of an inlined function's code and its source line.
type row struct {
	chunk      uint32 // 0: the procedure's own code, n: its nth separated piece
	start, end uint32 // offsets in that code
	file       uint32 // offset in the file checksums, if changed
	changed    bool   // the file is not the one the function begins in
	line       int32  // counted from the line the function begins in
}

// rowReader decodes the binary annotations of an inline site. A row without a
// length of its own ends where the next begins.
type rowReader struct {
	row     row // what next has found
	data    []byte
	now     row // start is the current code offset
	last    row // started, not yet handed out
	pending bool
}

// next goes to the next row in the order of the file; empty ones are left out.
// Bytes that make no sense end the list.
func (r *rowReader) next() bool {
	for len(r.data) > 0 {
		op := r.data[0]
		if op&0x80 != 0 || op == annotEnd || op > annotLast {
			break // the opcodes in use are single bytes
		}
		r.data = r.data[1:]
		arg, ok := r.operand()
		if !ok {
			break
		}
		switch op {
		case annotCodeOffset:
			r.now.start = arg
		case annotCodeOffsetBase:
			r.now.chunk, r.now.start = arg, 0
		case annotChangeFile:
			r.now.file, r.now.changed = arg, true
		case annotChangeLineOffset:
			r.now.line += signedOperand(arg)
		case annotChangeCodeLength:
			r.now.start += arg
			if r.pending && r.last.end == 0 {
				r.last.end = r.now.start
			}
		case annotChangeCodeOffset:
			r.now.start += arg
			if r.begin(0) {
				return true
			}
		case annotCodeAndLineOffset:
			r.now.start += arg & 0xf
			r.now.line += signedOperand(arg >> 4)
			if r.begin(0) {
				return true
			}
		case annotCodeLengthAndStart:
			start, ok := r.operand()
			if !ok {
				r.data = nil
				break
			}
			r.now.start += start
			if r.begin(r.now.start + arg) {
				return true
			}
		}
	}
	r.data = nil
	if r.pending && r.last.end > r.last.start {
		r.pending = false
		r.row = r.last
		return true
	}
	return false
}

// begin starts a row at the current offset and hands out the one before it, if
// there is one.
func (r *rowReader) begin(end uint32) bool {
	done := false
	if r.pending {
		r.row = r.last
		if r.row.end == 0 && r.row.chunk == r.now.chunk {
			r.row.end = r.now.start
		}
		done = r.row.end > r.row.start
	}
	r.last, r.pending = r.now, true
	r.last.end = end
	return done
}

// operand decodes a number of CVCompressData: the top bits of the first byte
// say whether it takes 1, 2 or 4 bytes.
func (r *rowReader) operand() (uint32, bool) {
	d := r.data
	switch {
	case len(d) >= 1 && d[0]&0x80 == 0:
		r.data = d[1:]
		return uint32(d[0]), true
	case len(d) >= 2 && d[0]&0xc0 == 0x80:
		r.data = d[2:]
		return uint32(d[0]&0x3f)<<8 | uint32(d[1]), true
	case len(d) >= 4 && d[0]&0xe0 == 0xc0:
		r.data = d[4:]
		return uint32(d[0]&0x1f)<<24 | uint32(d[1])<<16 | uint32(d[2])<<8 | uint32(d[3]), true
	}
	return 0, false
}

// signedOperand: the lowest bit is the sign.
func signedOperand(v uint32) int32 {
	if v&1 != 0 {
		return -int32(v >> 1)
	}
	return int32(v >> 1)
}
