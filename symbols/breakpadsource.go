package symbols

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/handletrace/handletrace/symbols/breakpad"
	"github.com/handletrace/handletrace/symbols/pe"
)

// OpenBreakpad is the [Opener] of a Breakpad symbol file of the very build of
// the module. It may lie where servers keep it, as app.pdb/ID/app.sym, or in a
// folder itself, as app.sym or app.pdb.sym.
func OpenBreakpad(ctx context.Context, t *Target) (Source, error) {
	name, id := t.debugNames(ctx)
	err := error(ErrNoSource)
	for path := range t.Files(ctx, symNames(name, plainName(t.Path), id)...) {
		f, errOpen := breakpad.Open(path)
		if errOpen != nil {
			err = errOpen
			continue
		}
		found, want := symIdentity(&f.Module, t, id)
		if strings.EqualFold(found, want) {
			return &breakpadSource{f, path}, nil
		}
		err = errors.Join(&MismatchError{path, found, want}, f.Close())
	}
	return nil, err
}

// symNames returns under which names a symbol file may lie.
func symNames(debugFile, module, id string) []string {
	var names []string
	for _, name := range []string{debugFile, module} {
		if name == "" {
			continue
		}
		sym := symName(name)
		if id != "" {
			names = append(names, name+"/"+id+"/"+sym, name+"/"+strings.ToUpper(id)+"/"+sym)
		}
		names = append(names, sym, name+".sym")
	}
	return names
}

// symName returns the name of the symbol file of a PDB or image.
func symName(name string) string {
	switch ext := filepath.Ext(name); strings.ToLower(ext) {
	case ".pdb", ".exe", ".dll":
		return strings.TrimSuffix(name, ext) + ".sym"
	}
	return name + ".sym"
}

// symIdentity returns what is to be compared of a symbol file and a module: the
// debug identifiers, or those of the images where the module has none. A module
// of which neither is known has the file of its name that says no more either.
func symIdentity(m *breakpad.Module, t *Target, id string) (found, want string) {
	switch {
	case id != "":
		return m.DebugID, id
	case m.CodeID != "":
		h := pe.Header{TimeDateStamp: t.TimeDateStamp, SizeOfImage: uint32(t.Size)}
		return m.CodeID, h.CodeID()
	}
	return strings.Trim(m.DebugID, "0"), ""
}

type breakpadSource struct {
	*breakpad.File
	path string
}

func (s *breakpadSource) Origin() (State, string) { return StateBreakpad, s.path }
