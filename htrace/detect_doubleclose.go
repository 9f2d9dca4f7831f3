package htrace

// detectDoubleClose finds closes of a value that nothing had at the time:
//
//	OPEN 0x3c
//	CLOSE 0x3c         the close that was right
//	BADREF 0x3c        the culprit, under NtClose: it failed
//
// The next time the value may have been given out again, and the same close
// then kills an innocent object. It is certain where Windows recorded the
// failure. Two CLOSE entries with no OPEN between, which user-mode verifiers
// write, are possible, or likely where place or thread repeats.
func detectDoubleClose(a *Analysis) []Finding { return a.findings(DoubleClose) }
