package symbols

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
)

// Locator finds the files of a module. The names that it is given are plain
// file names, which this package has checked; the identifiers are as symbol
// servers spell them.
type Locator interface {
	// FindPDB returns the path of a PDB. The error is a [*MismatchError] if
	// there is one of another build.
	FindPDB(ctx context.Context, name, debugID string) (path string, err error)
	// FindImage returns the path of an executable or library.
	FindImage(ctx context.Context, name string, timeDateStamp, sizeOfImage uint32) (path string, err error)
}

// FileFinder is a [Locator] that also finds files by name alone. Breakpad
// symbols and DWARF in files of their own are found so.
type FileFinder interface {
	// FindFiles returns the regular files of these names, which may have
	// folders before them, separated by slashes.
	FindFiles(ctx context.Context, names ...string) iter.Seq[string]
}

// errNotFound is reported where a locator has nothing.
var errNotFound = errors.New("was not found")

// MismatchError reports a file of another build than the module's, which is
// not used.
type MismatchError struct {
	Path        string
	Found, Want string // identifiers, as symbol servers spell them
}

// Error says "no matching PDB (found age 3, want 2)" and which file it was.
func (e *MismatchError) Error() string {
	found, want := e.Found, e.Want
	if guid := commonGUID(found, want); guid > 0 {
		found, want = "age "+found[guid:], want[guid:]
	}
	kind := "file"
	if strings.HasSuffix(strings.ToLower(e.Path), ".pdb") {
		kind = "PDB"
	}
	return fmt.Sprintf("no matching %s (found %s, want %s): %s", kind, found, want, e.Path)
}

// guidDigits is the length of a GUID in a debug identifier; the age follows.
const guidDigits = 32

// commonGUID returns the length of the GUID with which both identifiers begin,
// or 0.
func commonGUID(a, b string) int {
	if len(a) > guidDigits && len(b) > guidDigits && strings.EqualFold(a[:guidDigits], b[:guidDigits]) {
		return guidDigits
	}
	return 0
}

// locators asks several locators in turn.
type locators []Locator

func (l locators) FindPDB(ctx context.Context, name, debugID string) (string, error) {
	return l.first(func(one Locator) (string, error) { return one.FindPDB(ctx, name, debugID) })
}

func (l locators) FindImage(ctx context.Context, name string, timeDateStamp, sizeOfImage uint32) (string, error) {
	return l.first(func(one Locator) (string, error) { return one.FindImage(ctx, name, timeDateStamp, sizeOfImage) })
}

// first returns what the first locator finds. Of their errors a mismatch says
// the most.
func (l locators) first(find func(Locator) (string, error)) (string, error) {
	err := errNotFound
	for _, one := range l {
		path, e := find(one)
		if e == nil {
			return path, nil
		}
		if better := (*MismatchError)(nil); !errors.As(err, &better) {
			err = e
		}
	}
	return "", err
}

func (l locators) FindFiles(ctx context.Context, names ...string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, one := range l {
			finder, ok := one.(FileFinder)
			if !ok {
				continue
			}
			for path := range finder.FindFiles(ctx, names...) {
				if !yield(path) {
					return
				}
			}
		}
	}
}
