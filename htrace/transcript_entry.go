package htrace

import (
	"bytes"
	"slices"
	"strconv"
)

const (
	// maxFrames is how many frames an entry may have. Windows records 16, and
	// the format of a dump holds 32.
	maxFrames = 256
	// maxPlaces is how many addresses get a name. It bounds the memory that a
	// text of nonsense can take.
	maxPlaces = 4 << 20
	// maxQuote is how much of a line a warning quotes.
	maxQuote = 60
)

// transcriptReader puts entries together out of lines.
type transcriptReader struct {
	counts LineCounts
	clean  cleaner
	rec    record
	rest   record // of what stands behind a prompt
	wrap   wrapped
	raw    []byte // the location of the line's frame before cleaning
	quoted bool   // whether the line had marks of quoting

	entry  entry
	print  *handlePrint
	prints printSet
	stacks *stackTable
	places map[uint64]*place

	lastCommand command
	complaints  []string
	firstBroken string // its number
	conflicts   int    // places that were printed with different names
	unnamed     int    // places that were not kept, for there were too many
	noneOpen    bool
	figures     bool // whether there was a line that counts what was parsed
}

// entry is the one whose lines are being read.
type entry struct {
	open      bool
	hasThread bool
	padded    bool
	stars     bool // whether the header's stars are half there
	op        Operation
	stack     []uint64
	inlined   []place
}

func newTranscriptReader() *transcriptReader {
	r := &transcriptReader{stacks: newStackTable(), places: make(map[uint64]*place)}
	r.print = &handlePrint{}
	return r
}

// line takes one line of the text.
func (r *transcriptReader) line(b []byte) {
	r.counts.Lines++
	b = trimRight(b)
	if r.known(trimLine(b)) {
		return
	}
	r.raw = nil
	if !isDirty(b) {
		r.piece(b)
		return
	}
	clean := bytes.Trim(r.clean.clean(b), "\n")
	if _, location, ok := splitFrame(trimLine(b)); ok && bytes.IndexByte(clean, '\n') < 0 {
		r.raw = location
	}
	for piece := range bytes.SplitSeq(clean, []byte{'\n'}) {
		r.piece(piece)
	}
}

// known takes a frame that was printed before in the same words. Most lines of
// a transcript are such, and need no more than a look at the address.
func (r *transcriptReader) known(b []byte) bool {
	if !r.entry.open || r.wrap.lines > 0 || len(r.entry.inlined) > 0 {
		return false
	}
	addr, location, ok := splitFrame(b)
	if !ok || len(location) == 0 {
		return false
	}
	p := r.places[addr.value]
	if p == nil {
		return false
	}
	if p.raw != string(location) {
		if p = r.print.places[addr.value]; p == nil || p.raw != string(location) {
			return false
		}
	}
	r.push(addr)
	return true
}

func (r *transcriptReader) piece(b []byte) {
	b = trimRight(skipBlanks(b))
	r.quoted = len(b) > 0 && b[0] == '>'
	full := b
	b = trimLine(b)
	classifyDecorated(b, &r.rec)
	if r.rec.kind == linePrompt {
		r.afterPrompt()
	}
	if r.wrap.lines > 0 && r.resume(full, b) {
		return
	}
	if r.incomplete() {
		r.hold(b)
		return
	}
	r.act()
}

// afterPrompt takes what stands on the line of a prompt where it is output.
func (r *transcriptReader) afterPrompt() {
	rest := &r.rest
	if classify(r.rec.text, rest); !strong[rest.kind] || rest.kind == lineCommand {
		return
	}
	r.act()
	r.rec = *rest
}

// actions is what each kind of line does.
var actions = [lineKinds]func(*transcriptReader){
	lineOther:    func(r *transcriptReader) { r.counts.Other++ },
	lineBlank:    func(r *transcriptReader) { r.counts.Blank++ },
	lineRule:     (*transcriptReader).onRule,
	lineElision:  (*transcriptReader).onElision,
	lineDebugger: func(r *transcriptReader) { r.counts.Debugger++ },
	linePrompt:   func(r *transcriptReader) { r.counts.Commands++; r.endPrint() },
	lineCommand:  (*transcriptReader).onCommand,

	lineHeader: (*transcriptReader).onHeader,
	lineThread: (*transcriptReader).onThread,
	lineFrame:  (*transcriptReader).onFrame,
	lineInline: (*transcriptReader).onInline,

	lineProcess:         (*transcriptReader).onProcess,
	lineObjectTable:     (*transcriptReader).onObjectTable,
	lineParsed:          (*transcriptReader).onParsed,
	lineDumped:          (*transcriptReader).onDumped,
	lineDisplayed:       (*transcriptReader).onDisplayed,
	lineNoneOutstanding: (*transcriptReader).onDisplayed,
	lineNewTraces:       (*transcriptReader).onNewTraces,
	lineDiff:            (*transcriptReader).onDiff,
	lineSnapshot:        (*transcriptReader).onControl,
	lineControl:         (*transcriptReader).onControl,
	lineComplaint:       (*transcriptReader).onComplaint,
}

func (r *transcriptReader) act() {
	if r.rec.comment && r.rec.kind != lineOther {
		r.counts.Comments++
	}
	actions[r.rec.kind](r)
}

func (r *transcriptReader) onRule() {
	r.counts.Rules++
	r.endEntry()
}

func (r *transcriptReader) onElision() {
	if e := &r.entry; e.open && e.stars && !e.hasThread && len(e.stack) == 0 {
		e.stars = false
		r.counts.Wrapped++
		return
	}
	r.counts.Elisions++
	r.print.elided = true
}

func (r *transcriptReader) onHeader() {
	r.endEntry()
	if r.rec.fit != whole {
		r.broken()
		return
	}
	if r.print.parsed.Known {
		r.endPrint()
	}
	r.counts.Entries++
	r.print.kernel = !r.rec.padded
	e := &r.entry
	e.open, e.hasThread, e.padded, e.stars = true, false, r.rec.padded, r.rec.stars
	e.op = Operation{Handle: r.rec.number.value, Kind: r.rec.operation}
	e.stack, e.inlined = e.stack[:0], e.inlined[:0]
	r.print.measure(r.rec.number)
}

func (r *transcriptReader) onThread() {
	if !r.entry.open || r.entry.hasThread {
		r.counts.Stray++
		return
	}
	if r.rec.fit != whole {
		r.broken()
	}
	r.entry.hasThread = true
	r.entry.op.ThreadID = uint32(r.rec.thread.value)
	r.entry.op.ProcessID = uint32(r.rec.process.value)
	r.counts.Threads++
}

func (r *transcriptReader) onFrame() {
	if !r.entry.open || len(r.entry.stack) >= maxFrames {
		r.counts.Stray++
		return
	}
	r.learn()
	r.push(r.rec.number)
}

func (r *transcriptReader) push(addr number) {
	if len(r.entry.stack) >= maxFrames {
		r.counts.Stray++
		return
	}
	r.counts.Frames++
	r.entry.stack = append(r.entry.stack, addr.value)
	r.print.measure(addr)
}

// learn notes what the frame of the record says of its address.
func (r *transcriptReader) learn() {
	p, addr := r.here(), r.rec.number.value
	p.print = r.prints.number
	if len(r.entry.inlined) > 0 {
		if p.more == nil {
			p.more = &placeMore{}
		}
		p.more.inlined = slices.Clone(r.entry.inlined)
		r.entry.inlined = r.entry.inlined[:0]
	}
	old := r.places[addr]
	switch {
	case old == nil && len(r.places) >= maxPlaces:
		r.unnamed++
	case old == nil:
		r.places[addr] = &p
	case r.rec.fit != whole: // what is known is better
	case old.same(&p):
		if old.more == nil {
			old.more = p.more
		}
	case old.print == p.print && !old.named() && p.named():
		*old = p
	default:
		r.print.override(addr, p)
		r.conflicts++
	}
}

// here returns the place of the record's frame. Of one that is not whole
// nothing may be known but the address.
func (r *transcriptReader) here() place {
	l := &r.rec.location
	if r.rec.fit == whole {
		raw := r.raw
		if raw == nil {
			raw = l.text
		}
		return l.place(raw)
	}
	if r.rec.fit == partial && len(l.function) > 0 {
		p := l.place(nil)
		return p
	}
	return place{}
}

func (r *transcriptReader) onInline() {
	if !r.entry.open || len(r.entry.inlined) >= maxFrames {
		r.counts.Stray++
		return
	}
	r.counts.Inlined++
	r.entry.inlined = append(r.entry.inlined, r.rec.location.place(nil))
}

// endEntry stores the entry that was being read.
func (r *transcriptReader) endEntry() {
	e := &r.entry
	if !e.open {
		return
	}
	e.open = false
	id := r.stacks.id(e.stack)
	e.op.Stack = r.stacks.stacks[id]
	r.print.ops = append(r.print.ops, e.op)
	r.print.stackOf = append(r.print.stackOf, id)
}

// broken notes a line that starts as a part of an entry and goes wrong.
func (r *transcriptReader) broken() {
	r.counts.Broken++
	if r.firstBroken == "" {
		r.firstBroken = strconv.Itoa(r.counts.Lines)
	}
}

// finish takes the end of the text.
func (r *transcriptReader) finish(ragged bool) {
	r.release(ragged)
	r.endPrint()
}

func quote(b []byte) string {
	if len(b) > maxQuote {
		b = append(b[:maxQuote:maxQuote], "..."...)
	}
	return string(bytes.ToValidUTF8(b, []byte("?")))
}
