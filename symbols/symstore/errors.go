package symstore

import (
	"errors"
	"fmt"

	"github.com/handletrace/handletrace/internal/cab"
	"github.com/handletrace/handletrace/symbols"
	"github.com/handletrace/handletrace/symbols/pdb"
)

var (
	// ErrNotFound is in every error about a file that no place of the path has.
	ErrNotFound = errors.New("not found")
	// ErrOffline is in the errors about files for which a server would have
	// been asked, had that not been forbidden.
	ErrOffline = errors.New("the network is not to be used")
)

// NotFoundError reports that no place of the path has a file. It is
// [ErrNotFound], and all that the attempts met: a [symbols.MismatchError] where
// there is a file of another build, [ErrOffline] where a server was not asked.
type NotFoundError struct {
	Key      Key
	Attempts []Attempt
}

// Error names the attempt that tells the most.
func (e *NotFoundError) Error() string {
	a, ok := e.telling()
	switch {
	case len(e.Attempts) == 0:
		return "not found: the symbol path has no place to look in"
	case !ok:
		return fmt.Sprintf("not found in %s", places(e.Attempts))
	}
	return fmt.Sprintf("not found: %v", a)
}

// tellingOutcomes are the outcomes that say why there is no file, those that
// say the most first.
var tellingOutcomes = []Outcome{Mismatch, Corrupt, Refused, Unreachable, Unwritable, Skipped}

// telling returns the attempt that says the most; false where all places just
// lack the file.
func (e *NotFoundError) telling() (Attempt, bool) {
	for _, o := range tellingOutcomes {
		for _, a := range e.Attempts {
			if a.Outcome == o {
				return a, true
			}
		}
	}
	return Attempt{}, false
}

func places(list []Attempt) string {
	if len(list) == 1 {
		return list[0].Place
	}
	return fmt.Sprintf("%d places", len(list))
}

// Unwrap returns ErrNotFound and the errors of the attempts.
func (e *NotFoundError) Unwrap() []error {
	errs := []error{ErrNotFound}
	for _, a := range e.Attempts {
		if a.Err != nil {
			errs = append(errs, a.Err)
		}
	}
	return errs
}

// outcomeOf tells a file of another build, and one of a form that is not read,
// from one that is none at all.
func outcomeOf(err error) Outcome {
	mismatch := (*symbols.MismatchError)(nil)
	switch {
	case errors.As(err, &mismatch):
		return Mismatch
	case errors.Is(err, pdb.ErrUnsupported), errors.Is(err, cab.ErrUnsupported), errors.Is(err, errTooLarge):
		return Refused
	}
	return Corrupt
}
