package htrace

import (
	"fmt"
	"io"
	"slices"
)

// Transcript is a handle trace read from the text of !htrace. It is a [Code]
// too: it names the code as the text does.
//
// A text may hold several prints, for people run !htrace more than once. Of
// each process the last print of the whole trace that is complete counts, and
// it alone. Where there is none, the prints are joined handle by handle: the
// history of a handle is that of the print that shows most of it (of one
// handle, of the trace, of -diff, in this order where they show as much), and
// the newest print comes first.
type Transcript struct {
	// Trace holds the entries, stored in the order in which they were printed.
	Trace *Trace
	// Others are the other processes that the text has, in its order. Trace is
	// that of the process with most entries, or that of Options.ProcessID.
	Others []*Transcript

	// Diff is whether the entries come from !htrace -diff, which lists nothing
	// but the opens of handles that were open at its end.
	Diff bool
	// Handles are the handles that were asked for where the entries come from
	// prints of one handle each; nil where they do not.
	Handles []uint64
	// Kernel is whether the text is of the form of kernel debuggers, which
	// tells no threads and no processes.
	Kernel bool
	// Process and ObjectTable are the addresses of the kernel's objects; 0
	// where the text does not tell.
	Process, ObjectTable uint64
	// PointerSize is 8 where numbers are printed with 16 digits, else 4. The
	// text of a 32-bit program on 64-bit Windows may be of either.
	PointerSize int

	// Parsed is how many entries the ring of the trace held, which is the only
	// hint at whether it was full; Dumped how many of them were printed.
	Parsed, Dumped Figure
	// NewTraces and Displayed are the figures of -diff: operations since the
	// snapshot, and handles still open.
	NewTraces, Displayed Figure

	// Cut is whether something of the print is missing: it has no figures at
	// its end, or fewer entries than they say, or marks where lines were left
	// out.
	Cut bool
	// Counts says what the lines were. They are of the whole text, so those of
	// Others are the same.
	Counts LineCounts
	// Warnings say in words what was left out or looks wrong.
	Warnings []string

	places, overrides map[uint64]*place
}

// ReadTranscript reads the text of !htrace, in every form that debuggers have
// printed it in and people have pasted it: user mode and kernel, 32 and 64
// bit, -diff, quoted in mail, wrapped, marked up in HTML or Markdown, with
// other output of the debugger around and inside it, in UTF-8, UTF-16 or a
// Windows code page. What is no part of a trace is skipped and counted.
//
// The text is read in a stream. The memory that this takes grows with the
// operations, stacks and addresses of the prints that count, not with the
// text. Of a line 64 KiB are read, of a stack 256 frames.
//
// A text without an entry gives a [*NoEntriesError]. An error of r comes back
// as it is, and nothing beside it.
func ReadTranscript(r io.Reader, opts Options) (*Transcript, error) {
	lines := newLineReader(decodeText(r), lineBuffer)
	t := newTranscriptReader()
	for {
		b, ok := lines.next()
		if !ok {
			break
		}
		t.line(b)
	}
	if lines.err != io.EOF {
		return nil, fmt.Errorf("htrace: reading the text: %w", lines.err)
	}
	t.counts.Overlong = lines.overlong
	t.finish(lines.ragged)
	if len(t.prints.processes) == 0 {
		return nil, t.noEntries()
	}
	return t.transcript(opts), nil
}

// transcript makes what is returned of what was read.
func (r *transcriptReader) transcript(opts Options) *Transcript {
	main := r.mainProcess(opts.ProcessID)
	t := r.ofProcess(r.prints.processes[main], opts)
	for i, g := range r.prints.processes {
		if i != main {
			t.Others = append(t.Others, r.ofProcess(g, Options{Order: opts.Order}))
		}
	}
	t.Warnings = append(t.Warnings, r.warnings()...)
	return t
}

// mainProcess picks the process that was asked for, or else the one with most
// entries.
func (r *transcriptReader) mainProcess(pid uint32) int {
	best, most := 0, 0
	for i, g := range r.prints.processes {
		if pid != 0 && g.pid == pid {
			return i
		}
		n := 0
		for _, p := range g.chosen() {
			n += len(p.ops)
		}
		if n > most {
			best, most = i, n
		}
	}
	return best
}

func (r *transcriptReader) ofProcess(g *processPrints, opts Options) *Transcript {
	prints := g.chosen()
	ops, stackOf := operations(prints)
	t := &Transcript{Trace: r.trace(ops, stackOf, opts), Counts: r.counts, Diff: true, Process: g.process, places: r.places}
	onlyHandles := len(g.handles) == len(prints)
	narrow := 0
	for _, p := range inTextOrder(prints) {
		t.Diff = t.Diff && p.diff
		t.Kernel = t.Kernel || p.kernel
		t.Cut = t.Cut || p.elided || !p.whole()
		if onlyHandles {
			t.Handles = append(t.Handles, p.ops[0].Value())
		}
		t.Parsed, t.Dumped = later(t.Parsed, p.parsed), later(t.Dumped, p.dumped)
		t.NewTraces, t.Displayed = later(t.NewTraces, p.newTraces), later(t.Displayed, p.displayed)
		if p.objectTable != 0 {
			t.ObjectTable = p.objectTable
		}
		narrow += p.narrow - p.wide
		t.override(p, prints)
	}
	t.PointerSize = 4
	if narrow < 0 {
		t.PointerSize = 8
	}
	t.Warnings = g.warnings(prints)
	t.Trace.lack = lack{ring: t.Parsed.Value, cut: t.Cut, missing: missingOf(prints), handle: len(t.Handles) == 1}
	return t
}

func inTextOrder(prints []*handlePrint) []*handlePrint {
	prints = slices.Clone(prints)
	slices.SortFunc(prints, func(a, b *handlePrint) int { return a.number - b.number })
	return prints
}

// later returns the figure of a later print where it has one.
func later(old, figure Figure) Figure {
	if figure.Known {
		return figure
	}
	return old
}

// override takes the names that a print gave to addresses that had others
// before. Among the prints of this process a name is better than none.
func (t *Transcript) override(p *handlePrint, prints []*handlePrint) {
	for a, q := range p.places {
		if t.overrides == nil {
			t.overrides = make(map[uint64]*place)
		}
		old := t.lookup(a)
		ours := old != nil && slices.ContainsFunc(prints, func(p *handlePrint) bool { return p.number == old.print })
		if !ours || q.named() || !old.named() {
			t.overrides[a] = q
		}
	}
}

// trace makes a trace of interned operations, with the stacks that they have
// and no others.
func (r *transcriptReader) trace(ops []Operation, stackOf []int32, opts Options) *Trace {
	t := &Trace{Operations: ops, ProcessID: opts.ProcessID, Order: opts.Order, Table: opts.Table}
	t.stackOf = make([]int32, len(ops))
	ids := make([]int32, len(r.stacks.stacks)) // in this trace, from 1
	for i := range ops {
		ops[i].Index = i
		id := &ids[stackOf[i]]
		if *id == 0 {
			t.stacks = append(t.stacks, r.stacks.stacks[stackOf[i]])
			*id = int32(len(t.stacks))
		}
		t.stackOf[i] = *id - 1
	}
	t.settle()
	return t
}

// Frames returns the frames at a return address as the text names them: one,
// or several where it tells of inlined functions. An address that it does not
// have stays bare. Modules are named without an extension, as debuggers print
// them. Several goroutines may call it at once.
//
// The debugger names every stack by the modules of the process that it looks
// at. Stacks of other processes ([Trace.IsForeign]) may have the names of code
// that is not theirs.
func (t *Transcript) Frames(returnAddress uint64) []Frame {
	if p := t.lookup(returnAddress); p != nil {
		return p.frames(returnAddress)
	}
	return []Frame{{Address: returnAddress}}
}

func (t *Transcript) lookup(addr uint64) *place {
	if p := t.overrides[addr]; p != nil {
		return p
	}
	return t.places[addr]
}

// IsSystem is false: the text does not tell the folders of modules.
func (t *Transcript) IsSystem(uint64) bool { return false }

// RingFull reports whether the trace's ring looks full, so that older
// operations are lost: it then holds a power of two of them.
func (t *Transcript) RingFull() bool { return isFullRing(t.Parsed.Value) }
