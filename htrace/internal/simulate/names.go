package simulate

import "github.com/handletrace/handletrace/callstack"

// naming says how much of the code's names an analyser is shown.
type naming uint8

const (
	allNames      naming = iota // PDBs for every module
	exportNames                 // exports, and the unwind tables' function starts
	exportsBare                 // exports alone: nothing else has a name or a start
	nearestExport               // every address has the name of the export below it
	startsOnly                  // no names; unwind tables tell where functions begin
	noNames                     // modules alone
	namings                     // how many there are
)

var namingNames = [...]string{"all-names", "export-names", "exports-bare", "nearest-export", "starts-only", "no-names"}

func (n naming) String() string { return namingNames[n] }

// code is an image as an analyser sees it. It is an htrace.Code.
type code struct {
	image  *image
	naming naming
}

// Frames implements htrace.Code.
func (c *code) Frames(returnAddress uint64) []callstack.Frame {
	frame := callstack.Frame{Address: returnAddress}
	m, f := c.image.lookup(returnAddress - 1)
	if m == nil {
		return []callstack.Frame{frame}
	}
	frame.Module = m.name
	frame.Offset = returnAddress - m.base
	if c.naming == nearestExport && f != nil && !f.exported {
		f = nearest(m, f)
	}
	if f == nil {
		return []callstack.Frame{frame}
	}
	if c.naming == allNames || c.naming == exportNames || c.naming == startsOnly {
		frame.FunctionStart = m.base + f.rva
	}
	if c.names(f) {
		frame.Function = f.name
		frame.Offset = returnAddress - m.base - f.rva
		frame.Source = callstack.Export
		if c.naming == allNames {
			frame.Source = callstack.PDB
		}
	}
	return []callstack.Frame{frame}
}

func (c *code) names(f *function) bool {
	switch c.naming {
	case allNames:
		return true
	case exportNames, exportsBare, nearestExport:
		return f.exported
	}
	return false
}

// nearest returns the last export at or below a function, as a tool shows it
// that knows nothing but the export table.
func nearest(m *module, f *function) *function {
	var best *function
	for _, g := range m.functions {
		if g.rva <= f.rva && g.exported {
			best = g
		}
	}
	return best
}

// IsSystem implements htrace.Code.
func (c *code) IsSystem(address uint64) bool {
	m, _ := c.image.lookup(address)
	return m != nil && m.system
}
