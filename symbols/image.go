package symbols

import (
	"context"
	"errors"

	"github.com/handletrace/handletrace/callstack"
)

// image is a module with the sources that were opened for it.
type image struct {
	*Target
	openers []Opener
	sources []*lazy[Source] // one for each opener
}

func newImage(t *Target, openers []Opener) *image {
	m := &image{Target: t, openers: openers, sources: make([]*lazy[Source], len(openers))}
	for i := range m.sources {
		m.sources[i] = newLazy[Source]()
	}
	return m
}

// source returns the nth source, nil where there is none. The error is ctx's.
func (m *image) source(ctx context.Context, n int) (Source, error) {
	s, err := m.sources[n].get(ctx, func() (Source, error) { return m.openers[n].Open(ctx, m.Target) })
	if err != nil {
		return nil, ctx.Err()
	}
	return s, nil
}

// open opens the first source that there is.
func (m *image) open(ctx context.Context) error {
	for n := range m.sources {
		if s, err := m.source(ctx, n); s != nil || err != nil {
			return err
		}
	}
	return nil
}

// frames returns what the first source that names the code at an RVA says of
// it; where none does, the border of a function that one knows. The error is
// ctx's.
func (m *image) frames(ctx context.Context, rva uint32) ([]Frame, error) {
	var border []Frame
	for n := range m.sources {
		s, err := m.source(ctx, n)
		if err != nil {
			return nil, err
		}
		if s == nil {
			continue
		}
		frames := s.Frames(rva)
		switch {
		case len(frames) == 0:
		case frames[len(frames)-1].Function != "":
			return frames, nil
		case border == nil:
			border = frames
		}
	}
	return border, nil
}

// place completes the frames of a source in place: they are at an address that
// lies back bytes behind the RVA that was looked up.
func (m *image) place(ctx context.Context, frames []Frame, at Frame, back uint64) []Frame {
	for i := range frames {
		f := &frames[i]
		if isDecorated[f.Source] {
			f.Function, f.Symbol = readable(*f, m.x86(ctx))
		}
		f.Address, f.Module = at.Address, at.Module
		if f.FunctionStart != 0 {
			f.FunctionStart += m.Base
		}
		switch {
		case f.Function == "" && !f.Inlined:
			f.Offset = at.Offset
		case i == len(frames)-1:
			f.Offset += back
		}
	}
	return frames
}

// isDecorated are the sources whose names may be decorated.
var isDecorated = map[callstack.Source]bool{
	callstack.Public: true, callstack.Export: true, callstack.COFF: true, callstack.DWARF: true, callstack.Breakpad: true,
}

// status says what is known of the module's names so far.
func (m *image) status() ModuleStatus {
	s := ModuleStatus{Module: m.Module, State: StateNotAsked}
	if m.Unloaded {
		s.State = StateUnloaded
		return s
	}
	for _, l := range m.sources {
		source, err, ok := l.peek()
		switch {
		case !ok:
			return s
		case err != nil:
			s.State = StateNone
			s.Err = tellingError(s.Err, err)
		default:
			s.State, s.Path = originOf(source)
			if s.State != StateExports && s.State != StateBorders && saysOf(s.Err) <= saysNothingLost {
				s.Err = nil
			}
			return s
		}
	}
	return s
}

// tellingError picks the error that says the most of why there is no source;
// of two that say as much, the first.
func tellingError(a, b error) error {
	if saysOf(b) > saysOf(a) {
		return b
	}
	return a
}

// saysNothingLost: there was nothing to be had, which only matters if what there
// is says little.
const saysNothingLost = 1

// saysOf orders errors by how much they say.
func saysOf(err error) int {
	mismatch := (*MismatchError)(nil)
	switch {
	case err == nil || err == ErrNoSource: // without a reason
		return 0
	case errors.Is(err, ErrNoSource):
		return saysNothingLost
	case errors.Is(err, errNotFound):
		return 2
	case !errors.As(err, &mismatch):
		return 3
	}
	return 4
}

func originOf(s Source) (State, string) {
	if o, ok := s.(Origin); ok {
		return o.Origin()
	}
	return StateOther, ""
}

// close closes the sources and what they were opened from.
func (m *image) close() error {
	var errs []error
	for _, l := range m.sources {
		if s, _, ok := l.peek(); ok && s != nil {
			errs = append(errs, s.Close())
		}
	}
	return errors.Join(append(errs, m.Target.close())...)
}
