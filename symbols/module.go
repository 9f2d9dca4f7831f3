package symbols

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"

	"github.com/handletrace/handletrace/symbols/breakpad"
	"github.com/handletrace/handletrace/symbols/pdb"
	"github.com/handletrace/handletrace/symbols/pe"
)

// ModuleFile names the code of one file, by RVA. Its methods but Close may be
// called by several goroutines at once.
type ModuleFile struct {
	img *image
}

// OpenModule opens a PDB, a Breakpad symbol file, or an executable or library.
// The latter's names come from the best symbols of the very build that are
// found, where opts says, beside the file or in it. A file that is none of them
// gives an error that says so.
func OpenModule(name string, opts Options) (*ModuleFile, error) {
	if !isRegular(name) {
		return nil, notRegular(name)
	}
	none := &formError{name: name}
	for _, open := range moduleForms {
		img, err := open(name, opts)
		if err == nil {
			return &ModuleFile{img}, nil
		}
		if !errors.Is(err, pdb.ErrNotPDB) && !errors.Is(err, pe.ErrNotPE) && !errors.Is(err, breakpad.ErrNotBreakpad) {
			return nil, err
		}
		none.errs = append(none.errs, err)
	}
	return nil, none
}

// formError reports a file that has none of the forms that are read.
type formError struct {
	name string
	errs []error // of each form
}

func (e *formError) Error() string {
	return e.name + ": neither a PDB, nor an executable or library, nor a Breakpad symbol file"
}

func (e *formError) Unwrap() []error { return e.errs }

// moduleForms open a file in one form each.
var moduleForms = []func(name string, opts Options) (*image, error){openAsPDB, openAsImage, openAsBreakpad}

func openAsPDB(name string, _ Options) (*image, error) {
	f, err := pdb.Open(name)
	if err != nil {
		return nil, err
	}
	t := newTarget(Module{Path: filepath.Base(name)}, nil, nil)
	t.pdb = made(&foundPDB{f, name})
	return newImage(t, []Opener{OpenerFunc(OpenPublicPDB)}), nil
}

func openAsImage(name string, opts Options) (*image, error) {
	img, err := pe.Open(name)
	if err != nil {
		return nil, err
	}
	beside := Directories{filepath.Dir(name)}
	m := Module{Path: filepath.Base(name), TimeDateStamp: img.TimeDateStamp, Size: uint64(img.SizeOfImage)}
	t := newTarget(m, nil, append(opts.locator(), beside))
	t.file = made(&foundImage{img, name})
	return newImage(t, opts.openers()), nil
}

func openAsBreakpad(name string, _ Options) (*image, error) {
	f, err := breakpad.Open(name)
	if err != nil {
		return nil, err
	}
	m := Module{Path: cmp.Or(f.CodeFile, f.Name), DebugFile: f.Name, DebugID: f.DebugID}
	img := newImage(newTarget(m, nil, nil), []Opener{OpenerFunc(OpenBreakpad)})
	img.sources[0] = made[Source](&breakpadSource{f, name})
	return img, nil
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
