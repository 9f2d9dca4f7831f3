package simulate

import (
	"slices"

	"github.com/handletrace/handletrace/htrace"
)

// Outcome is how an analyser fared with one bug.
type Outcome string

// Outcomes, the best first.
const (
	Found        Outcome = "found"
	WrongFirst   Outcome = "wrong first close"
	WrongVictim  Outcome = "wrong victim"
	WrongCount   Outcome = "wrong count"
	WrongRule    Outcome = "wrong rule"
	WrongCulprit Outcome = "wrong culprit"
	Missed       Outcome = "missed"
)

// Outcomes are all outcomes.
var Outcomes = []Outcome{Found, WrongFirst, WrongVictim, WrongCount, WrongRule, WrongCulprit, Missed}

// Result is the outcome of one bug of a case.
type Result struct {
	Truth   Truth
	Outcome Outcome
	// Finding is the finding that comes nearest; nil where there is none.
	Finding *htrace.Finding
}

// Extra is a finding that answers to no bug.
type Extra struct {
	Finding *htrace.Finding
	// Of is the fault whose incident was split by the finding; empty where
	// nothing is wrong at all.
	Of string
	// Undecidable is whether that incident cannot be decided, or the healthy
	// place cannot be told from a leak.
	Undecidable bool
}

// Verdict is the judgement over the findings of one case.
type Verdict struct {
	Results []Result
	Extras  []Extra
}

// Judge compares findings with the truth.
func (c *Case) Judge(findings []htrace.Finding) Verdict {
	var v Verdict
	spent := make([]bool, len(findings))
	for _, t := range c.Truth {
		best, outcome := -1, Missed
		for i := range findings {
			if spent[i] {
				continue
			}
			if o := t.compare(&findings[i]); rank(o) < rank(outcome) {
				best, outcome = i, o
			}
		}
		r := Result{Truth: t, Outcome: outcome}
		if best >= 0 {
			spent[best] = true
			r.Finding = &findings[best]
		}
		v.Results = append(v.Results, r)
	}
	for i := range findings {
		if !spent[i] {
			v.Extras = append(v.Extras, c.extra(&findings[i]))
		}
	}
	return v
}

func rank(o Outcome) int { return slices.Index(Outcomes, o) }

// compare says how near a finding comes to the truth.
func (t *Truth) compare(f *htrace.Finding) Outcome {
	best := Missed
	for _, a := range t.Answers {
		if o := a.compare(f); rank(o) < rank(best) {
			best = o
		}
	}
	switch {
	case best == Found && t.Count > 0 && !near(f.Count, t.Count):
		return WrongCount
	case best == Missed && t.touches(f):
		return WrongCulprit
	}
	return best
}

func (a *Answer) compare(f *htrace.Finding) Outcome {
	switch {
	case place(f.Culprit) != a.Culprit:
		return Missed
	case f.Rule != a.Rule:
		return WrongRule
	case !a.AnyFirstClose && place(f.FirstClose) != a.FirstClose:
		return WrongFirst
	case place(f.Victim) != a.Victim:
		return WrongVictim
	}
	return Found
}

// touches reports whether a finding accuses an operation of the incident: one
// of its wrong ones, the right close, or, of a leak, its place's opens.
func (t *Truth) touches(f *htrace.Finding) bool {
	culprit := place(f.Culprit)
	for _, a := range t.Answers {
		if culprit == a.FirstClose && a.FirstClose != None {
			return true
		}
	}
	return slices.Contains(t.Cascade, culprit)
}

// place is an operation's place among the stored entries.
func place(op *htrace.Operation) int {
	if op == nil {
		return None
	}
	return op.Index
}

// near allows a fifth of a leak's objects, and two, for those that are still
// in use at the end.
func near(got, want int) bool {
	tolerance := max(2, want/5)
	return got >= want-tolerance && got <= want+tolerance
}

func (c *Case) looksLeaked(culprit int) bool {
	i := slices.IndexFunc(c.entries, func(e *entry) bool { return e.stored == culprit })
	return i >= 0 && c.machine.looksLeaked(c.entries[i])
}

func (c *Case) extra(f *htrace.Finding) Extra {
	e := Extra{Finding: f}
	for i := range c.Truth {
		if t := &c.Truth[i]; t.touches(f) {
			e.Of, e.Undecidable = t.Fault, t.Undecidable != ""
		}
	}
	if f.Rule == htrace.Leak && e.Of == "" {
		e.Undecidable = c.looksLeaked(place(f.Culprit))
	}
	return e
}

// FalseAlarm reports whether a finding of at least Likely accuses the wrong
// operation. Of an incident that cannot be decided, only a certain one does.
func (r *Result) FalseAlarm() bool {
	if r.Finding == nil || r.Outcome == Found {
		return false
	}
	if r.Truth.Undecidable != "" {
		return r.Outcome == WrongCulprit && r.Finding.Confidence == htrace.Certain
	}
	return r.Outcome == WrongCulprit && r.Finding.Confidence >= htrace.Likely
}

// FalseAlarm reports whether an extra finding is of at least Likely.
func (e *Extra) FalseAlarm() bool {
	if e.Undecidable {
		return e.Finding.Confidence == htrace.Certain
	}
	return e.Finding.Confidence >= htrace.Likely
}
