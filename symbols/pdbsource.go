package symbols

import (
	"context"

	"github.com/handletrace/handletrace/callstack"
	"github.com/handletrace/handletrace/symbols/pdb"
)

// OpenPrivatePDB is the [Opener] of a PDB with private symbols, of the very
// build of the module. What only a public symbol of it names is left to
// [OpenPublicPDB].
func OpenPrivatePDB(ctx context.Context, t *Target) (Source, error) {
	f, path, err := t.PDB(ctx)
	if err != nil {
		return nil, err
	}
	if publicState(f) != "" {
		return nil, ErrNoSource
	}
	return &pdbSource{file: f, path: path, state: StatePrivatePDB}, nil
}

// OpenPublicPDB is the [Opener] of the public symbols of a PDB, and of what
// stripping left of the private ones.
func OpenPublicPDB(ctx context.Context, t *Target) (Source, error) {
	f, path, err := t.PDB(ctx)
	if err != nil {
		return nil, ErrNoSource // why not has been said
	}
	state := publicState(f)
	if state == "" {
		state = StatePublicPDB
	}
	return &pdbSource{file: f, path: path, state: state, publics: true}, nil
}

// publicState says what a PDB without private symbols is; it is empty for one
// that has them.
func publicState(f *pdb.File) State {
	switch {
	case f.Stripped():
		return StateStripped
	case f.FastLink():
		return StateFastLink
	case !f.HasModuleSymbols():
		return StatePublicPDB
	}
	return ""
}

// pdbSource names code from a PDB, which the module's [Target] closes.
type pdbSource struct {
	file    *pdb.File
	path    string
	state   State
	publics bool // whether public symbols answer
}

func (s *pdbSource) Origin() (State, string) { return s.state, s.path }

func (s *pdbSource) Close() error { return nil }

func (s *pdbSource) Frames(rva uint32) []Frame {
	// A damaged stream costs what it would have told; the frames are what the
	// others tell.
	var room [8]pdb.Frame
	found, _ := s.file.AppendFrames(room[:0], rva)
	if len(found) == 0 {
		return nil
	}
	outer := &found[len(found)-1]
	if outer.Function == "" || outer.Kind == pdb.KindPublic && !s.publics {
		return nil
	}
	// In an image whose code was moved after the link the offset counts in the
	// original code, and the start may come out before the image.
	start := uint64(rva) - uint64(outer.Offset)
	frames := make([]Frame, len(found))
	for i := range found {
		p := &found[i]
		frames[i] = Frame{Function: p.Function, FunctionStart: start, File: p.File, Line: int(p.Line), Inlined: p.Inlined, Source: callstack.PDB}
		if p.Kind == pdb.KindPublic {
			frames[i].Source = callstack.Public
		}
	}
	frames[len(frames)-1].Offset = uint64(outer.Offset)
	return frames
}
