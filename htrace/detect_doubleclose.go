package htrace

// DoubleCloseDetector finds closes of a value that nothing had at the time:
//
//	OPEN 0x3c
//	CLOSE 0x3c         the close that was right
//	BADREF 0x3c        the culprit, under NtClose: it failed
//
// The next time the value may have been given out again, and the same close
// then kills an innocent object. It is certain where Windows recorded the
// failure. Two CLOSE entries with no OPEN between, which user-mode verifiers
// write, are possible, or likely where place or thread repeats.
type DoubleCloseDetector struct{}

// Rule returns [DoubleClose].
func (DoubleCloseDetector) Rule() Rule { return DoubleClose }

// Detect returns the findings of an analysis.
func (DoubleCloseDetector) Detect(a *Analysis) []Finding { return a.findings(DoubleClose) }
