package pe

// codeBorders knows how functions end and begin on one processor.
type codeBorders struct {
	step        uint32    // every instruction begins at a multiple of it
	align       uint32    // where compilers that pad let a function begin
	terminators []pattern // after these, code does not run on
	calls       []pattern // after these it may not, if the callee does not return
	fillers     []pattern // padding that is never executed
	nops        []pattern // padding that also stands inside functions
	shortNops   int       // so many of the shortest nop do not; 0 if they do
	prologues   []pattern // how functions begin
	framed      []pattern // beginnings that need no padding before
	certain     []pattern // beginnings that need not follow an end
}

// maxPadding is more than the widest alignment of functions in use.
const maxPadding = 64

// borderTail is how much code after a border is looked at.
const borderTail = 16

var codeBordersOf = map[Machine]*codeBorders{
	IMAGE_FILE_MACHINE_I386:  &x86Borders,
	IMAGE_FILE_MACHINE_AMD64: &x64Borders,
	IMAGE_FILE_MACHINE_ARM64: &arm64Borders,
}

// borderBetween looks for the beginning of a function behind from and no later
// than to, at most limit bytes far. In a leaf function padding that ends at a
// border counts whatever it is and whatever follows. whole is false if bytes
// between are absent or if the processor's code is not known here.
func (m *Image) borderBetween(from, to, limit uint32, leaf bool) (border, whole bool) {
	rules := codeBordersOf[m.Machine]
	if rules == nil || to-from > limit {
		return false, false
	}
	for part, complete := range m.codeParts(from, to) {
		if !complete {
			return false, false
		}
		if rules.hasBorder(part.code, part.rva, to, leaf) {
			return true, true
		}
	}
	return false, true
}

// hasBorder looks for the beginning of a function in code, which is at rva,
// behind its first byte and no later than to.
func (b *codeBorders) hasBorder(code []byte, rva, to uint32, leaf bool) bool {
	if rva >= to {
		return false
	}
	last := min(uint32(len(code)), to-rva)
	for at := b.step; at <= last; at += b.step {
		if matchAny(b.certain, code[at:]) > 0 {
			return true
		}
		ended := endsWithAny(b.terminators, code[:at])
		if !ended && !endsWithAny(b.calls, code[:at]) {
			continue
		}
		start, ok := b.beginAfter(code, at, rva, leaf)
		if ok && start <= last && (ended || start > at) {
			return true
		}
	}
	return false
}

// beginAfter returns where a function begins behind code that ended at an
// offset.
func (b *codeBorders) beginAfter(code []byte, at, rva uint32, leaf bool) (uint32, bool) {
	pad := b.skipPadding(code, at)
	start := pad.end
	framed := matchAny(b.framed, code[start:]) > 0
	plain := framed || matchAny(b.prologues, code[start:]) > 0
	switch {
	case pad.fillers > 1 || pad.fillers == 1 && plain:
		return start, true
	case framed && start == at:
		return start, true
	case (rva+start)%b.align != 0:
		return 0, false
	}
	// Inside functions compilers pad with few long instructions.
	filled := pad.fillers > 0 || b.shortNops > 0 && pad.shortNops >= b.shortNops
	return start, plain || filled || leaf && start > at
}

// padding is what stands between two functions.
type padding struct {
	end       uint32
	fillers   int // of the kind that does not stand inside functions
	shortNops int
}

func (b *codeBorders) skipPadding(code []byte, at uint32) padding {
	pad := padding{end: at}
	for pad.end-at < maxPadding {
		rest := code[pad.end:]
		n := matchAny(b.fillers, rest)
		if n > 0 {
			pad.fillers++
		} else if n = matchAny(b.nops, rest); uint32(n) == b.step {
			pad.shortNops++
		}
		if n == 0 {
			break
		}
		pad.end += uint32(n)
	}
	return pad
}
