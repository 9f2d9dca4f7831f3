package minidump

import (
	"encoding/binary"
	"iter"
)

// ContextARM is the CONTEXT of 32-bit ARM. Breakpad's differs behind D only.
type ContextARM struct {
	ContextFlags uint32
	R            [13]uint32
	Sp, Lr, Pc   uint32
	Cpsr         uint32
	Fpscr        uint32
	Padding      uint32
	D            [32]uint64
}

var namesARM = []string{"r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "sp", "lr", "pc", "cpsr"}

// IP returns pc.
func (c *ContextARM) IP() uint64 { return uint64(c.Pc) }

// SP returns sp.
func (c *ContextARM) SP() uint64 { return uint64(c.Sp) }

// FP returns r11, as Windows and Linux use it.
func (c *ContextARM) FP() uint64 { return uint64(c.R[11]) }

// Registers yields the general registers.
func (c *ContextARM) Registers() iter.Seq2[string, uint64] {
	return registers(namesARM, append(c.R[:len(c.R):len(c.R)], c.Sp, c.Lr, c.Pc, c.Cpsr)...)
}

// ContextARM64 is the CONTEXT of 64-bit ARM. The layout that Breakpad used
// before Windows had one is read into it too.
type ContextARM64 struct {
	ContextFlags uint32
	Cpsr         uint32
	X            [29]uint64
	Fp, Lr       uint64 // x29, x30
	Sp, Pc       uint64
	V            [32]M128
	Fpcr, Fpsr   uint32
	Bcr          [8]uint32
	Bvr          [8]uint64
	Wcr          [2]uint32
	Wvr          [2]uint64
}

// contextARM64Old is an MDRawContextARM64_Old.
type contextARM64Old struct {
	ContextFlags uint64
	X            [29]uint64
	Fp, Lr       uint64
	Sp, Pc       uint64
	Cpsr         uint32
	Fpsr, Fpcr   uint32
	V            [32]M128
}

const (
	contextARM64Size    = 912
	contextARM64OldSize = 796
	contextARM64Least   = 272
)

// decodeContextARM64 tells the layouts apart by their size: the number of the
// processor says only what the writer believed.
func decodeContextARM64(b []byte, order binary.ByteOrder, _ *File) Context {
	c := new(ContextARM64)
	if len(b) < contextARM64OldSize || len(b) >= contextARM64Size {
		decodeStruct(b, order, c)
		return c
	}
	var old contextARM64Old
	decodeStruct(b, order, &old)
	c.ContextFlags, c.Cpsr = uint32(old.ContextFlags), old.Cpsr
	c.X, c.Fp, c.Lr, c.Sp, c.Pc = old.X, old.Fp, old.Lr, old.Sp, old.Pc
	c.V, c.Fpcr, c.Fpsr = old.V, old.Fpcr, old.Fpsr
	return c
}

var namesARM64 = []string{"x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15",
	"x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "fp", "lr", "sp", "pc", "cpsr"}

// IP returns pc.
func (c *ContextARM64) IP() uint64 { return c.Pc }

// SP returns sp.
func (c *ContextARM64) SP() uint64 { return c.Sp }

// FP returns x29.
func (c *ContextARM64) FP() uint64 { return c.Fp }

// Registers yields the general registers.
func (c *ContextARM64) Registers() iter.Seq2[string, uint64] {
	return registers(namesARM64, append(c.X[:len(c.X):len(c.X)], c.Fp, c.Lr, c.Sp, c.Pc, uint64(c.Cpsr))...)
}
