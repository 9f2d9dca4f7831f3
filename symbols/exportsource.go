package symbols

import (
	"context"
	"strconv"

	"github.com/handletrace/handletrace/callstack"
	"github.com/handletrace/handletrace/symbols/pe"
)

// OpenExports is the [Opener] of the image's export table and, where that has
// no name, of its unwind table, which tells where functions begin.
func OpenExports(ctx context.Context, t *Target) (Source, error) {
	img, err := t.openedImage(ctx)
	if err != nil {
		return nil, ErrNoSource
	}
	return exportSource{img.Image, img.path}, nil
}

type exportSource struct {
	img  *pe.Image
	path string
}

func (s exportSource) Origin() (State, string) {
	if t, err := s.img.Exports(); err == nil && t.Len() > 0 {
		return StateExports, s.path
	}
	return StateBorders, s.path
}

func (s exportSource) Close() error { return nil }

func (s exportSource) Frames(rva uint32) []Frame {
	e, _, ok := s.img.ExportFor(rva)
	if ok && e.RVA <= rva {
		name := e.Name
		if name == "" {
			name = ordinalName(e.Ordinal)
		}
		return []Frame{{Function: name, Offset: uint64(rva - e.RVA), FunctionStart: uint64(e.RVA), Source: callstack.Export}}
	}
	// A part of a function that the linker moved before it has no offset.
	if begin, _, ok := s.img.FunctionBounds(rva); ok {
		return []Frame{{FunctionStart: uint64(begin)}}
	}
	return nil
}

// ordinalName names an export that has no name, as debuggers do.
func ordinalName(ordinal uint32) string { return "Ordinal" + strconv.FormatUint(uint64(ordinal), 10) }
