package symbols

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/handletrace/handletrace/symbols/pdb"
	"github.com/handletrace/handletrace/symbols/pe"
)

// ModuleFile names the code of one PDB or PE file, by RVA.
type ModuleFile struct {
	img image
}

// OpenModule opens a PDB, or a PE file whose export table then gives the
// names. A file that is neither gives an error that says so of both.
func OpenModule(name string) (*ModuleFile, error) {
	m := &ModuleFile{img: image{Module: Module{Path: filepath.Base(name)}, opened: true}}
	var errPDB, errPE error
	if m.img.pdb, errPDB = pdb.Open(name); errPDB == nil {
		m.img.Machine = m.img.pdb.Machine()
		return m, nil
	}
	if m.img.pe, errPE = pe.Open(name); errPE == nil {
		m.img.Machine = uint16(m.img.pe.Machine)
		return m, nil
	}
	if errors.Is(errPE, pe.ErrNotPE) {
		return nil, errPDB
	}
	return nil, fmt.Errorf("%w; %w", errPDB, errPE)
}

// Close closes the file.
func (m *ModuleFile) Close() error {
	var errs []error
	if m.img.pdb != nil {
		errs = append(errs, m.img.pdb.Close())
	}
	if m.img.pe != nil {
		errs = append(errs, m.img.pe.Close())
	}
	return errors.Join(errs...)
}

// FramesAt returns the frames at an RVA, innermost first; none where nothing
// is known of it.
func (m *ModuleFile) FramesAt(rva uint64) []Frame {
	if rva > 1<<32-1 {
		return nil
	}
	return m.img.framesAt(Frame{Address: rva, Module: m.img.Name(), Offset: rva}, uint32(rva), 0)
}
