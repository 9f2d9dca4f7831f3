package undname

import (
	"errors"
	"fmt"
)

// ErrLimit is reported, wrapped in a [*SyntaxError], for a name that nests
// deeper or becomes longer than the [Options] allow.
var ErrLimit = errors.New("undname: limit exceeded")

// ErrNotDecorated is reported, wrapped in a [*SyntaxError], for a name that
// does not begin as a decorated C++ name.
var ErrNotDecorated = errors.New("undname: not a decorated C++ name")

// SyntaxError says why a name cannot be decoded.
type SyntaxError struct {
	Name   string // the whole name, as given
	Offset int    // byte offset in Name at which decoding stopped
	Reason string // what was wrong or missing there
	Err    error  // ErrLimit, ErrNotDecorated or nil
}

// maxQuoted bounds how much of a name an error's text repeats.
const maxQuoted = 120

func (e *SyntaxError) Error() string {
	name := e.Name
	if len(name) > maxQuoted {
		name = name[:maxQuoted] + "..."
	}
	return fmt.Sprintf("undname: %q, offset %d: %s", name, e.Offset, e.Reason)
}

// Unwrap returns the kind of the error, for [errors.Is].
func (e *SyntaxError) Unwrap() error { return e.Err }
