package minidump

import (
	"encoding/binary"
	"iter"
)

// M128 is a register of 128 bits, as the file has it.
type M128 [16]byte

// ContextAMD64 is the CONTEXT of 64-bit x86.
type ContextAMD64 struct {
	ContextAMD64Registers
	// XState is what follows the structure in dumps with extended state.
	XState *XState
}

// ContextAMD64Registers is the fixed part of a ContextAMD64.
type ContextAMD64Registers struct {
	PHome                                    [6]uint64
	ContextFlags                             uint32
	MxCsr                                    uint32
	SegCs, SegDs, SegEs, SegFs, SegGs, SegSs uint16
	EFlags                                   uint32
	Dr0, Dr1, Dr2, Dr3, Dr6, Dr7             uint64
	Rax, Rcx, Rdx, Rbx, Rsp, Rbp, Rsi, Rdi   uint64
	R8, R9, R10, R11, R12, R13, R14, R15     uint64
	Rip                                      uint64
	FltSave                                  XSaveFormat
	VectorRegister                           [26]M128
	VectorControl                            uint64
	DebugControl                             uint64
	LastBranchToRip, LastBranchFromRip       uint64
	LastExceptionToRip                       uint64
	LastExceptionFromRip                     uint64
}

// XSaveFormat is an XMM_SAVE_AREA32: an FXSAVE area.
type XSaveFormat struct {
	ControlWord, StatusWord uint16
	TagWord, Reserved1      uint8
	ErrorOpcode             uint16
	ErrorOffset             uint32
	ErrorSelector           uint16
	Reserved2               uint16
	DataOffset              uint32
	DataSelector            uint16
	Reserved3               uint16
	MxCsr, MxCsrMask        uint32
	FloatRegisters          [8]M128
	XmmRegisters            [16]M128
	Reserved4               [96]byte
}

const contextAMD64Size = 1232

func decodeContextAMD64(b []byte, order binary.ByteOrder, f *File) Context {
	c := new(ContextAMD64)
	decodeStruct(b, order, &c.ContextAMD64Registers)
	c.XState = f.decodeXState(b, contextAMD64Size)
	return c
}

var namesAMD64 = []string{"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
	"rip", "eflags", "cs", "ss", "ds", "es", "fs", "gs"}

// IP returns rip.
func (c *ContextAMD64) IP() uint64 { return c.Rip }

// SP returns rsp.
func (c *ContextAMD64) SP() uint64 { return c.Rsp }

// FP returns rbp.
func (c *ContextAMD64) FP() uint64 { return c.Rbp }

// Registers yields the general registers.
func (c *ContextAMD64) Registers() iter.Seq2[string, uint64] {
	return registers(namesAMD64, c.Rax, c.Rbx, c.Rcx, c.Rdx, c.Rsi, c.Rdi, c.Rbp, c.Rsp,
		c.R8, c.R9, c.R10, c.R11, c.R12, c.R13, c.R14, c.R15, c.Rip, uint64(c.EFlags),
		uint64(c.SegCs), uint64(c.SegSs), uint64(c.SegDs), uint64(c.SegEs), uint64(c.SegFs), uint64(c.SegGs))
}
