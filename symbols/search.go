package symbols

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/handletrace/handletrace/symbols/pdb"
)

// pdbName returns the file name under which the PDB of a module is looked for.
// The name is from the dump, so whoever wrote the dump chose it: only a plain
// file name is used, whatever path stands before it.
func (m *Module) pdbName() string {
	name := m.DebugFile[strings.LastIndexAny(m.DebugFile, `\/`)+1:]
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, ":\x00") || !strings.EqualFold(filepath.Ext(name), ".pdb") {
		return ""
	}
	return name
}

// candidates returns where in a folder a module's PDB may be.
func (m *Module) candidates(folder, name string) []string {
	kind := strings.ToLower(strings.TrimPrefix(filepath.Ext(m.Name()), "."))
	if kind == "" {
		kind = "dll"
	}
	return []string{
		filepath.Join(folder, name),
		filepath.Join(folder, kind, name),
		filepath.Join(folder, "symbols", kind, name),
		filepath.Join(folder, name, m.DebugID, name),
	}
}

// findPDB opens the module's PDB. Without one it says what was found instead.
func (m *Module) findPDB(folders []string) (*pdb.File, string) {
	name := m.pdbName()
	switch {
	case len(folders) == 0:
		return nil, "export symbols only: no folder of symbols was given"
	case name == "" || m.DebugID == "":
		return nil, "export symbols only: the module names no PDB"
	}
	note := fmt.Sprintf("export symbols only: %s %s was not found", name, m.DebugID)
	for _, folder := range folders {
		for _, path := range m.candidates(folder, name) {
			// A pipe or device would make the open wait for ever.
			if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
				continue
			}
			f, err := pdb.Open(path)
			switch {
			case err != nil:
				note = fmt.Sprintf("export symbols only: %v", err)
			case !strings.EqualFold(f.DebugID(), m.DebugID):
				note = fmt.Sprintf("export symbols only: no matching PDB (%s is %s, want %s)", path, f.DebugID(), m.DebugID)
				f.Close()
			default:
				return f, ""
			}
		}
	}
	return nil, note
}
