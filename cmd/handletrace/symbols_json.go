package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/handletrace/handletrace/symbols"
	"github.com/handletrace/handletrace/symbols/symstore"
)

// moduleJSON is a module as "symbols --json" writes it.
type moduleJSON struct {
	Base    string     `json:"base"`
	Size    uint64     `json:"size"`
	Name    string     `json:"name"`
	Path    string     `json:"path,omitempty"`
	Symbols string     `json:"symbols,omitempty"`      // what the names are taken from
	File    string     `json:"symbols_file,omitempty"` // the file that has them
	Error   string     `json:"error,omitempty"`        // why there is nothing better
	Files   []fileJSON `json:"files"`
}

// fileJSON is a file of a module.
type fileJSON struct {
	Key      string        `json:"key"` // its place in a store
	Path     string        `json:"path,omitempty"`
	Source   string        `json:"source,omitempty"`
	Error    string        `json:"error,omitempty"`
	Attempts []attemptJSON `json:"attempts,omitempty"`
}

type attemptJSON struct {
	Place   string           `json:"place"`
	Outcome symstore.Outcome `json:"outcome"`
	Error   string           `json:"error,omitempty"`
}

// String returns the attempt as one line.
func (a attemptJSON) String() string {
	text := fmt.Sprintf("%s: %s", a.Place, a.Outcome)
	if a.Error != "" {
		text += ": " + a.Error
	}
	return text
}

func newModuleJSON(m *symbols.Module) moduleJSON {
	return moduleJSON{Base: fmt.Sprintf("%#x", m.Base), Size: m.Size, Name: m.Name(), Path: m.Path, Files: []fileJSON{}}
}

// status adds what a resolver knows of the module.
func (m *moduleJSON) status(s *symbols.ModuleStatus) {
	m.Symbols, m.File = string(s.State), s.Path
	if s.Err != nil {
		m.Error = s.Err.Error()
	}
}

// summary says what the names are taken from in one line.
func (m *moduleJSON) summary() string {
	text := m.Symbols
	if m.File != "" {
		text += " (" + m.File + ")"
	}
	if m.Error != "" {
		text += ": " + m.Error
	}
	return text
}

func newFileJSON(k symstore.Key, r symstore.Result, err error) fileJSON {
	f := fileJSON{Key: k.String(), Path: r.Path, Source: r.Source}
	if err != nil {
		f.Error = err.Error()
	}
	for _, a := range r.Attempts {
		one := attemptJSON{Place: a.Place, Outcome: a.Outcome}
		if a.Err != nil {
			one.Error = a.Err.Error()
		}
		f.Attempts = append(f.Attempts, one)
	}
	return f
}

// keysOfModule returns the keys of a module's files: its PDB, where it names
// one that can be asked for, and its image.
func keysOfModule(m *symbols.Module, image bool) []symstore.Key {
	var keys []symstore.Key
	if strings.HasSuffix(strings.ToLower(m.DebugFile), ".pdb") {
		if k, err := symstore.PDBKey(m.DebugFile, m.DebugID); err == nil {
			keys = append(keys, k)
		}
	}
	if k, err := symstore.ImageKey(m.Path, m.TimeDateStamp, uint32(m.Size)); err == nil && image {
		keys = append(keys, k)
	}
	return keys
}

func writeModulesJSON(w io.Writer, list []moduleJSON) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Modules []moduleJSON `json:"modules"`
	}{list})
}
