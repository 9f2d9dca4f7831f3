package htrace

import "bytes"

// lineKind is what a line is in the text of a debugger.
type lineKind uint8

const (
	lineOther    lineKind = iota
	lineBlank             // nothing, or marks of quoting
	lineRule              // what parts entries
	lineElision           // dots or stars: the author left something out
	lineDebugger          // warnings and news of the debugger, which come at any time
	linePrompt            // a prompt, with or without a command
	lineCommand           // !htrace

	lineHeader // Handle = 0x00000b08 - OPEN
	lineThread // Thread ID = 0x00000170, Process ID = 0x00000228
	lineFrame  // 0x77e6c1fe: KERNEL32!CloseHandle+0x00000044
	lineInline // (Inline Function): module!name+0x12

	lineProcess     // of kernel debuggers: Process 0x815328B0
	lineObjectTable // of kernel debuggers: ObjectTable 0xE15ECBB8
	lineParsed
	lineDumped
	lineDisplayed       // the last line of -diff
	lineNoneOutstanding // the same, of a -diff that found nothing
	lineNewTraces       // the second line of -diff
	lineDiff            // other lines that -diff alone prints
	lineSnapshot
	lineControl
	lineComplaint // what !htrace says where it cannot

	lineKinds
)

// strong are the kinds that nothing but !htrace prints.
var strong = [lineKinds]bool{
	lineCommand: true, lineHeader: true, lineThread: true, lineFrame: true,
	lineObjectTable: true, lineParsed: true, lineDumped: true, lineDisplayed: true, lineNoneOutstanding: true,
	lineNewTraces: true, lineDiff: true, lineSnapshot: true, lineControl: true, lineComplaint: true,
}

// record is what a line says. It holds parts of the line, and is as short-lived.
type record struct {
	kind   lineKind
	fit    fit // of headers, thread lines and frames
	number number
	// Of headers: the operation, and whether the line is of the form with an
	// equals sign, which goes with a thread line and padded numbers.
	operation Kind
	padded    bool
	stars     bool // whether stars before the operation have none behind it
	// Of thread lines.
	thread, process number
	// Of frames: the place.
	location location
	// Of commands, prompts and complaints: the arguments, the rest, the line.
	text []byte
	// comment is whether an author's words stood behind.
	comment bool
}

// parser reads a line of one kind. It leaves alone what is of another.
type parser func(b []byte, r *record) bool

// parsers are those that may fit a line, by the line's first byte in lower
// case.
var parsers = func() (t [256][]parser) {
	add := func(first string, p ...parser) {
		for i := range len(first) {
			t[first[i]] = append(t[first[i]], p...)
		}
	}
	add("0", parseFrame, parseNewTraces)
	add("h", parseHeader)
	add("t", parseThread)
	add("p", parseCount("process", "", lineProcess), parseCount("parsed", "stack", lineParsed))
	add("o", parseCount("objecttable", "", lineObjectTable))
	add("d", parseCount("dumped", "stack", lineDumped), parseCount("displayed", "stack", lineDisplayed))
	add("(", parseInline)
	add("!", parseCommand)
	add("-#", parseRule)
	add("0123456789|kl", parsePrompt)
	for _, p := range phrases {
		add(p.text[:1], p.parse)
	}
	add(".*", parseElision)
	return t
}()

// phrase is a start, in lower case, that tells the kind of a line.
type phrase struct {
	text string
	kind lineKind
}

func (p phrase) parse(b []byte, r *record) bool {
	if !hasFold(b, p.text) {
		return false
	}
	r.kind, r.text = p.kind, b
	return true
}

var phrases = []phrase{
	{"handle tracing enabled", lineControl},
	{"handle tracing disabled", lineControl},
	{"handle tracing information snapshot", lineSnapshot},
	{"handle tracing is not", lineComplaint},
	{"handle tracing information is not", lineComplaint},
	{"the difference between the two snapshots", lineComplaint},
	{"failed to enable handle tracing", lineComplaint},
	{"unable to enable handle tracing", lineComplaint},
	{"failed to take", lineComplaint},
	{"unable to take", lineComplaint},
	{"ignoring handles that were already closed", lineDiff},
	{"outstanding handles opened since", lineDiff},
	{"no outstanding handles opened", lineNoneOutstanding},
	{"*** warning", lineDebugger},
	{"*** error", lineDebugger},
	{"** warning", lineDebugger},
	{"** error", lineDebugger},
	{"modload:", lineDebugger},
	{"unload module", lineDebugger},
	{"loaded \\", lineDebugger},
	{"warning:", lineDebugger},
	{"error:", lineDebugger},
	{"dbghelp:", lineDebugger},
	{"symsrv:", lineDebugger},
	{"dbgeng:", lineDebugger},
}

// classify tells what a line is, which is trimmed.
func classify(b []byte, r *record) {
	*r = record{}
	if len(b) == 0 {
		r.kind = lineBlank
		return
	}
	for _, p := range parsers[lower(b[0])] {
		if p(b, r) {
			return
		}
	}
	*r = record{}
}

// decorations are what Markdown, comments in code and tables put before a
// line.
const decorations = "#*`/;|>-\\ \t"

// classifyDecorated tells what a line is behind its decorations. Only what
// cannot be anything else counts.
func classifyDecorated(b []byte, r *record) {
	classify(b, r)
	bare := skipAny(b, decorations)
	if r.kind != lineOther || len(bare) == len(b) {
		return
	}
	if classify(bare, r); len(bare) > 0 && (!strong[r.kind] || r.fit == partial) {
		*r = record{}
	}
}

// minRule is how many dashes make a rule.
const minRule = 3

func parseRule(b []byte, r *record) bool {
	heading := b[0] == '#' // what Markdown makes of a rule below a line
	if !onlyOf(b, b[0]) || len(b) < minRule && !heading {
		return false
	}
	r.kind = lineRule
	return true
}

func parseElision(b []byte, r *record) bool {
	if len(b) < minRule || len(skipAny(b, ".* ")) > 0 {
		return false
	}
	r.kind = lineElision
	return true
}

// parseCount returns a parser of a word, a number and what goes on with tail.
func parseCount(word, tail string, kind lineKind) parser {
	return func(b []byte, r *record) bool {
		b, f := after(b, word)
		if f != whole {
			return false
		}
		num, rest, f := scanNumber(b)
		if f != whole || tail == "" && len(rest) > 0 || !hasFold(rest, tail) {
			return false
		}
		r.kind, r.number = kind, num
		return true
	}
}

func parseNewTraces(b []byte, r *record) bool {
	num, rest, f := scanNumber(b)
	if f != whole || !hasFold(rest, "new stack traces") {
		return false
	}
	r.kind, r.number = lineNewTraces, num
	return true
}

func parseHeader(b []byte, r *record) bool {
	b, f := after(b, "handle")
	if f != whole {
		return false
	}
	b, f = after(b, "=")
	r.padded = f == whole
	num, b, f := scanNumber(b)
	if !r.padded && num.digits == 0 {
		return false // other lines start with the word too
	}
	r.kind, r.number = lineHeader, num
	if r.fit = f; f != whole {
		return true
	}
	r.operation, r.comment, r.fit = scanOperation(b)
	r.stars = bytes.IndexByte(b, '*') >= 0 && !bytes.HasSuffix(b, []byte{'*'})
	return r.fit != misfit
}

// operationWords are the spellings of the operations. Where one is the start
// of another, the longer comes first.
var operationWords = []struct {
	words []string
	kind  Kind
}{
	{[]string{"open"}, KindOpen},
	{[]string{"close"}, KindClose},
	{[]string{"bad", "reference"}, KindBadReference},
	{[]string{"bad", "ref"}, KindBadReference},
}

// scanOperation reads what follows the handle in a header.
func scanOperation(b []byte) (k Kind, comment bool, f fit) {
	bare := skipAny(b, "- \t\\*_")
	if len(bare) == len(b) && len(b) > 0 {
		return 0, false, misfit
	}
	if len(bare) == 0 {
		return 0, false, partial
	}
	for _, o := range operationWords {
		rest, got := bare, whole
		for i, w := range o.words {
			if i > 0 {
				rest = skipAny(rest, " \t_-")
			}
			if rest, got = after(rest, w); got != whole {
				break
			}
		}
		switch got {
		case partial:
			f = partial
		case whole:
			rest = skipAny(rest, "*_\\: \t`")
			if len(rest) > 0 && isWord(rest[0]) {
				continue
			}
			return o.kind, len(rest) > 0, whole
		}
	}
	return 0, false, f
}

func parseThread(b []byte, r *record) bool {
	b, f := afterAll(b, "thread", "id", "=")
	if f != whole {
		if f == partial {
			r.kind, r.fit = lineThread, partial
			return true
		}
		return false
	}
	r.kind = lineThread
	thread, rest, f := scanID(b)
	r.thread, r.fit = thread, f
	if i := bytes.IndexByte(rest, ','); f == broken && i >= 0 {
		rest = rest[i:]
	}
	rest, process := afterAll(skipAny(rest, ", \t"), "process", "id", "=")
	if process == whole {
		r.process, rest, process = scanID(rest)
		r.comment = len(rest) > 0
	} else if process == misfit {
		process = broken
	}
	r.fit = min(r.fit, process)
	return true
}

// scanID reads the number of a thread or process, which has 32 bits.
func scanID(b []byte) (num number, rest []byte, f fit) {
	num, rest, f = scanNumber(b)
	if f == whole && num.value > 1<<32-1 {
		return number{}, rest, broken
	}
	if f != whole {
		num = number{}
	}
	return num, rest, f
}

// splitFrame takes the address and the colon from the start of a frame.
func splitFrame(b []byte) (addr number, location []byte, ok bool) {
	if len(b) < 4 || b[0] != '0' || b[1]|0x20 != 'x' {
		return addr, nil, false
	}
	addr, n := scanHex(b[2:])
	if addr.digits == 0 || addr.digits > maxDigits {
		return addr, nil, false
	}
	if b = skipBlanks(b[2+n:]); len(b) == 0 || b[0] != ':' {
		return addr, nil, false
	}
	return addr, skipBlanks(b[1:]), true
}

func parseFrame(b []byte, r *record) bool {
	addr, location, ok := splitFrame(b)
	if !ok {
		return false
	}
	l, f := parseLocation(location)
	if f == misfit {
		return false
	}
	r.kind, r.number, r.location, r.fit, r.comment = lineFrame, addr, l, f, l.comment
	return true
}

// inlineMarks are what debuggers print in place of the address of an inlined
// function.
var inlineMarks = []string{"(inline function)", "(inline)"}

func parseInline(b []byte, r *record) bool {
	for _, mark := range inlineMarks {
		rest, f := after(b, mark)
		if f != whole {
			continue
		}
		l, f := parseLocation(skipAny(rest, "-`: \t"))
		if f == misfit || len(l.function) == 0 {
			return false
		}
		r.kind, r.location = lineInline, l
		return true
	}
	return false
}
