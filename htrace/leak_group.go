package htrace

import (
	"cmp"
	"slices"
)

// leakGroup is what one place opened.
type leakGroup struct {
	level leakLevel
	// process is who put the objects into this process from outside; 0 for
	// those that it opened itself.
	process uint32
	open    []heldObject // still open, oldest first
	closed  []span       // opened and closed
}

// leakLevel says which frame of the stack is the place of a group: the site, so
// many callers further out, or, below zero, helpers further in that the site
// opens through.
type leakLevel int

const (
	siteLevel    leakLevel = 0
	outmostLevel leakLevel = 3
)

// heldObject is an object that is still open.
type heldObject struct {
	open  int32 // the operation
	value uint64
}

// span is the time from one operation to another.
type span struct{ from, to int32 }

// leakPlaces are the groups of a trace.
type leakPlaces struct {
	groups    []*leakGroup // in the order in which they first occur
	byPlace   map[uint64]*leakGroup
	byStack   []*leakGroup
	byProcess map[uint32]*leakGroup
}

// leakGroups sorts all objects by the place that opened them.
func (a *Analysis) leakGroups() []*leakGroup {
	p := leakPlaces{
		byPlace:   make(map[uint64]*leakGroup),
		byStack:   make([]*leakGroup, len(a.trace.stacks)),
		byProcess: make(map[uint32]*leakGroup),
	}
	for _, h := range a.histories {
		for i := range h.lives {
			if l := &h.lives[i]; l.open != none {
				p.of(a, l.open).add(a, h, l)
			}
		}
	}
	p.addBegun(a)
	for _, g := range p.groups {
		g.sort()
	}
	return p.groups
}

// of returns the group of an open.
func (p *leakPlaces) of(a *Analysis, open int32) *leakGroup {
	if a.foreign(open) {
		process := a.op(open).ProcessID
		if p.byProcess[process] == nil {
			p.byProcess[process] = p.begin(leakGroup{process: process})
		}
		return p.byProcess[process]
	}
	g := &p.byStack[a.stacksOf[open]]
	if *g == nil {
		place := a.levelPlace(open, outmostLevel)
		if p.byPlace[place] == nil {
			p.byPlace[place] = p.begin(leakGroup{level: outmostLevel})
		}
		*g = p.byPlace[place]
	}
	return *g
}

// addBegun adds the objects that are older than the trace to the groups whose
// objects are closed in the same places: all that is known of them is that
// they have lived since the trace began.
func (p *leakPlaces) addBegun(a *Analysis) {
	counts := make(map[uint64]int) // closes, by site and group
	for i, g := range p.groups {
		for _, s := range g.closed {
			counts[uint64(a.site(s.to))<<32|uint64(i)]++
		}
	}
	mostly := make(map[siteID]uint64) // the group of most closes, by site
	for k, n := range counts {
		site := siteID(k >> 32)
		if best, ok := mostly[site]; !ok || n > counts[best] || n == counts[best] && k < best {
			mostly[site] = k
		}
	}
	for _, h := range a.histories {
		if len(h.lives) == 0 || h.lives[0].open != none || h.lives[0].close == none || a.foreign(h.lives[0].close) {
			continue
		}
		if k, ok := mostly[a.site(h.lives[0].close)]; ok {
			g := p.groups[uint32(k)]
			g.closed = append(g.closed, span{0, h.lives[0].close})
		}
	}
}

func (p *leakPlaces) begin(g leakGroup) *leakGroup {
	p.groups = append(p.groups, &g)
	return &g
}

// levelOf returns which of the responsible frames of an open is its place.
func (a *Analysis) levelOf(op int32, level leakLevel) int {
	info := a.stack(op)
	return min(max(int(info.owner)+int(level), 0), max(len(info.frames)-1, 0))
}

// levelPlace returns what tells places of a level apart: the function of the
// helper, the call of the site, the functions of its callers.
func (a *Analysis) levelPlace(op int32, level leakLevel) uint64 {
	info := a.stack(op)
	if len(info.frames) == 0 {
		return 0
	}
	stack := a.sites.frames[a.trace.stackOf[op]]
	if level < siteLevel {
		return stack[info.frames[a.levelOf(op, level)]].functionStart()
	}
	place := stack[info.frames[info.owner]].addr
	for _, f := range info.frames[info.owner+1 : a.levelOf(op, level)+1] {
		place = place*0x9e3779b97f4a7c15 ^ stack[f].functionStart()
	}
	return place
}

// isEmpty reports whether nothing is known of what became of a group's objects.
func (g *leakGroup) isEmpty() bool { return len(g.open) == 0 && len(g.closed) == 0 }

// first returns an open of a group that is not empty.
func (g *leakGroup) first() int32 {
	if len(g.open) > 0 {
		return g.open[0].open
	}
	return g.closed[0].from
}

func (g *leakGroup) add(a *Analysis, h *history, l *lifetime) {
	switch {
	case l.close != none:
		g.closed = append(g.closed, span{l.open, l.close})
	case l.overlapped:
		// Its value was given out again, so it was closed.
	case a.trace.Table != nil && !a.listed(h):
		// It was closed without a record.
	default:
		g.open = append(g.open, heldObject{l.open, h.slot.value})
	}
}

func (g *leakGroup) sort() {
	slices.SortFunc(g.open, func(x, y heldObject) int { return cmp.Compare(x.open, y.open) })
}

func (a *Analysis) listed(h *history) bool {
	_, ok := a.trace.Table[h.slot.value]
	return ok || h.slot.process != a.trace.ProcessID
}

// ages is what a place's closed objects tell of how long its objects live.
type ages struct {
	lives []int32 // of those that were closed, shortest first, without outliers
	sum   float64
}

// ages measures a group. A few closes among many objects that stay open are no
// habit of the place's, and neither are the last few of many.
func (a *Analysis) ages(g *leakGroup, end int32) ages {
	const exception, outliers = 20, 33 // one in so many
	var t ages
	for _, s := range g.closed {
		if !a.guilty[s.to] {
			t.lives = append(t.lives, s.to-s.from)
		}
	}
	slices.Sort(t.lives)
	if len(t.lives)*exception <= len(g.open) && t.longest() < g.age(end)/4 {
		t.lives = nil
	}
	t.lives = t.lives[:len(t.lives)-len(t.lives)/outliers]
	for _, l := range t.lives {
		t.sum += float64(l)
	}
	return t
}

// age returns the age of the oldest that is open.
func (g *leakGroup) age(end int32) int32 {
	if len(g.open) == 0 {
		return 0
	}
	return end - g.open[0].open
}

// longest returns the longest life of those that were closed, in operations.
func (t *ages) longest() int32 {
	if len(t.lives) == 0 {
		return 0
	}
	return t.lives[len(t.lives)-1]
}

// forgotten returns the open objects of a place that have outlived all that it
// closed, the age from which they have, and how many of them are much older:
// one that is still in use may live a little longer than all before it.
func (g *leakGroup) forgotten(t *ages, end int32) (lost []heldObject, age int32, sure int) {
	const much = 2
	age = t.longest()
	return g.open[:g.olderThan(age, end)], age, g.olderThan(much*age, end)
}

// olderThan returns how many open objects are older than an age.
func (g *leakGroup) olderThan(age, end int32) int {
	n, _ := slices.BinarySearchFunc(g.open, end-age, func(o heldObject, op int32) int { return cmp.Compare(o.open, op) })
	return n
}

// overdue returns how many of the open objects would have been closed by now
// if they had been like those that were: how often objects were closed while
// they were young, in the time that the open ones have lived beyond that age.
// It is as many as there are where none was closed.
func (g *leakGroup) overdue(t *ages, end int32) float64 {
	if len(t.lives) == 0 {
		return float64(len(g.open))
	}
	longest := t.longest()
	young, old := t.sum, 0.0
	for _, o := range g.open {
		age := end - o.open
		young += float64(min(age, longest))
		old += float64(max(age-longest, 0))
	}
	return float64(len(t.lives)) / max(young, 1) * old
}
