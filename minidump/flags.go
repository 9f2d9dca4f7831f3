package minidump

import (
	"fmt"
	"strings"
)

// Flags is a MINIDUMP_TYPE: what the writer was asked to include. Writers set
// bits for things that they then leave out, so the streams are what counts.
type Flags uint64

// Bits of MINIDUMP_TYPE.
const (
	WithDataSegs                   Flags = 0x00000001
	WithFullMemory                 Flags = 0x00000002
	WithHandleData                 Flags = 0x00000004
	FilterMemory                   Flags = 0x00000008
	ScanMemory                     Flags = 0x00000010
	WithUnloadedModules            Flags = 0x00000020
	WithIndirectlyReferencedMemory Flags = 0x00000040
	FilterModulePaths              Flags = 0x00000080
	WithProcessThreadData          Flags = 0x00000100
	WithPrivateReadWriteMemory     Flags = 0x00000200
	WithoutOptionalData            Flags = 0x00000400
	WithFullMemoryInfo             Flags = 0x00000800
	WithThreadInfo                 Flags = 0x00001000
	WithCodeSegs                   Flags = 0x00002000
	WithoutAuxiliaryState          Flags = 0x00004000
	WithFullAuxiliaryState         Flags = 0x00008000
	WithPrivateWriteCopyMemory     Flags = 0x00010000
	IgnoreInaccessibleMemory       Flags = 0x00020000
	WithTokenInformation           Flags = 0x00040000
	WithModuleHeaders              Flags = 0x00080000
	FilterTriage                   Flags = 0x00100000
	WithAvxXStateContext           Flags = 0x00200000
	WithIptTrace                   Flags = 0x00400000
	ScanInaccessiblePartialPages   Flags = 0x00800000
	FilterWriteCombinedMemory      Flags = 0x01000000
)

// flagNames are in the order of the bits.
var flagNames = []string{
	"WithDataSegs", "WithFullMemory", "WithHandleData", "FilterMemory",
	"ScanMemory", "WithUnloadedModules", "WithIndirectlyReferencedMemory", "FilterModulePaths",
	"WithProcessThreadData", "WithPrivateReadWriteMemory", "WithoutOptionalData", "WithFullMemoryInfo",
	"WithThreadInfo", "WithCodeSegs", "WithoutAuxiliaryState", "WithFullAuxiliaryState",
	"WithPrivateWriteCopyMemory", "IgnoreInaccessibleMemory", "WithTokenInformation", "WithModuleHeaders",
	"FilterTriage", "WithAvxXStateContext", "WithIptTrace", "ScanInaccessiblePartialPages",
	"FilterWriteCombinedMemory",
}

// String returns the names of the bits that are set, joined by "|", or
// "Normal" where none is.
func (f Flags) String() string {
	if f == 0 {
		return "Normal"
	}
	var parts []string
	for i, name := range flagNames {
		if f&(1<<i) != 0 {
			parts = append(parts, name)
			f &^= 1 << i
		}
	}
	if f != 0 {
		parts = append(parts, fmt.Sprintf("%#x", uint64(f)))
	}
	return strings.Join(parts, "|")
}
