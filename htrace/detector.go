package htrace

// Detector finds one kind of misuse. Those of this package are listed by
// [Detectors]; a program of one's own adds others to that list in
// [AnalyzeOptions].
//
// A detector must not keep or change what it is given. It is called once for
// each analysis, so one value may serve many, also at the same time, if it
// keeps nothing itself.
type Detector interface {
	// Rule names what the detector finds, in lower case with hyphens. It is
	// how findings are switched off and told apart.
	Rule() Rule
	// Detect returns what it found, best made with [Analysis.NewFinding].
	Detect(a *Analysis) []Finding
}

// Detectors returns the detectors of this package, the worst misuse first.
func Detectors() []Detector {
	return []Detector{
		StolenCloseDetector{},
		DoubleCloseDetector{},
		UseAfterCloseDetector{},
		WrongCloseDetector{},
		LeakDetector{},
		BadReferenceDetector{},
		TableMismatchDetector{},
	}
}

// NewDetector makes a detector of a function.
func NewDetector(rule Rule, find func(a *Analysis) []Finding) Detector {
	return detectorFunc{rule, find}
}

type detectorFunc struct {
	rule Rule
	find func(a *Analysis) []Finding
}

func (d detectorFunc) Rule() Rule                   { return d.rule }
func (d detectorFunc) Detect(a *Analysis) []Finding { return d.find(a) }
