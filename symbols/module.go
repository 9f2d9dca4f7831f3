package symbols

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/handletrace/handletrace/symbols/pdb"
	"github.com/handletrace/handletrace/symbols/pe"
)

// ModuleFile names the code of one file, by RVA. Its methods but Close may be
// called by several goroutines at once.
type ModuleFile struct {
	img *image
}

// OpenModule opens a PDB or an executable or library. The latter's names come
// from its PDB, if one of the very build is found where opts says or beside it,
// else from the file's own symbols. A file that is none of them gives an error
// that says so.
func OpenModule(name string, opts Options) (*ModuleFile, error) {
	if !isRegular(name) {
		return nil, notRegular(name)
	}
	var errs []error
	for _, open := range moduleForms {
		t, openers, err := open(name, opts)
		if err == nil {
			return &ModuleFile{newImage(t, openers)}, nil
		}
		errs = append(errs, err)
	}
	return nil, mostTelling(errs)
}

// moduleForms open a file in one form each.
var moduleForms = []func(name string, opts Options) (*Target, []Opener, error){openAsPDB, openAsImage}

func openAsPDB(name string, _ Options) (*Target, []Opener, error) {
	f, err := pdb.Open(name)
	if err != nil {
		return nil, nil, err
	}
	t := newTarget(Module{Path: filepath.Base(name)}, nil, nil)
	t.pdb = made(&foundPDB{f, name})
	return t, []Opener{OpenerFunc(OpenPublicPDB)}, nil
}

func openAsImage(name string, opts Options) (*Target, []Opener, error) {
	img, err := pe.Open(name)
	if err != nil {
		return nil, nil, err
	}
	beside := Directories{filepath.Dir(name)}
	m := Module{Path: filepath.Base(name), TimeDateStamp: img.TimeDateStamp, Size: uint64(img.SizeOfImage)}
	t := newTarget(m, nil, append(opts.locator(), beside))
	t.file = made(&foundImage{img, name})
	return t, opts.openers(), nil
}

// mostTelling picks of the errors of all forms that of the form that the file
// has.
func mostTelling(errs []error) error {
	for _, err := range errs {
		if !errors.Is(err, pdb.ErrNotPDB) && !errors.Is(err, pe.ErrNotPE) {
			return err
		}
	}
	return fmt.Errorf("%w, and no executable: %w", errs[0], errs[1])
}

// FramesAt returns the frames at an RVA, innermost first; none where nothing
// is known of it.
func (m *ModuleFile) FramesAt(rva uint64) []Frame {
	frames, _ := m.framesAt(context.Background(), rva)
	return frames
}

// ResolveAt returns the frames at many RVAs, in their order, with all
// processors. The error is ctx's; what was not resolved by then is nil.
func (m *ModuleFile) ResolveAt(ctx context.Context, rvas []uint64) ([][]Frame, error) {
	return inParallel(ctx, rvas, func(rva uint64) ([]Frame, error) { return m.framesAt(ctx, rva) })
}

func (m *ModuleFile) framesAt(ctx context.Context, rva uint64) ([]Frame, error) {
	if rva > maxRVA {
		return nil, nil
	}
	frames, err := m.img.frames(ctx, uint32(rva))
	if len(frames) == 0 {
		return nil, err
	}
	return m.img.place(ctx, frames, Frame{Address: rva, Module: m.img.Name(), Offset: rva}, itself), nil
}

// Status says how the names of the file are known by now.
func (m *ModuleFile) Status() ModuleStatus { return m.img.status() }

// Close closes the file. No call may be under way.
func (m *ModuleFile) Close() error { return m.img.close() }
