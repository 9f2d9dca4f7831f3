package pdb

import (
	"errors"
	"fmt"
)

var (
	// ErrNotPDB is reported for a file that is no program database at all.
	ErrNotPDB = errors.New("pdb: not a program database")

	// ErrUnsupported is reported, with the form's name, for a program database
	// in a form that this package does not read: MSF 2.00, MSFZ, portable PDB.
	ErrUnsupported = errors.New("pdb: unsupported form of program database")

	// ErrNoStream is reported for a stream that the file does not have.
	ErrNoStream = errors.New("pdb: no such stream")
)

// FormatError reports data that is not as its format demands.
type FormatError struct {
	Stream string // the stream's usual name, "superblock" and "directory" included
	Offset int64  // byte offset inside that stream
	Want   string // what was expected there
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("pdb: %s, offset %#x: want %s", e.Stream, e.Offset, e.Want)
}
