package symbols

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/handletrace/handletrace/symbols/pdb"
	"github.com/handletrace/handletrace/symbols/pe"
)

// Directories is a [Locator] that looks in folders, in their order: in the
// folder itself, in the folders exe, dll and sys and symbols/exe, symbols/dll
// and symbols/sys below it, and below it as in a symbol store, by name and
// identifier. Files of another build are passed over.
type Directories []string

// kindFolders are where debuggers look below a folder of symbols.
var kindFolders = []string{"", "exe", "dll", "sys", "symbols/exe", "symbols/dll", "symbols/sys"}

// FindPDB implements [Locator].
func (d Directories) FindPDB(ctx context.Context, name, debugID string) (string, error) {
	return d.find(ctx, name, debugID, pdbID)
}

// FindImage implements [Locator].
func (d Directories) FindImage(ctx context.Context, name string, timeDateStamp, sizeOfImage uint32) (string, error) {
	h := pe.Header{TimeDateStamp: timeDateStamp, SizeOfImage: sizeOfImage}
	return d.find(ctx, name, h.CodeID(), imageID)
}

// find returns the first file of that name whose identifier is the one wanted.
func (d Directories) find(ctx context.Context, name, want string, idOf func(string) (string, error)) (string, error) {
	names := []string{name + "/" + want + "/" + name}
	for _, folder := range kindFolders {
		names = append(names, folder+"/"+name)
	}
	err := errNotFound
	for path := range d.FindFiles(ctx, names...) {
		id, e := idOf(path)
		switch {
		case e != nil:
			err = e
		case strings.EqualFold(id, want):
			return path, nil
		default:
			err = &MismatchError{path, id, want}
		}
	}
	return "", errors.Join(ctx.Err(), err)
}

// FindFiles implements [FileFinder].
func (d Directories) FindFiles(ctx context.Context, names ...string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, folder := range d {
			for _, name := range names {
				path := filepath.Join(folder, filepath.FromSlash(name))
				if ctx.Err() != nil || isRegular(path) && !yield(path) {
					return
				}
			}
		}
	}
}

// isRegular reports whether there is a plain file. A pipe or device would make
// the open wait for ever.
func isRegular(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// notRegular says why a file cannot be opened by its path.
func notRegular(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return &os.PathError{Op: "open", Path: path, Err: errors.New("is a directory")}
	}
	return &os.PathError{Op: "open", Path: path, Err: errors.New("is a pipe or a device: copy what it gives into a file first")}
}

func pdbID(path string) (string, error) {
	f, err := pdb.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return f.DebugID(), nil
}

func imageID(path string) (string, error) {
	m, err := pe.Open(path)
	if err != nil {
		return "", err
	}
	defer m.Close()
	return m.CodeID(), nil
}
