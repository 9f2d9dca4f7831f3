package dwarfsym

// lineProgram runs the instructions of a line table.
type lineProgram struct {
	h    *lineHeader
	r    reader
	base uint64 // of the image
	t    *lineTable

	address    uint64
	file, line uint32
	started    bool // whether the sequence has a row
}

// Instructions, DW_LNS_* and DW_LNE_*.
const (
	lnsExtended         = 0
	lnsCopy             = 1
	lnsAdvancePC        = 2
	lnsAdvanceLine      = 3
	lnsSetFile          = 4
	lnsSetColumn        = 5
	lnsNegateStmt       = 6
	lnsSetBasicBlock    = 7
	lnsConstAddPC       = 8
	lnsFixedAdvancePC   = 9
	lnsSetPrologueEnd   = 10
	lnsSetEpilogueBegin = 11
	lnsSetISA           = 12

	lneEndSequence = 1
	lneSetAddress  = 2
	lneDefineFile  = 3
)

// maxRows is more than a unit has.
const maxRows = 8 << 20

func (p *lineProgram) run() {
	p.reset()
	for p.r.len() > 0 && len(p.t.rows) < maxRows {
		op := p.r.uint8()
		switch {
		case op >= p.h.opcodeBase:
			p.special(op)
		case op == lnsExtended:
			p.extended()
		default:
			p.standard(op)
		}
	}
}

func (p *lineProgram) reset() {
	p.address, p.file, p.line, p.started = 0, 1, 1, false
}

// special advances both address and line, and adds a row.
func (p *lineProgram) special(op uint8) {
	n := int(op - p.h.opcodeBase)
	p.advance(uint64(n / int(p.h.lineRange)))
	p.line += uint32(int(p.h.lineBase) + n%int(p.h.lineRange))
	p.row()
}

func (p *lineProgram) advance(n uint64) { p.address += n * uint64(p.h.minInst) }

func (p *lineProgram) standard(op uint8) {
	switch op {
	case lnsCopy:
		p.row()
	case lnsAdvancePC:
		p.advance(p.r.uleb())
	case lnsAdvanceLine:
		p.line += uint32(p.r.sleb())
	case lnsSetFile:
		p.file = uint32(p.r.uleb())
	case lnsSetColumn, lnsSetISA:
		p.r.uleb()
	case lnsNegateStmt, lnsSetBasicBlock, lnsSetPrologueEnd, lnsSetEpilogueBegin:
	case lnsConstAddPC:
		p.advance(uint64((255 - p.h.opcodeBase) / p.h.lineRange))
	case lnsFixedAdvancePC:
		p.address += uint64(p.r.uint16())
	default:
		for range p.h.opcodeLengths[op-1] {
			p.r.uleb()
		}
	}
}

func (p *lineProgram) extended() {
	n := p.r.uleb()
	body := reader{b: p.r.bytes(n)}
	switch body.uint8() {
	case lneEndSequence:
		p.endSequence()
	case lneSetAddress:
		p.address = body.uint(min(body.len(), 8))
	case lneDefineFile:
		p.h.defineFile(&body, uint64(p.r.off-body.len())+p.h.off)
	}
}

// row adds a row. One below the image is of code that the linker left out.
func (p *lineProgram) row() {
	rva := p.address - p.base
	if rva > 1<<32-1 {
		return
	}
	rows := &p.t.rows
	if !p.started {
		p.t.sequences = append(p.t.sequences, sequence{first: int32(len(*rows)), low: uint32(rva)})
		p.started = true
	} else if last := (*rows)[len(*rows)-1]; uint32(rva) < last.rva {
		return // a sequence never goes back
	}
	*rows = append(*rows, lineRow{uint32(rva), p.file, p.line})
}

func (p *lineProgram) endSequence() {
	if p.started {
		s := &p.t.sequences[len(p.t.sequences)-1]
		s.end = int32(len(p.t.rows))
		if rva := p.address - p.base; rva <= 1<<32-1 {
			s.high = uint32(rva)
		}
	}
	p.reset()
}
