package htrace

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/handletrace/handletrace/callstack"
)

// place is what a transcript says of an address.
type place struct {
	raw              string // as printed, to know it again; empty where it was not whole
	module, function string
	offset           uint64
	print            int // number of the print that said so first
	more             *placeMore
}

// placeMore is what few places have.
type placeMore struct {
	file    string
	line    int
	inlined []place // functions inlined there, innermost first
}

// location is a place in the bytes of a line.
type location struct {
	module, function []byte
	offset           number
	source           []byte // file @ line
	comment          bool
	atEnd            bool   // whether the offset ends the line
	text             []byte // all of it
}

// parseLocation reads what is behind the colon of a frame: module!symbol+0x12,
// module+0x12 or +0x12. Symbols hold nearly every character, so it splits at
// the first ! and the last +0x before an author's comment. It is partial where
// there is no offset: all that there is is what it returns then.
func parseLocation(b []byte) (l location, f fit) {
	if l.text = b; len(b) == 0 || b[0] == '*' { // a warning that came between
		return l, partial
	}
	at, end, offset := findOffset(b)
	var name, rest []byte
	if at >= 0 {
		name, rest, f = b[:at], skipBlanks(b[end:]), whole
		l.offset, l.atEnd = offset, end == len(b)
	} else {
		name, rest = cutComment(b)
		f = partial
	}
	l.source, l.comment = splitSource(rest)
	name = trimRight(name)
	if bang := bytes.IndexByte(name, '!'); bang >= 0 {
		l.module, l.function = trimRight(name[:bang]), skipBlanks(name[bang+1:])
	} else {
		l.module = name
	}
	if bytes.ContainsAny(l.module, " \t:<>()") || bytes.IndexByte(name, '!') == 0 {
		return location{}, misfit
	}
	return l, f
}

// findOffset returns where the offset starts, where it ends and what it is;
// -1 where there is none. It is the last +0x that has digits and no word on
// its heels, or the first that a comment follows.
func findOffset(b []byte) (at, end int, offset number) {
	at = -1
	for i := 0; i < len(b); i++ {
		if b[i] != '+' {
			continue
		}
		rest := skipBlanks(b[i+1:])
		if len(rest) < 3 || rest[0] != '0' || rest[1]|0x20 != 'x' {
			continue
		}
		num, n := scanHex(rest[2:])
		if num.digits == 0 || num.digits > maxDigits || len(rest) > 2+n && isWord(rest[2+n]) {
			continue
		}
		at, end, offset = i, len(b)-len(rest)+2+n, num
		if isComment(b[end:]) {
			break
		}
	}
	return at, end, offset
}

// commentMarks are what authors put between a frame and their words, and
// debuggers before the source file.
var commentMarks = []string{"<-", "<=", "//", ";", "[", "#", "--", "==", "(", "**"}

// isComment reports whether b, behind an offset, starts a comment. Symbols
// have no two blanks in a row.
func isComment(b []byte) bool {
	bare := skipBlanks(b)
	if len(bare) == 0 {
		return false
	}
	if len(b)-len(bare) > 1 || len(b) > len(bare) && b[0] == '\t' {
		return true
	}
	for _, m := range commentMarks {
		if !bytes.HasPrefix(bare, []byte(m)) {
			continue
		}
		return len(b) > len(bare) || m[0] == '<'
	}
	return false
}

// cutComment parts a name without an offset from an author's words.
func cutComment(b []byte) (name, rest []byte) {
	for _, mark := range []string{"  ", "\t", " <-", "<--", "<=="} {
		if i := bytes.Index(b, []byte(mark)); i >= 0 {
			return b[:i], skipBlanks(b[i:])
		}
	}
	return b, nil
}

// splitSource takes [file @ line] from the start of what follows an offset.
func splitSource(b []byte) (source []byte, comment bool) {
	if len(b) == 0 {
		return nil, false
	}
	end := bytes.IndexByte(b, ']')
	if b[0] != '[' || end < 0 || !bytes.Contains(b[:end], []byte(" @ ")) {
		return nil, true
	}
	return b[1:end], len(skipBlanks(b[end+1:])) > 0
}

// place copies a location out of its line, in one string where it can.
func (l *location) place(raw []byte) place {
	p := place{raw: string(raw), offset: l.offset.value}
	p.module, p.function = p.part(raw, l.module), p.part(raw, l.function)
	if file, line, ok := bytes.Cut(l.source, []byte(" @ ")); ok {
		n, _ := strconv.Atoi(strings.TrimSpace(string(line)))
		p.more = &placeMore{file: string(file), line: max(n, 0)}
	}
	return p
}

// part returns b as a string that shares the memory of p.raw. Markdown puts
// backslashes before its own characters, which a name never has.
func (p *place) part(raw, b []byte) string {
	if bytes.IndexByte(b, '\\') >= 0 {
		return string(bytes.ReplaceAll(b, []byte{'\\'}, nil))
	}
	if i := strings.Index(p.raw, string(b)); i >= 0 && len(raw) > 0 {
		return p.raw[i : i+len(b)]
	}
	return string(b)
}

// same reports whether two places say the same.
func (p *place) same(q *place) bool {
	return p.module == q.module && p.function == q.function && p.offset == q.offset
}

// named reports whether there is a name.
func (p *place) named() bool { return p.function != "" }

// frames returns the frames of an address at a place.
func (p *place) frames(addr uint64) []Frame {
	if p.more == nil {
		return []Frame{p.frame(addr)}
	}
	frames := make([]Frame, 0, len(p.more.inlined)+1)
	for i := range p.more.inlined {
		f := p.more.inlined[i].frame(addr)
		f.Inlined, f.FunctionStart = true, 0
		frames = append(frames, f)
	}
	return append(frames, p.frame(addr))
}

// maxFunction is the offset up to which a name is taken to be that of the
// function at the address. Where only exports are known the nearest may be far
// before it and have nothing to do with it.
const maxFunction = 0x2000

func (p *place) frame(addr uint64) Frame {
	if p.module == "" {
		return Frame{Address: addr}
	}
	f := Frame{Address: addr, Module: p.module, Function: p.function, Offset: p.offset}
	if p.named() {
		f.Source = callstack.Transcript
		// At offset 0 a call ends the function before the named one.
		if p.offset > 0 && p.offset <= min(maxFunction, addr) {
			f.FunctionStart = addr - p.offset
		}
	}
	if p.more != nil {
		f.File, f.Line = p.more.file, p.more.line
	}
	return f
}
