package htrace

import "bytes"

// IsTranscript reports whether the first bytes of a file look like the text of
// !htrace, as [ReadTranscript] reads it. The more there are the better it
// tells: other output of a debugger may come first.
func IsTranscript(head []byte) bool {
	lines := newLineReader(decodeText(bytes.NewReader(head)), maxLine+sniffSize)
	var clean cleaner
	for {
		b, ok := lines.next()
		if !ok {
			return false
		}
		for piece := range bytes.SplitSeq(clean.clean(b), []byte{'\n'}) {
			if speaksForTrace(trimLine(piece)) {
				return true
			}
		}
	}
}

func speaksForTrace(b []byte) bool {
	var r record
	if classifyDecorated(b, &r); r.kind == linePrompt {
		classify(r.text, &r)
	}
	switch r.kind {
	case lineHeader, lineThread:
		return r.fit == whole
	case lineFrame:
		return r.fit == whole && (len(r.location.function) > 0 || len(r.location.module) == 0)
	}
	return strong[r.kind]
}
