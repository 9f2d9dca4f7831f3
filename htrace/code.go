package htrace

import "github.com/handletrace/handletrace/callstack"

// Frame is one level of a call stack.
type Frame = callstack.Frame

// Code tells which code an address of a stack lies in. A resolver of package
// symbols is one; a transcript brings its own.
type Code interface {
	// Frames returns the frames at a return address, innermost first: at
	// least one, with the bare address where nothing else is known.
	Frames(returnAddress uint64) []Frame
	// IsSystem reports whether the module that holds the address belongs to
	// the operating system, as its folder tells.
	IsSystem(address uint64) bool
}

// noCode stands for a Code that knows nothing.
type noCode struct{}

func (noCode) Frames(a uint64) []Frame { return []Frame{{Address: a}} }
func (noCode) IsSystem(uint64) bool    { return false }
