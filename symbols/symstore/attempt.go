package symstore

import (
	"context"
	"fmt"
	"sync"
)

// Outcome is what came of looking for a file in one place.
type Outcome string

// Outcomes.
const (
	Found       Outcome = "found"
	Missing     Outcome = "not there"
	Mismatch    Outcome = "of another build"
	Corrupt     Outcome = "damaged"
	Refused     Outcome = "refused"     // by the server, or by a rule of this package
	Unreachable Outcome = "unreachable" // the server, or the folder
	Unwritable  Outcome = "cannot be written"
	Skipped     Outcome = "not asked" // offline, or the server was given up before
	Copied      Outcome = "copied"
)

// Attempt is one place in which a file was looked for, or into which it was
// copied.
type Attempt struct {
	Place   string // a path, or a URL without its query
	Outcome Outcome
	Err     error // what is known beyond the outcome; nil for nothing
}

// String returns the attempt as one line.
func (a Attempt) String() string {
	if a.Err == nil {
		return fmt.Sprintf("%s: %s", a.Place, a.Outcome)
	}
	return fmt.Sprintf("%s: %s: %v", a.Place, a.Outcome, a.Err)
}

// record collects the attempts of one search.
type record struct {
	mu   sync.Mutex
	list []Attempt
}

func (r *record) add(place string, o Outcome, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, Attempt{place, o, err})
}

// attempts returns what was recorded so far.
func (r *record) attempts() []Attempt {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.list[:len(r.list):len(r.list)]
}

// Result is a file that was found.
type Result struct {
	Path     string // of the file on this machine, expanded
	Source   string // where it was: a path, or a URL without its query
	Attempts []Attempt
}

type recordKey struct{}

// withRecord lets what works for a search record its attempts.
func withRecord(ctx context.Context, r *record) context.Context {
	return context.WithValue(ctx, recordKey{}, r)
}

// note records an attempt of the search that ctx belongs to.
func note(ctx context.Context, place string, o Outcome, err error) {
	if r, ok := ctx.Value(recordKey{}).(*record); ok {
		r.add(place, o, err)
	}
}
