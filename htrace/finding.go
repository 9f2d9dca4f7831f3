package htrace

import (
	"fmt"
	"slices"
)

// Rule names a kind of misuse.
type Rule string

// Rules.
const (
	// DoubleClose is a close of a value that nothing had.
	DoubleClose Rule = "double-close"
	// StolenClose is a close that succeeded and killed somebody else's object.
	StolenClose Rule = "stolen-close"
	// UseAfterClose is a use of a value after the close that was right.
	UseAfterClose Rule = "use-after-close"
	// BadReference is a use or close of a value with no history in the
	// trace.
	BadReference Rule = "bad-reference"
	// WrongClose is a close by another API than the one that opened.
	WrongClose Rule = "wrong-close"
	// TableMismatch is a disagreement between trace and handle table.
	TableMismatch Rule = "table-mismatch"
	// Leak is a place whose objects are opened and not closed.
	Leak Rule = "leak"
)

// Confidence says how sure a finding is.
type Confidence uint8

// Confidences, the least first.
const (
	// Possible rests on one kind of evidence.
	Possible Confidence = iota + 1
	// Likely rests on two independent kinds of evidence.
	Likely
	// Certain means that Windows recorded the failure, and the trace holds the
	// earlier close.
	Certain
)

var confidenceNames = [...]string{Possible: "possible", Likely: "likely", Certain: "certain"}

// String returns "possible", "likely" or "certain", as the command line and JSON
// spell it.
func (c Confidence) String() string {
	if c >= Possible && c <= Certain {
		return confidenceNames[c]
	}
	return fmt.Sprintf("confidence %d", uint8(c))
}

// ParseConfidence is the reverse of String.
func ParseConfidence(s string) (Confidence, error) {
	for c := Possible; c <= Certain; c++ {
		if confidenceNames[c] == s {
			return c, nil
		}
	}
	return 0, fmt.Errorf("htrace: confidence %q, want possible, likely or certain", s)
}

// Finding is one incident of misuse.
type Finding struct {
	Rule       Rule
	Confidence Confidence
	Value      uint64 // the handle without its tag bits
	// ID is the finding's identity: equal for the same misuse by the same code
	// in another run, another dump and, where symbols name the code, another
	// build. Several findings of one analysis may share it. Baselines and
	// reports to other systems are kept by it.
	ID      string
	Message string // what happened, in a few plain sentences
	// Culprit is the operation at fault: the second close, the use after
	// close, the newest open of a leak.
	Culprit *Operation
	// Where is the frame of Culprit's stack that is responsible for it: the
	// innermost that is neither the system's nor a runtime's.
	Where Frame
	// FirstClose is the close that was right; nil where there is none.
	FirstClose *Operation
	// Victim is the open of the object that a stolen close killed; nil
	// elsewhere.
	Victim *Operation
	// Related are further operations of the same incident, in the order of
	// time: the failures that followed, or the other opens of a leak.
	Related []*Operation
	// Count is how many objects leaked or disagree with the handle table, or
	// how often the bad reference or wrong close happened; 1 elsewhere.
	Count int
	// AtException is whether the dump was written when this failed.
	AtException bool
	// Caveats are what the trace lacks that would make this surer or refute
	// it, in sentences; none where nothing of the kind is missing.
	Caveats []string
}

// severities order rules, the worst first.
var severities = []Rule{StolenClose, DoubleClose, UseAfterClose, WrongClose, Leak, BadReference, TableMismatch}

// severityOf returns the place of a rule, after all others where it is not one
// of this package.
func severityOf(r Rule) int {
	if i := slices.Index(severities, r); i >= 0 {
		return i
	}
	return len(severities)
}
