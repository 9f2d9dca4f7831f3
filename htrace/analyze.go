package htrace

import (
	"cmp"
	"slices"

	"github.com/handletrace/handletrace/minidump"
)

// AnalyzeOptions say what an analysis may use. The zero value works.
type AnalyzeOptions struct {
	// Code names the code on the stacks and tells the system's modules from
	// the application's. Without it places are told apart by address alone,
	// what is the system's is inferred from where it stands on the stacks, and
	// findings have no names.
	Code Code
	// Detectors are what to look for; nil means [Detectors].
	Detectors []Detector
	// Plumbing names modules, without extension and in any case, whose frames
	// are never responsible for what they do, beside those that the package
	// knows: a framework of one's own that opens and closes for others, a
	// hooking library. A name that ends in * stands for all that begin so.
	Plumbing []string
	// Dump is where the trace is from, for detectors that look further; nil
	// for a transcript.
	Dump *minidump.File
}

// Analyze finds who misused a handle: the surest and worst findings first.
func Analyze(t *Trace, opts AnalyzeOptions) []Finding { return NewAnalysis(t, opts).Findings() }

// Findings runs the detectors: the surest and worst findings first.
func (a *Analysis) Findings() []Finding {
	detectors := a.opts.Detectors
	if detectors == nil {
		detectors = Detectors()
	}
	var findings []Finding
	complete := a.trace.completeness(a.histories)
	for _, d := range detectors {
		for _, f := range d.Detect(a) {
			if f.Rule == "" {
				f.Rule = d.Rule()
			}
			f.Caveats = append(f.Caveats, a.lostFrames(f.Culprit)...)
			f.Caveats = append(f.Caveats, complete.weaknesses(f.Rule)...)
			a.identify(&f)
			findings = append(findings, f)
		}
	}
	slices.SortStableFunc(findings, func(x, y Finding) int {
		return cmp.Or(
			cmp.Compare(y.Confidence, x.Confidence),
			cmp.Compare(severityOf(x.Rule), severityOf(y.Rule)),
			cmp.Compare(y.Count, x.Count),
		)
	})
	a.bringForward(findings)
	return findings
}

// mostOfFragment is how many operations a fragment has at most.
const mostOfFragment = 40

// Analysis is what is known of a trace when the detectors look at it: the
// lives of its objects, the places in the code, and which of them go together.
// It is not safe for concurrent use.
type Analysis struct {
	opts      AnalyzeOptions
	trace     *Trace
	code      Code
	sites     *siteTable
	histories []*history
	usage     *habits
	crowd     *crowd
	closeHead map[uint64]bool // innermost addresses of the closes
	incidents []*incident
	offenders *offenders
	// outstanding is set for a list of what was opened and is still open, such
	// as !htrace -diff prints.
	outstanding bool
	// fragment is set for a few operations out of more, as somebody thought
	// worth showing.
	fragment bool
	guilty   map[int32]bool // operations of an incident
	// counted tells of each operation that the habits count as an object's end
	// the open of that object.
	counted []int32
	pairs   map[uint64]int32 // how many of them, by stacks
	// opensBefore counts the opens before each operation, once it is asked for.
	opensBefore []int32
	// stacksOf and siteOf number the stack of each operation and the place of
	// each stack; the last is for all that other processes do.
	stacksOf []int32
	threads  []uint32 // of each operation
	siteOf   []siteID
	duos     map[uint64]*duo
	effort   int          // how many choices were looked at
	begun    bool         // whether objects are older than the trace
	calls    []stackCalls // by stack
}

// NewAnalysis prepares an analysis. It does most of the work: the detectors
// pick what they report from it.
func NewAnalysis(t *Trace, opts AnalyzeOptions) *Analysis {
	a := &Analysis{opts: opts, trace: t, code: opts.Code}
	if a.code == nil {
		a.code = noCode{}
	}
	a.numberStacks()
	a.histories = t.histories()
	a.pairUp()
	a.sites = newSiteTable(a.code, opts.Plumbing, t.stacks, a.pairs)
	a.numberSites()
	a.outstanding = t.Count(KindOpen) == len(t.Operations) && !t.lack.handle
	a.fragment = len(a.histories) > 1 && (t.lack.cut || t.lack.missing > 0) && len(t.Operations) <= mostOfFragment
	a.duos = make(map[uint64]*duo)
	a.learnCloses()
	a.calls, a.guilty = make([]stackCalls, len(t.stacks)), make(map[int32]bool)
	a.crowd = a.newCrowd()
	a.learn()
	a.unlearn()
	a.begun = a.trace.completeness(a.histories).Begun > 0
	a.investigateAll()
	for _, in := range a.incidents {
		a.guilty[in.culprit] = true
		for _, op := range in.related {
			a.guilty[op] = true
		}
	}
	return a
}

// pairUp notes which object each close ended, as far as both can be known, and
// counts the pairs of stacks that open and close.
func (a *Analysis) pairUp() {
	a.counted, a.pairs = make([]int32, len(a.trace.Operations)), make(map[uint64]int32)
	for i := range a.counted {
		a.counted[i] = none
	}
	for _, h := range a.histories {
		for i := range h.lives {
			if l := &h.lives[i]; l.open != none && l.close != none {
				a.counted[l.close] = l.open
			}
		}
	}
	for close, open := range a.counted {
		switch {
		case open == none:
		case a.foreign(int32(close)):
			a.counted[close] = none
		default:
			a.pairs[a.stackPair(open, int32(close))]++
		}
	}
}

func (a *Analysis) op(i int32) *Operation    { return &a.trace.Operations[i] }
func (a *Analysis) thread(i int32) uint32    { return a.threads[i] }
func (a *Analysis) stack(i int32) *stackInfo { return &a.sites.stacks[a.trace.stackOf[i]] }

// site returns the place of an operation. What other processes do counts as
// one place: their code is not known.
func (a *Analysis) site(i int32) siteID { return a.siteOf[a.stacksOf[i]] }

func (a *Analysis) foreign(i int32) bool { return int(a.stacksOf[i]) == len(a.trace.stacks) }

// numberStacks numbers the stack of each operation, and as the last what other
// processes do. Threads stand beside them, for the operations themselves are
// large.
func (a *Analysis) numberStacks() {
	a.stacksOf, a.threads = slices.Clone(a.trace.stackOf), make([]uint32, len(a.trace.Operations))
	for i := range a.trace.Operations {
		a.threads[i] = a.trace.Operations[i].ThreadID
		if a.trace.IsForeign(a.op(int32(i))) {
			a.stacksOf[i] = int32(len(a.trace.stacks))
		}
	}
}

// numberSites tells the place of each stack.
func (a *Analysis) numberSites() {
	a.siteOf = make([]siteID, 0, len(a.sites.stacks)+1)
	for i := range a.sites.stacks {
		a.siteOf = append(a.siteOf, a.sites.stacks[i].site)
	}
	a.siteOf = append(a.siteOf, a.sites.foreign)
}

// learnCloses notes the innermost addresses of the closes, which tell a close
// from a use where no name is known.
func (a *Analysis) learnCloses() {
	a.closeHead = make(map[uint64]bool)
	for i := range a.trace.Operations {
		if a.trace.Operations[i].Kind == KindClose {
			a.closeHead[a.stack(int32(i)).head] = true
		}
	}
}

// isClose reports whether an operation tried to close its handle.
func (a *Analysis) isClose(i int32) bool {
	if a.op(i).Kind != KindBadReference {
		return a.op(i).Kind == KindClose
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
