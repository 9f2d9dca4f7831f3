package htrace

import (
	"cmp"
	"slices"
)

// AnalyzeOptions say what an analysis may use. The zero value works.
type AnalyzeOptions struct {
	// Code names the code on the stacks and tells the system's modules from
	// the application's. Without it places are told apart by address alone,
	// and findings have no names.
	Code Code
}

// Analyze finds who misused a handle: the worst and surest findings first.
func Analyze(t *Trace, opts AnalyzeOptions) []Finding {
	a := newAnalysis(t, opts)
	var findings []Finding
	for _, detect := range detectors {
		findings = append(findings, detect(a)...)
	}
	slices.SortStableFunc(findings, func(x, y Finding) int {
		return cmp.Or(
			cmp.Compare(y.Confidence, x.Confidence),
			cmp.Compare(severity[x.Rule], severity[y.Rule]),
			cmp.Compare(y.Count, x.Count),
		)
	})
	return findings
}

// detectors are the rules, each in a file of its own.
var detectors = []func(*Analysis) []Finding{
	detectStolenClose,
	detectDoubleClose,
	detectUseAfterClose,
	detectWrongClose,
	detectLeak,
	detectBadReference,
	detectTableMismatch,
}

// Analysis is what the detectors share.
type Analysis struct {
	trace     *Trace
	code      Code
	sites     *siteTable
	histories []*history
	usage     usage
	closeHead map[uint64]bool // innermost addresses of the closes
	incidents []*incident
	// outstanding is set for a list of what was opened and is still open, such
	// as !htrace -diff prints.
	outstanding bool
	guilty      map[int32]bool // operations of an incident
	calls       []stackCalls   // by stack
}

func newAnalysis(t *Trace, opts AnalyzeOptions) *Analysis {
	a := &Analysis{trace: t, code: opts.Code}
	if a.code == nil {
		a.code = noCode{}
	}
	a.histories = t.histories()
	a.sites = newSiteTable(a.code, t.stacks, a.stackPairs())
	a.outstanding = t.Count(Open) == len(t.Operations)
	a.learn()
	a.learnCloses()
	a.calls, a.guilty = make([]stackCalls, len(t.stacks)), make(map[int32]bool)
	for _, h := range a.histories {
		a.incidents = append(a.incidents, a.investigate(h)...)
	}
	for _, in := range a.incidents {
		a.guilty[in.culprit] = true
		for _, op := range in.related {
			a.guilty[op] = true
		}
	}
	return a
}

// stackPairs returns the pairs of stacks that opened and closed an object.
func (a *Analysis) stackPairs() map[[2]int32]bool {
	pairs := make(map[[2]int32]bool)
	for _, h := range a.histories {
		for i := range h.lives {
			if l := &h.lives[i]; l.open != none && l.close != none && !a.foreign(l.open) && !a.foreign(l.close) {
				pairs[[2]int32{a.trace.stackOf[l.open], a.trace.stackOf[l.close]}] = true
			}
		}
	}
	return pairs
}

func (a *Analysis) op(i int32) *Operation    { return &a.trace.Operations[i] }
func (a *Analysis) thread(i int32) uint32    { return a.trace.Operations[i].ThreadID }
func (a *Analysis) stack(i int32) *stackInfo { return &a.sites.stacks[a.trace.stackOf[i]] }
func (a *Analysis) site(i int32) siteID      { return a.stack(i).site }
func (a *Analysis) foreign(i int32) bool     { return a.trace.IsForeign(a.op(i)) }

// learnCloses notes the innermost addresses of the closes, which tell a close
// from a use where no name is known.
func (a *Analysis) learnCloses() {
	a.closeHead = make(map[uint64]bool)
	for i := range a.trace.Operations {
		if a.trace.Operations[i].Kind == Close {
			a.closeHead[a.stack(int32(i)).head] = true
		}
	}
}

// isClose reports whether an operation tried to close its handle.
func (a *Analysis) isClose(i int32) bool {
	if a.op(i).Kind != BadReference {
		return a.op(i).Kind == Close
	}
	s := a.stack(i)
	switch s.call {
	case closeCall:
		return true
	case otherCall:
		return false
	}
	// The dispatcher of the exception, and a verifier's, may lie further in.
	for _, addr := range a.op(i).Stack[:min(len(a.op(i).Stack), 3)] {
		if a.closeHead[addr] {
			return true
		}
	}
	return false
}
