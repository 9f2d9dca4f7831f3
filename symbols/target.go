package symbols

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/handletrace/handletrace/symbols/pdb"
	"github.com/handletrace/handletrace/symbols/pe"
)

// Target is a module whose names are wanted, with what an [Opener] may read of
// it. What it hands out is opened once, shared by all openers, and closed by
// the Resolver.
type Target struct {
	Module
	memory io.ReaderAt // nil where there is no process
	find   locators

	image *lazy[*foundImage]
	file  *lazy[*foundImage]
	pdb   *lazy[*foundPDB]
}

type foundImage struct {
	*pe.Image
	path string // of the file; empty if it had no part
}

type foundPDB struct {
	*pdb.File
	path string
}

func newTarget(m Module, memory io.ReaderAt, find locators) *Target {
	return &Target{
		Module: m,
		memory: memory,
		find:   find,
		image:  newLazy[*foundImage](),
		file:   newLazy[*foundImage](),
		pdb:    newLazy[*foundPDB](),
	}
}

// Image returns the module as it lies in memory. What memory lacks of its
// headers, code and constants is taken from its file, if that is found.
func (t *Target) Image(ctx context.Context) (*pe.Image, error) {
	img, err := t.openedImage(ctx)
	if err != nil {
		return nil, err
	}
	return img.Image, nil
}

func (t *Target) openedImage(ctx context.Context) (*foundImage, error) {
	return t.image.get(ctx, func() (*foundImage, error) { return t.openImage(ctx) })
}

func (t *Target) openImage(ctx context.Context) (*foundImage, error) {
	if t.memory == nil {
		return t.openedFile(ctx)
	}
	img, err := pe.NewMapped(t.memory, int64(t.Size))
	if err == nil && hasTables(img) {
		return &foundImage{img, ""}, nil
	}
	f, errFile := t.openedFile(ctx)
	path := ""
	if errFile == nil {
		path = f.path
		img, err = pe.NewMapped(completed{t.memory, f.Image}, int64(t.Size))
	}
	if err != nil {
		return nil, err
	}
	return &foundImage{img, path}, nil
}

// ImageFile returns the module's file and its path. Unlike [Target.Image] it
// has what the loader leaves out, such as COFF symbols.
func (t *Target) ImageFile(ctx context.Context) (*pe.Image, string, error) {
	f, err := t.openedFile(ctx)
	if err != nil {
		return nil, "", err
	}
	return f.Image, f.path, nil
}

func (t *Target) openedFile(ctx context.Context) (*foundImage, error) {
	return t.file.get(ctx, func() (*foundImage, error) {
		name := plainName(t.Path)
		if name == "" || len(t.find) == 0 {
			return nil, ErrNoSource
		}
		path, err := t.find.FindImage(ctx, name, t.TimeDateStamp, uint32(t.Size))
		if mismatch := (*MismatchError)(nil); errors.As(err, &mismatch) {
			return nil, mismatch
		}
		if err != nil {
			return nil, noSource(name + ": " + err.Error())
		}
		img, err := pe.Open(path)
		if err != nil {
			return nil, err
		}
		if err := t.matches(img, path); err != nil {
			return nil, errors.Join(err, img.Close())
		}
		return &foundImage{img, path}, nil
	})
}

// matches compares an image with the module. Toolchains that write no time
// stamp give many builds one identifier, so the debug identifier is compared
// too where both have one.
func (t *Target) matches(img *pe.Image, path string) error {
	want := pe.Header{TimeDateStamp: t.TimeDateStamp, SizeOfImage: uint32(t.Size)}
	if got := img.CodeID(); got != want.CodeID() {
		return &MismatchError{path, got, want.CodeID()}
	}
	if cv, err := img.CodeView(); err == nil && t.DebugID != "" && !strings.EqualFold(cv.DebugID(), t.DebugID) {
		return &MismatchError{path, cv.DebugID(), t.DebugID}
	}
	return nil
}

// PDB returns the module's PDB and its path. One of another build is a
// [*MismatchError].
func (t *Target) PDB(ctx context.Context) (*pdb.File, string, error) {
	f, err := t.pdb.get(ctx, func() (*foundPDB, error) { return t.openPDB(ctx) })
	if err != nil {
		return nil, "", err
	}
	return f.File, f.path, nil
}

const (
	errNoFolders = noSource("no folder of symbols was given")
	errNamesNone = noSource("the module names no PDB")
)

func (t *Target) openPDB(ctx context.Context) (*foundPDB, error) {
	if len(t.find) == 0 {
		return nil, errNoFolders
	}
	name, id := t.debugNames(ctx)
	if !strings.HasSuffix(strings.ToLower(name), ".pdb") || id == "" {
		return nil, errNamesNone
	}
	path, err := t.find.FindPDB(ctx, name, id)
	if mismatch := (*MismatchError)(nil); errors.As(err, &mismatch) {
		return nil, mismatch
	}
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", name, id, err)
	}
	f, err := pdb.Open(path)
	if err != nil {
		return nil, err
	}
	if got := f.DebugID(); !strings.EqualFold(got, id) {
		return nil, errors.Join(&MismatchError{path, got, id}, f.Close())
	}
	return &foundPDB{f, path}, nil
}

// debugNames returns the name and the identifier of the module's debug file:
// the ones that the process's writer recorded, else those of the image itself.
func (t *Target) debugNames(ctx context.Context) (name, id string) {
	if t.DebugID != "" {
		return plainName(t.DebugFile), plainID(t.DebugID)
	}
	img, err := t.Image(ctx)
	if err != nil {
		return "", ""
	}
	cv, err := img.CodeView()
	if err != nil {
		return "", ""
	}
	return plainName(cv.Path), plainID(cv.DebugID())
}

// Files returns the plain files of these names that the locators find. Each
// name must be a plain one, or several separated by slashes.
func (t *Target) Files(ctx context.Context, names ...string) iter.Seq[string] {
	return t.find.FindFiles(ctx, names...)
}

// x86 reports whether names in the module have x86 decorations.
func (t *Target) x86(ctx context.Context) bool {
	if f, _, ok := t.pdb.peek(); ok && f != nil && f.Machine() != 0 {
		return f.Machine() == uint16(pe.IMAGE_FILE_MACHINE_I386)
	}
	img, err := t.Image(ctx)
	return err == nil && img.Machine == pe.IMAGE_FILE_MACHINE_I386
}

// close closes what was opened.
func (t *Target) close() error {
	var errs []error
	if f, _, ok := t.pdb.peek(); ok && f != nil {
		errs = append(errs, f.Close())
	}
	if f, _, ok := t.file.peek(); ok && f != nil {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}
