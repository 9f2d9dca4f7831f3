package symbols

import (
	"context"

	"github.com/handletrace/handletrace/symbols/pe"
)

// OpenCOFF is the [Opener] of the COFF symbols that GNU, LLVM and Go linkers
// write into the module's file. A loader leaves them out, so that the file must
// be found.
func OpenCOFF(ctx context.Context, t *Target) (Source, error) {
	if img, err := t.Image(ctx); err == nil && img.NumberOfSymbols() == 0 {
		return nil, ErrNoSource
	}
	img, path, err := t.ImageFile(ctx)
	if err != nil {
		return nil, err
	}
	table, err := img.SymbolTable()
	if err != nil || table.Len() == 0 {
		return nil, ErrNoSource
	}
	return coffSource{table, path}, nil
}

// coffSource reads the module's file, which its [Target] closes.
type coffSource struct {
	*pe.SymbolTable
	path string
}

func (s coffSource) Origin() (State, string) { return StateCOFF, s.path }

func (s coffSource) Close() error { return nil }
