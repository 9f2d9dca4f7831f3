package htrace

import (
	"bytes"
	"io"
)

const (
	// maxLine is how long a line may be, in bytes. A symbol has some thousand
	// at most, so a longer line is no part of a trace.
	maxLine = 64 << 10
	// lineBuffer is how much is read at once.
	lineBuffer = 256 << 10
	// maxEmptyReads is how often in a row a reader may return nothing.
	maxEmptyReads = 100
)

// lineReader splits a text into lines, in a buffer of its own.
type lineReader struct {
	src        io.Reader
	buf        []byte
	start, end int
	eol        byte
	err        error
	overlong   int  // lines that were too long, and left out
	ragged     bool // whether the last line had no end
}

// newLineReader makes a reader with a buffer of size bytes, of more than a
// line. It fills the buffer to see how the text ends its lines.
func newLineReader(src io.Reader, size int) *lineReader {
	l := &lineReader{src: src, buf: make([]byte, size), eol: '\n'}
	for l.err == nil && l.end < size {
		l.fill()
	}
	if head := l.buf[:l.end]; bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		l.eol = '\r'
	}
	return l
}

// next returns the next line without its end. It is valid until the next call.
func (l *lineReader) next() ([]byte, bool) {
	skipping := false
	for scanned := l.start; ; {
		n := bytes.IndexByte(l.buf[scanned:l.end], l.eol)
		switch {
		case n >= 0:
			line := l.buf[l.start : scanned+n]
			l.start = scanned + n + 1
			scanned = l.start
			if !l.tooLong(line, skipping) {
				return line, true
			}
			skipping = false
			continue
		case l.err != nil:
			line := l.buf[l.start:l.end]
			l.start = l.end
			if l.tooLong(line, skipping) || len(line) == 0 {
				return nil, false
			}
			l.ragged = true
			return line, true
		case l.end-l.start > maxLine:
			skipping = true
			l.start = l.end
		}
		pending := l.end - l.start
		l.fill()
		scanned = l.start + pending
	}
}

func (l *lineReader) tooLong(line []byte, skipping bool) bool {
	if skipping || len(line) > maxLine {
		l.overlong++
		return true
	}
	return false
}

// fill reads more behind what is left of the buffer.
func (l *lineReader) fill() {
	l.end = copy(l.buf, l.buf[l.start:l.end])
	l.start = 0
	for range maxEmptyReads {
		var n int
		n, l.err = l.src.Read(l.buf[l.end:])
		l.end += n
		if n > 0 || l.err != nil {
			return
		}
	}
	l.err = io.ErrNoProgress
}
