package htrace

import (
	"bytes"
	"slices"
)

// maxWrapped is how many lines one may have been wrapped into.
const maxWrapped = 4

// wrapped is a line that ends too early: its rest may be on the next, as mail
// and terminals wrap lines, or nowhere.
type wrapped struct {
	text   []byte // all lines so far, joined
	first  int    // length of the first line in text
	lines  int    // how many lines text has; 0 where none is held
	quoted bool
	kind   lineKind
}

// incomplete reports whether the line may go on in the next.
func (r *transcriptReader) incomplete() bool {
	switch rec := &r.rec; rec.kind {
	case lineHeader:
		return rec.fit == partial
	case lineThread:
		return r.entry.open && !r.entry.hasThread && (rec.fit == partial || r.short())
	case lineFrame:
		return r.entry.open && (rec.fit == partial || r.short())
	}
	return false
}

// short reports whether the number at the end of the line has fewer digits
// than the one at its start, though this form of the text pads both: some may
// be on the next line.
func (r *transcriptReader) short() bool {
	rec := &r.rec
	switch {
	case !r.entry.padded || rec.fit != whole || rec.comment:
		return false
	case rec.kind == lineFrame:
		return rec.location.atEnd && rec.location.offset.digits < rec.number.digits
	}
	return rec.kind == lineThread && rec.process.digits < rec.thread.digits
}

// hold keeps a line. A warning that came between the address and the name of
// a frame is no part of it.
func (r *transcriptReader) hold(b []byte) {
	if noise := r.rec.location.text; r.rec.kind == lineFrame && len(noise) > 0 && noise[0] == '*' {
		b = b[:len(b)-len(noise)]
		r.counts.Debugger++
	}
	w := &r.wrap
	w.text = append(w.text[:0], b...)
	w.first, w.lines, w.quoted, w.kind = len(b), 1, r.quoted, r.rec.kind
}

// resume tries a line, with and without its marks of quoting, as the rest of
// the one that is held. It reports whether it was.
func (r *transcriptReader) resume(full, b []byte) bool {
	switch r.rec.kind {
	case lineDebugger: // these come in the middle of anything
		return false
	case lineOther:
	default:
		rec, raw := r.rec, r.raw
		r.release(false)
		r.rec, r.raw = rec, raw
		return false
	}
	w := &r.wrap
	if !w.quoted {
		b = full
	}
	length := len(w.text)
	if needsBlank(w.text, b) {
		w.text = append(w.text, ' ')
	}
	w.text = append(w.text, b...)
	if classify(w.text, &r.rec); r.rec.kind == w.kind {
		if r.rec.fit == whole && !r.short() {
			r.counts.Wrapped += w.lines
			w.lines = 0
			r.raw = nil
			r.act()
			return true
		}
		if r.rec.fit == partial && w.lines+1 < maxWrapped {
			w.lines++
			return true
		}
	}
	w.text = w.text[:length]
	r.release(false)
	r.rec = record{}
	return false
}

// release takes the held line for what it is without the lines behind it.
// Where the text ends in it, it may be cut, so that its name cannot be
// trusted.
func (r *transcriptReader) release(cut bool) {
	w := &r.wrap
	if w.lines == 0 {
		return
	}
	r.counts.Other += w.lines - 1
	w.lines = 0
	r.raw = nil
	if classify(w.text[:w.first], &r.rec); r.rec.kind == lineOther {
		r.counts.Other++
		return
	}
	if cut {
		fitted := r.rec.fit
		r.rec.fit = broken
		if r.rec.process = (number{}); fitted == partial {
			r.rec.thread = number{}
		}
	}
	r.act()
}

// spacedWords are those that end at a blank inside a C++ name.
var spacedWords = [][]byte{
	[]byte("const"), []byte("unsigned"), []byte("signed"), []byte("class"), []byte("struct"), []byte("enum"), []byte("union"),
	[]byte("long"), []byte("short"), []byte("volatile"), []byte("operator"), []byte("`anonymous"), []byte("`vector"), []byte("deleting"),
}

// needsBlank reports whether a blank stood where a line was wrapped. Most
// wrapping takes it away.
func needsBlank(head, tail []byte) bool {
	if len(tail) == 0 || len(head) == 0 {
		return false
	}
	if head[len(head)-1] == '>' && tail[0] == '>' {
		return true
	}
	i := len(head)
	for i > 0 && (isWord(head[i-1]) || head[i-1] == '`') {
		i--
	}
	return slices.ContainsFunc(spacedWords, func(w []byte) bool { return bytes.Equal(w, head[i:]) })
}
