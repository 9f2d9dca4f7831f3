package htrace

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNoEntries is what a text without an entry of a handle trace gives, as a
// [*NoEntriesError].
var ErrNoEntries = errors.New("htrace: no entry of a handle trace")

// NoEntriesError says what a text without entries held instead.
type NoEntriesError struct {
	Found  string // what there was
	Try    string // what may help
	Counts LineCounts
}

func (e *NoEntriesError) Error() string {
	return fmt.Sprintf("%v in the text: %s; %s", ErrNoEntries, e.Found, e.Try)
}

// Is reports whether target is [ErrNoEntries].
func (e *NoEntriesError) Is(target error) bool { return target == ErrNoEntries }

const (
	tryCopy   = `copy all that !htrace prints, from its first "Handle = " line to "Dumped 0x... stack traces."`
	tryEnable = `switch tracing on with "!htrace -enable", let the fault happen, then save what "!htrace" prints`
)

// emptiness are the reasons for a text to have no entries, the likeliest
// first.
var emptiness = []struct {
	holds func(r *transcriptReader) bool
	found func(r *transcriptReader) string
	try   string
}{
	{
		func(r *transcriptReader) bool { return r.counts.Lines == 0 },
		func(r *transcriptReader) string { return "it is empty" },
		tryCopy,
	}, {
		func(r *transcriptReader) bool { return len(r.complaints) > 0 },
		func(r *transcriptReader) string { return fmt.Sprintf("the debugger said %q", r.complaints[0]) },
		tryEnable,
	}, {
		func(r *transcriptReader) bool { return r.noneOpen },
		func(r *transcriptReader) string {
			return "it is of !htrace -diff, which found no handle that was left open"
		},
		`for handles closed twice save what "!htrace" prints without -diff`,
	}, {
		func(r *transcriptReader) bool { return r.counts.Stray > 0 || r.counts.Broken > 0 },
		func(r *transcriptReader) string {
			return fmt.Sprintf("there are parts of entries (%d lines) but no header that can be read, as in \"Handle = 0x00000b08 - OPEN\"", r.counts.Stray+r.counts.Broken)
		},
		tryCopy,
	}, {
		func(r *transcriptReader) bool { return r.figures },
		func(r *transcriptReader) string { return "!htrace printed no entry: no operation fits" },
		`save what "!htrace" prints without a handle`,
	}, {
		func(r *transcriptReader) bool { return r.counts.Controls > 0 || r.lastCommand.known },
		func(r *transcriptReader) string {
			return "there are lines of !htrace, but none of what it prints of the trace"
		},
		tryEnable,
	}, {
		func(r *transcriptReader) bool { return true },
		func(r *transcriptReader) string {
			return fmt.Sprintf("none of its %d lines is of !htrace", r.counts.Lines)
		},
		tryCopy,
	},
}

func (r *transcriptReader) noEntries() error {
	for _, e := range emptiness {
		if e.holds(r) {
			return &NoEntriesError{Found: strings.TrimSpace(e.found(r)), Try: e.try, Counts: r.counts}
		}
	}
	return ErrNoEntries
}
