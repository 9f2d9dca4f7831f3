// Package callstack holds the one type that those who make stack frames and
// those who read them share: symbols makes frames, htrace and report read
// them, and a tool of one's own can do either without importing the other.
package callstack

import (
	"path"
	"strconv"
	"strings"
)

// Frame is one level of a call stack. An address yields one frame, or several
// where functions were inlined there.
type Frame struct {
	Address  uint64 // the return address as it was recorded
	Module   string // file name of the module, as in ntdll.dll; empty outside every module
	Function string // for readers; empty where no name is known
	// Symbol is the name as the symbols have it, decorated, where Function is
	// not the same.
	Symbol string
	// Offset is the distance of Address from the start of Function, or from
	// the base of Module where Function is empty.
	Offset uint64
	// FunctionStart is the address at which the function begins, and 0 where
	// that is not known. It may be known where the name is not.
	FunctionStart uint64
	File          string // source file; empty where it is not known
	Line          int    // line of the call, from 1; 0 where it is not known
	Inlined       bool   // whether the function was inlined into the next frame's
	Source        Source // where Function came from
	Unloaded      bool   // whether Module had been unloaded when the dump was written
	// Generated tells of an address outside every module that it lies in
	// executable memory which is no part of an image: code that was compiled
	// at run time, or injected.
	Generated bool
}

// Source says where the name of a function was found.
type Source string

// Sources of names.
const (
	None       Source = ""           // there is no name
	PDB        Source = "pdb"        // a procedure of a PDB
	Public     Source = "public"     // a public symbol of a PDB
	Export     Source = "export"     // the export table of the image
	COFF       Source = "coff"       // the COFF symbol table of the image
	DWARF      Source = "dwarf"      // DWARF
	Breakpad   Source = "breakpad"   // a Breakpad .sym file
	GoTable    Source = "pclntab"    // the table of a Go program
	Transcript Source = "transcript" // the text of a debugger
)

// ModuleName returns the module as WinDbg writes it: without its extension.
func (f Frame) ModuleName() string { return strings.TrimSuffix(f.Module, path.Ext(f.Module)) }

// String returns module!function+0xoffset, module+0xoffset where there is no
// name, and the bare address outside every module. An offset of 0 from a
// function is left out, and so is a module that is not known.
func (f Frame) String() string { return string(f.Append(nil)) }

// Append appends what String returns to dst.
func (f Frame) Append(dst []byte) []byte {
	switch {
	case f.Module == "" && f.Function == "":
		return appendHex(dst, f.Address)
	case f.Function == "":
		return appendOffset(append(dst, f.ModuleName()...), f.Offset)
	case f.Module != "":
		dst = append(append(dst, f.ModuleName()...), '!')
	}
	dst = append(dst, f.Function...)
	if f.Offset == 0 {
		return dst
	}
	return appendOffset(dst, f.Offset)
}

func appendOffset(dst []byte, offset uint64) []byte { return appendHex(append(dst, '+'), offset) }

func appendHex(dst []byte, v uint64) []byte {
	return strconv.AppendUint(append(dst, "0x"...), v, 16)
}
