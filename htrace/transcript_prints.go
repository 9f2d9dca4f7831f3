package htrace

// handlePrint is what one run of !htrace printed, of one process.
type handlePrint struct {
	command command
	number  int // among the prints, from 0
	ops     []Operation
	stackOf []int32

	parsed, dumped, displayed, newTraces Figure
	process, objectTable                 uint64 // of kernel debuggers

	diff, elided, kernel bool
	narrow, wide         int // numbers of up to 8 digits, and of more
	// places are those that the text gave other names before.
	places map[uint64]*place
}

// measure notes how wide a number was printed.
func (p *handlePrint) measure(n number) {
	if n.digits > 8 {
		p.wide++
	} else {
		p.narrow++
	}
}

// override gives an address a name that holds in this print alone.
func (p *handlePrint) override(addr uint64, q place) {
	if p.places == nil {
		p.places = make(map[uint64]*place)
	}
	if old := p.places[addr]; old == nil || !old.named() && q.named() {
		p.places[addr] = &q
	}
}

// scope is what a print is of.
type scope uint8

const (
	wholeTrace scope = iota
	oneHandle
	outstanding // the opens that -diff lists
)

// scope tells what a print is of, by its command, and by what it holds where
// that is another.
func (p *handlePrint) scope() scope {
	single := len(p.ops) > 0
	onlyOpens := true
	for i := range p.ops {
		single = single && p.ops[i].Value() == p.ops[0].Value()
		onlyOpens = onlyOpens && p.ops[i].Kind == KindOpen
	}
	switch {
	case (p.diff || p.command.diff) && onlyOpens:
		return outstanding
	case single && p.command.filter:
		return oneHandle
	case single && !p.command.known && p.parsed.Known && p.parsed.Value > uint64(len(p.ops)) && p.whole():
		return oneHandle
	}
	return wholeTrace
}

// shown returns how many entries were printed, as the end of the print says.
func (p *handlePrint) shown() Figure {
	if p.diff {
		return p.displayed
	}
	return p.dumped
}

// whole reports whether the text has all that was printed.
func (p *handlePrint) whole() bool {
	figure := p.shown()
	return figure.Known && uint64(len(p.ops)) >= figure.Value
}

// complete reports whether the print shows the whole trace of its process.
func (p *handlePrint) complete() bool { return p.whole() && !p.command.limited(p.kernel) }

// endPrint stores the print that was being read, and starts another.
func (r *transcriptReader) endPrint() {
	r.endEntry()
	if len(r.print.ops) == 0 {
		*r.print = handlePrint{ops: r.print.ops, stackOf: r.print.stackOf}
		return
	}
	r.print = r.prints.add(r.print)
}

// startPrint starts another print where this one has entries.
func (r *transcriptReader) startPrint() {
	r.endEntry()
	if len(r.print.ops) > 0 {
		r.endPrint()
	}
}

func (r *transcriptReader) onCommand() {
	r.counts.Commands++
	r.endPrint()
	r.print.command = readCommand(r.rec.text)
	r.lastCommand = r.print.command
}

// onProcess keeps apart what one command prints of several processes.
func (r *transcriptReader) onProcess() {
	r.counts.Controls++
	r.startPrint()
	if !r.print.command.known {
		r.print.command = r.lastCommand
	}
	r.print.process, r.print.kernel = r.rec.number.value, true
}

func (r *transcriptReader) onObjectTable() {
	r.counts.Controls++
	r.print.objectTable = r.rec.number.value
}

func (r *transcriptReader) onParsed() {
	r.counts.Controls++
	r.endEntry()
	r.figures = true
	r.print.parsed = r.figure()
}

func (r *transcriptReader) onDumped() {
	r.counts.Controls++
	r.print.dumped = r.figure()
	r.endPrint()
}

func (r *transcriptReader) onDisplayed() {
	r.counts.Controls++
	if r.rec.kind == lineNoneOutstanding {
		r.noneOpen = true
	}
	r.print.diff, r.print.displayed = true, r.figure()
	r.endPrint()
}

func (r *transcriptReader) onNewTraces() {
	r.counts.Controls++
	r.startPrint()
	r.print.newTraces = r.figure()
}

func (r *transcriptReader) onDiff() {
	r.counts.Controls++
	r.startPrint()
	r.print.diff = true
}

func (r *transcriptReader) onControl() {
	r.counts.Controls++
	r.startPrint()
}

// maxComplaints is how many lines of !htrace about its troubles are kept.
const maxComplaints = 4

func (r *transcriptReader) onComplaint() {
	r.counts.Controls++
	r.startPrint()
	if len(r.complaints) < maxComplaints {
		r.complaints = append(r.complaints, quote(r.rec.text))
	}
}

func (r *transcriptReader) figure() Figure { return Figure{Value: r.rec.number.value, Known: true} }
