package htrace

// UseAfterCloseDetector finds uses of a value after the close that was right:
//
//	OPEN 0x3c
//	CLOSE 0x3c
//	BADREF 0x3c        the culprit, under NtSetEvent, NtReadFile...
//
// It is certain, for Windows recorded the failure. Uses that came when the
// value belonged to somebody else succeed and are not recorded, so they cannot
// be seen.
type UseAfterCloseDetector struct{}

// Rule returns [UseAfterClose].
func (UseAfterCloseDetector) Rule() Rule { return UseAfterClose }

// Detect returns the findings of an analysis.
func (UseAfterCloseDetector) Detect(a *Analysis) []Finding { return a.findings(UseAfterClose) }
