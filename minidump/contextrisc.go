package minidump

import "iter"

// ContextMIPS is an MDRawContextMIPS, of 32 and 64 bits.
type ContextMIPS struct {
	ContextFlags uint32
	Pad0         uint32
	IRegs        [32]uint64
	Mdhi, Mdlo   uint64
	Hi, Lo       [3]uint32
	DspControl   uint32
	Pad1         uint32
	Epc          uint64
	Badvaddr     uint64
	Status       uint32
	Cause        uint32
	FRegs        [32]uint64
	Fpcsr, Fir   uint32
}

var namesMIPS = []string{"zero", "at", "v0", "v1", "a0", "a1", "a2", "a3", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7",
	"s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "t8", "t9", "k0", "k1", "gp", "sp", "fp", "ra", "mdhi", "mdlo", "epc"}

// IP returns epc.
func (c *ContextMIPS) IP() uint64 { return c.Epc }

// SP returns register 29.
func (c *ContextMIPS) SP() uint64 { return c.IRegs[29] }

// FP returns register 30.
func (c *ContextMIPS) FP() uint64 { return c.IRegs[30] }

// Registers yields the general registers.
func (c *ContextMIPS) Registers() iter.Seq2[string, uint64] {
	return registers(namesMIPS, append(c.IRegs[:len(c.IRegs):len(c.IRegs)], c.Mdhi, c.Mdlo, c.Epc)...)
}

// ContextPPC is an MDRawContextPPC without its vector registers.
type ContextPPC struct {
	ContextFlags uint32
	Srr0, Srr1   uint32
	Gpr          [32]uint32
	Cr, Xer, Lr  uint32
	Ctr, Mq      uint32
	Vrsave       uint32
	FpRegs       [32]uint64
	FpscrPad     uint32
	Fpscr        uint32
}

// IP returns srr0.
func (c *ContextPPC) IP() uint64 { return uint64(c.Srr0) }

// SP returns r1.
func (c *ContextPPC) SP() uint64 { return uint64(c.Gpr[1]) }

// FP returns r31.
func (c *ContextPPC) FP() uint64 { return uint64(c.Gpr[31]) }

// Registers yields the general registers.
func (c *ContextPPC) Registers() iter.Seq2[string, uint64] {
	return registers(namesPPC, append(c.Gpr[:len(c.Gpr):len(c.Gpr)], c.Srr0, c.Srr1, c.Cr, c.Xer, c.Lr, c.Ctr)...)
}

// ContextPPC64 is an MDRawContextPPC64 without its vector registers.
type ContextPPC64 struct {
	ContextFlags uint64
	Srr0, Srr1   uint64
	Gpr          [32]uint64
	Cr, Xer, Lr  uint64
	Ctr          uint64
	Vrsave       uint64
	FpRegs       [32]uint64
	FpscrPad     uint32
	Fpscr        uint32
}

var namesPPC = []string{"r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
	"r16", "r17", "r18", "r19", "r20", "r21", "r22", "r23", "r24", "r25", "r26", "r27", "r28", "r29", "r30", "r31",
	"srr0", "srr1", "cr", "xer", "lr", "ctr"}

// IP returns srr0.
func (c *ContextPPC64) IP() uint64 { return c.Srr0 }

// SP returns r1.
func (c *ContextPPC64) SP() uint64 { return c.Gpr[1] }

// FP returns r31.
func (c *ContextPPC64) FP() uint64 { return c.Gpr[31] }

// Registers yields the general registers.
func (c *ContextPPC64) Registers() iter.Seq2[string, uint64] {
	return registers(namesPPC, append(c.Gpr[:len(c.Gpr):len(c.Gpr)], c.Srr0, c.Srr1, c.Cr, c.Xer, c.Lr, c.Ctr)...)
}

// ContextSPARC is an MDRawContextSPARC.
type ContextSPARC struct {
	ContextFlags uint32
	FlagPad      uint32
	GR           [32]uint64
	Ccr, Pc, Npc uint64
	Y, Asi, Fprs uint64
	FRegs        [32]uint64
	Filler       uint64
	Fsr          uint64
}

var namesSPARC = []string{"g0", "g1", "g2", "g3", "g4", "g5", "g6", "g7", "o0", "o1", "o2", "o3", "o4", "o5", "sp", "o7",
	"l0", "l1", "l2", "l3", "l4", "l5", "l6", "l7", "i0", "i1", "i2", "i3", "i4", "i5", "fp", "i7", "ccr", "pc", "npc", "y"}

// IP returns pc.
func (c *ContextSPARC) IP() uint64 { return c.Pc }

// SP returns o6.
func (c *ContextSPARC) SP() uint64 { return c.GR[14] }

// FP returns i6.
func (c *ContextSPARC) FP() uint64 { return c.GR[30] }

// Registers yields the general registers.
func (c *ContextSPARC) Registers() iter.Seq2[string, uint64] {
	return registers(namesSPARC, append(c.GR[:len(c.GR):len(c.GR)], c.Ccr, c.Pc, c.Npc, c.Y)...)
}

// ContextRISCV is an MDRawContextRISCV. X[0] is pc, the others are x1 to x31.
type ContextRISCV struct {
	ContextFlags uint32
	Version      uint32
	X            [32]uint32
	FpRegs       [32]uint32
	Fcsr         uint32
}

var namesRISCV = []string{"pc", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7",
	"s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"}

// IP returns pc.
func (c *ContextRISCV) IP() uint64 { return uint64(c.X[0]) }

// SP returns x2.
func (c *ContextRISCV) SP() uint64 { return uint64(c.X[2]) }

// FP returns x8.
func (c *ContextRISCV) FP() uint64 { return uint64(c.X[8]) }

// Registers yields the general registers.
func (c *ContextRISCV) Registers() iter.Seq2[string, uint64] { return registers(namesRISCV, c.X[:]...) }

// ContextRISCV64 is an MDRawContextRISCV64. X[0] is pc, the others are x1 to
// x31.
type ContextRISCV64 struct {
	ContextFlags uint32
	Version      uint32
	X            [32]uint64
	FpRegs       [32]uint64
	Fcsr         uint32
}

// IP returns pc.
func (c *ContextRISCV64) IP() uint64 { return c.X[0] }

// SP returns x2.
func (c *ContextRISCV64) SP() uint64 { return c.X[2] }

// FP returns x8.
func (c *ContextRISCV64) FP() uint64 { return c.X[8] }

// Registers yields the general registers.
func (c *ContextRISCV64) Registers() iter.Seq2[string, uint64] {
	return registers(namesRISCV, c.X[:]...)
}
