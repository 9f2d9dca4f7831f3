package htrace

import (
	"bytes"
	"io"
)

// IsTranscript reports whether the first bytes of a file look like the text of
// !htrace, as [ReadTranscript] reads it. The more there are the better it
// tells: other output of a debugger may come first, and [IsText] tells whether
// there may be more of it.
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

// IsText reports whether the first bytes of a file are text, in UTF-8, UTF-16
// or a code page. A log of a debugger may have its trace after any amount of
// other output, which only [ReadTranscript] finds out.
func IsText(head []byte) bool {
	text, err := io.ReadAll(decodeText(bytes.NewReader(head)))
	if err != nil || len(text) == 0 {
		return false
	}
	const rare = 32 // of so many bytes one may be a control character
	controls := 0
	for _, c := range text {
		switch {
		case c == 0:
			return false
		case c < ' ' && bytes.IndexByte([]byte("\t\n\v\f\r\b\x1b"), c) < 0:
			controls++
		}
	}
	return controls <= len(text)/rare
}
