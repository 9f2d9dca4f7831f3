package cab

import (
	"errors"
	"fmt"
)

// ErrUnsupported is in the errors about what cabinets may hold and this package
// does not read: Quantum compression, and files that are split over the
// cabinets of a set.
var ErrUnsupported = errors.New("not supported")

// FormatError is damage in a cabinet.
type FormatError struct {
	Offset int64  // of the structure in the cabinet
	Reason string // what is wrong with it
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("cabinet: at offset %#x: %s", e.Offset, e.Reason)
}

func formatErrorf(offset int64, format string, args ...any) error {
	return &FormatError{Offset: offset, Reason: fmt.Sprintf(format, args...)}
}
