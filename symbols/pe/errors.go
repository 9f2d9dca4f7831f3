package pe

import (
	"errors"
	"fmt"
)

var (
	// ErrNotPE is reported for data without the signatures of a PE image.
	ErrNotPE = errors.New("pe: not a PE image")

	// ErrNoExports is reported for an image that exports nothing.
	ErrNoExports = errors.New("pe: no export table")

	// ErrNoRuntimeFunctions is reported for an image without a table of its
	// functions, as every x86 image is.
	ErrNoRuntimeFunctions = errors.New("pe: no function table")

	// ErrNoDebugDirectory is reported for an image without debug entries.
	ErrNoDebugDirectory = errors.New("pe: no debug directory")

	// ErrNoCodeView is reported for an image that names no PDB.
	ErrNoCodeView = errors.New("pe: no CodeView record")

	// ErrNoSymbols is reported for an image without a COFF symbol table, and
	// for every image in memory.
	ErrNoSymbols = errors.New("pe: no COFF symbols")

	// ErrUnmapped is reported for a read at an RVA that no part of the image
	// covers.
	ErrUnmapped = errors.New("pe: no part of the image is at this RVA")
)

// FormatError reports a part of an image that is not as its format demands, or
// whose bytes could not be read.
type FormatError struct {
	Part   string // the part of the image, as "export names"
	Offset int64  // RVA; for file headers and COFF symbols the file offset
	Want   string // what was expected there
	Count  int    // how often it was found missing; Offset is the first place
	Err    error  // why the bytes could not be read, nil if they could
}

func (e *FormatError) Error() string {
	s := fmt.Sprintf("pe: %s, offset %#x: want %s", e.Part, e.Offset, e.Want)
	if e.Count > 1 {
		s += fmt.Sprintf(" (%d times)", e.Count)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the failure of the read, so that a caller can tell an absent
// page from damaged bytes.
func (e *FormatError) Unwrap() error { return e.Err }
