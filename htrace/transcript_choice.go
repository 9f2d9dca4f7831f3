package htrace

import "slices"

const (
	// maxProcesses is how many processes of one text are kept apart.
	maxProcesses = 256
	// maxHandlePrints is how many prints of one handle, and how many of -diff,
	// are kept of a process.
	maxHandlePrints = 4096
)

// printSet are the prints of a text, by process.
type printSet struct {
	number    int // of the next print
	processes []*processPrints
	lost      int // prints left out because there were too many
}

// processPrints are the prints of one process that are worth keeping: those
// that a later print repeats are dropped at once, so that a long log takes no
// more memory than its last print.
type processPrints struct {
	process uint64 // address of the process object, from kernel debuggers
	pid     uint32
	full    *handlePrint
	handles []*handlePrint // of one handle each
	diffs   []*handlePrint
	aside   int // prints dropped
}

// add sorts a print in, and returns an empty one, with the memory of one that
// is not needed any more where there is such.
func (s *printSet) add(p *handlePrint) *handlePrint {
	p.number = s.number
	s.number++
	kind := p.scope()
	p.diff = kind == outstanding
	g := s.group(p, kind)
	if g == nil {
		s.lost++
		return p.emptied()
	}
	return g.add(p, kind).emptied()
}

// emptied returns an empty print with the memory of p, which may be nil.
func (p *handlePrint) emptied() *handlePrint {
	if p == nil {
		return &handlePrint{}
	}
	return &handlePrint{ops: p.ops[:0], stackOf: p.stackOf[:0]}
}

// group finds the process of a print. In user mode it is told by the ids in
// the entries. A print of one handle belongs to what was printed before: where
// another process made the entries they do not tell.
func (s *printSet) group(p *handlePrint, kind scope) *processPrints {
	pid := mostFrequentProcess(p.ops)
	for _, g := range s.processes {
		if g.process == p.process && g.pid == pid {
			return g
		}
	}
	if n := len(s.processes); n > 0 && kind == oneHandle && p.process == 0 && s.processes[n-1].process == 0 {
		return s.processes[n-1]
	}
	if len(s.processes) >= maxProcesses {
		return nil
	}
	g := &processPrints{process: p.process, pid: pid}
	s.processes = append(s.processes, g)
	return g
}

// add keeps a print, and returns one that is not needed any more: p, another
// or nil.
func (g *processPrints) add(p *handlePrint, kind scope) (dropped *handlePrint) {
	old := g.full
	if kind == wholeTrace && p.complete() {
		g.aside += g.count()
		g.full, g.handles, g.diffs = p, nil, nil
		return old
	}
	if old != nil && old.complete() {
		g.aside++ // what it shows is part of the complete one, or cannot be joined to it
		return p
	}
	switch kind {
	case wholeTrace:
		if old != nil {
			g.aside++
			if len(p.ops) < len(old.ops) {
				return p
			}
		}
		g.full = p
		return old
	case oneHandle:
		g.addHandle(p)
	case outstanding:
		if len(g.diffs) >= maxHandlePrints {
			g.diffs = g.diffs[1:]
			g.aside++
		}
		g.diffs = append(g.diffs, p)
	}
	return nil
}

// addHandle keeps the last whole print of each handle, or else the longest.
func (g *processPrints) addHandle(p *handlePrint) {
	i := slices.IndexFunc(g.handles, func(q *handlePrint) bool { return q.ops[0].Value() == p.ops[0].Value() })
	switch {
	case i >= 0:
		g.aside++
		if old := g.handles[i]; p.whole() || !old.whole() && len(p.ops) >= len(old.ops) {
			g.handles[i] = p
		}
	case len(g.handles) >= maxHandlePrints:
		g.aside++
	default:
		g.handles = append(g.handles, p)
	}
}

func (g *processPrints) count() int {
	n := len(g.handles) + len(g.diffs)
	if g.full != nil {
		n++
	}
	return n
}

// chosen returns the prints that are kept, those that tell most of a handle
// first.
func (g *processPrints) chosen() []*handlePrint {
	prints := slices.Clone(g.handles)
	if g.full != nil {
		prints = append(prints, g.full)
	}
	for _, d := range slices.Backward(g.diffs) {
		prints = append(prints, d)
	}
	return prints
}

// operations joins prints into one list, the newest print first. The history
// of each handle is taken from one print alone, the one that shows most of it,
// since two cannot be laid together without counting entries twice.
func operations(prints []*handlePrint) ([]Operation, []int32) {
	if len(prints) == 1 {
		return prints[0].ops, prints[0].stackOf
	}
	teller := tellers(prints)
	byTime := slices.Clone(prints)
	slices.SortFunc(byTime, func(a, b *handlePrint) int { return b.number - a.number })
	var ops []Operation
	var stackOf []int32
	for _, p := range byTime {
		for i := range p.ops {
			if teller[p.ops[i].Value()] == p {
				ops = append(ops, p.ops[i])
				stackOf = append(stackOf, p.stackOf[i])
			}
		}
	}
	return ops, stackOf
}

// tellers returns for each handle the print that shows most of it, the first
// of those that show as much.
func tellers(prints []*handlePrint) map[uint64]*handlePrint {
	teller := make(map[uint64]*handlePrint)
	most := make(map[uint64]int)
	for _, p := range prints {
		count := make(map[uint64]int)
		for i := range p.ops {
			count[p.ops[i].Value()]++
		}
		for v, n := range count {
			if n > most[v] {
				most[v], teller[v] = n, p
			}
		}
	}
	return teller
}
