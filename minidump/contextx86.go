package minidump

import (
	"encoding/binary"
	"iter"
)

// ContextX86 is the CONTEXT of 32-bit x86.
type ContextX86 struct {
	ContextFlags                        uint32
	Dr0, Dr1, Dr2, Dr3, Dr6, Dr7        uint32
	FloatSave                           FloatingSaveAreaX86
	SegGs, SegFs, SegEs, SegDs          uint32
	Edi, Esi, Ebx, Edx, Ecx, Eax        uint32
	Ebp, Eip, SegCs, EFlags, Esp, SegSs uint32
	ExtendedRegisters                   [512]byte // an FXSAVE area
	// XState is what follows the structure in dumps with extended state.
	XState *XState
}

// FloatingSaveAreaX86 is a FLOATING_SAVE_AREA.
type FloatingSaveAreaX86 struct {
	ControlWord, StatusWord, TagWord uint32
	ErrorOffset, ErrorSelector       uint32
	DataOffset, DataSelector         uint32
	RegisterArea                     [80]byte
	Cr0NpxState                      uint32
}

const (
	contextX86Size = 716
	// contextX86Least is the structure without ExtendedRegisters, which
	// processors before the Pentium II did not have.
	contextX86Least = 204
)

// contextX86 is ContextX86 as the file has it.
type contextX86 struct {
	ContextFlags uint32
	Dr           [6]uint32
	FloatSave    FloatingSaveAreaX86
	Regs         [16]uint32
	Extended     [512]byte
}

func decodeContextX86(b []byte, order binary.ByteOrder, f *File) Context {
	var r contextX86
	decodeStruct(b, order, &r)
	g := &r.Regs
	return &ContextX86{
		ContextFlags: r.ContextFlags,
		Dr0:          r.Dr[0], Dr1: r.Dr[1], Dr2: r.Dr[2], Dr3: r.Dr[3], Dr6: r.Dr[4], Dr7: r.Dr[5],
		FloatSave: r.FloatSave,
		SegGs:     g[0], SegFs: g[1], SegEs: g[2], SegDs: g[3],
		Edi: g[4], Esi: g[5], Ebx: g[6], Edx: g[7], Ecx: g[8], Eax: g[9],
		Ebp: g[10], Eip: g[11], SegCs: g[12], EFlags: g[13], Esp: g[14], SegSs: g[15],
		ExtendedRegisters: r.Extended,
		XState:            f.decodeXState(b, contextX86Size),
	}
}

var namesX86 = []string{"eax", "ebx", "ecx", "edx", "esi", "edi", "ebp", "esp", "eip", "eflags", "cs", "ss", "ds", "es", "fs", "gs"}

// IP returns eip.
func (c *ContextX86) IP() uint64 { return uint64(c.Eip) }

// SP returns esp.
func (c *ContextX86) SP() uint64 { return uint64(c.Esp) }

// FP returns ebp.
func (c *ContextX86) FP() uint64 { return uint64(c.Ebp) }

// Registers yields the general registers.
func (c *ContextX86) Registers() iter.Seq2[string, uint64] {
	return registers(namesX86, c.Eax, c.Ebx, c.Ecx, c.Edx, c.Esi, c.Edi, c.Ebp, c.Esp, c.Eip, c.EFlags,
		c.SegCs, c.SegSs, c.SegDs, c.SegEs, c.SegFs, c.SegGs)
}
