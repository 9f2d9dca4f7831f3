package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/symbols"
)

// modulesOf returns the bases of the modules on the stacks of the findings. To
// know how their code is named, the stacks are named here.
func (in *input) modulesOf() map[uint64]bool {
	bases := make(map[uint64]bool)
	for i := range in.Findings {
		f := &in.Findings[i]
		for _, op := range append([]*htrace.Operation{f.Culprit, f.FirstClose, f.Victim}, f.Related[:min(len(f.Related), mostRelated)]...) {
			if op == nil || in.Trace.IsForeign(op) {
				continue
			}
			for _, a := range op.Stack {
				in.names.Frames(a)
				if m, ok := in.names.Module(a - 1); ok {
					bases[m.Base] = true
				}
			}
		}
	}
	return bases
}

// mostRelated bounds how many of a finding's further operations are looked at:
// a leak has thousands, of one place.
const mostRelated = 16

// poor are the states of modules in which functions that are not exported have
// no names.
var poor = map[symbols.State]bool{symbols.StateNone: true, symbols.StateExports: true, symbols.StateBorders: true}

// tellSymbols says which modules of the findings have worse names than they
// could have, and why.
func (in *input) tellSymbols(c *console) {
	if in.names == nil {
		return
	}
	bases := in.modulesOf()
	ours, unnamed := 0, 0
	for s := range in.names.Modules() {
		if !bases[s.Module.Base] {
			continue
		}
		c.log.Debug("names", "file", in.Path, "module", s.Module.Name(), "from", s.String())
		if isTelling(&s) {
			in.Warnings = append(in.Warnings, fmt.Sprintf("names of %s: %s", s.Module.Name(), strings.ReplaceAll(s.String(), "\n", "; ")))
		}
		if s.Module.IsSystem() {
			continue
		}
		ours++
		if poor[s.State] {
			unnamed++
		}
	}
	if unnamed > 0 {
		in.Notes = append(in.Notes, fmt.Sprintf("names of %d of the program's %s on these stacks come from export tables alone or are missing; --symbols PATH takes PDBs of the same build",
			unnamed, times(ours, "module")))
	}
}

// isTelling reports whether the user should know why a module has no better
// names. Nobody expects to have the PDBs of the system's modules at hand, so of
// those only a file of another build is worth a word.
func isTelling(s *symbols.ModuleStatus) bool {
	if s.Err == nil || errors.Is(s.Err, symbols.ErrNoSource) {
		return false
	}
	var mismatch *symbols.MismatchError
	return !s.Module.IsSystem() || errors.As(s.Err, &mismatch)
}
