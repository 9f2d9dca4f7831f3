package symbols

import (
	"github.com/handletrace/handletrace/callstack"
	"github.com/handletrace/handletrace/symbols/pdb"
	"github.com/handletrace/handletrace/symbols/undname"
)

var pdbSources = map[pdb.Kind]callstack.Source{pdb.KindPublic: callstack.Public}

// pdbFrames returns the frames at an RVA from the module's PDB: the functions
// that were inlined there, and the one that holds the code. It returns none
// where the PDB has no answer.
func (m *image) pdbFrames(base Frame, rva uint32, back uint64) []Frame {
	if m.pdb == nil {
		return nil
	}
	// A damaged stream costs what it would have told; the frames are what the
	// others tell.
	found, _ := m.pdb.Lookup(rva)
	if len(found) == 0 || found[len(found)-1].Function == "" {
		return nil
	}
	outer := found[len(found)-1]
	start := base.Address - back - uint64(outer.Offset)
	frames := make([]Frame, len(found))
	for i, p := range found {
		f := base
		f.Function, f.Offset = p.Function, 0
		f.File, f.Line, f.Inlined = p.File, int(p.Line), p.Inlined
		f.FunctionStart, f.Source = start, callstack.PDB
		if s, ok := pdbSources[p.Kind]; ok {
			f.Source = s
			f.Function = undname.PublicName(p.Function, m.x86())
		}
		frames[i] = f
	}
	frames[len(frames)-1].Offset = base.Address - start
	return frames
}
