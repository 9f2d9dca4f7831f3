package htrace

import (
	"cmp"
	"slices"
)

// Difference is what changed from one trace of a process to a later one: what
// !htrace -snapshot and -diff tell of a live process, told of two files.
type Difference struct {
	// Shared is how many operations at the end of the older trace the newer
	// one holds too, which shows where the newer goes on. It is 0 where they do
	// not meet: the ring turned over in between, or they are of two runs.
	Shared int
	// Since is how many operations of the newer trace come after the older
	// one; all of them where the two do not meet.
	Since int
	// Opened are the objects that were opened since and are still open, in
	// the order of time.
	Opened []Lifetime
	// Closed is how many objects were open at the end of the older trace and
	// are no longer.
	Closed int
	// Sites are the places that had objects open at the end of either trace,
	// those that grew most first.
	Sites []SiteGrowth
	// Types are the types of the handles that the tables of the dumps list,
	// those that grew most first; nil where one of the traces has no table.
	Types []TypeGrowth
}

// SiteGrowth is how many objects of one place were open at the end of each
// trace.
type SiteGrowth struct {
	Where Frame // the responsible frame, as the newer trace has it if it does
	// Place is its name as [StablePlace] gives it, by which the sites of the
	// two traces are matched.
	Place    string
	Old, New int
	// Opened is how many of those in the newer trace were opened since.
	Opened int
	// Newest is the last open of those that the newer trace has; nil without.
	Newest *Operation
}

// Growth is how many more objects are open.
func (s *SiteGrowth) Growth() int { return s.New - s.Old }

// TypeGrowth is how many handles of one type the tables list.
type TypeGrowth struct {
	Type     string
	Old, New int
}

// Growth is how many more handles there are.
func (t *TypeGrowth) Growth() int { return t.New - t.Old }

// Diff compares an older trace of a process with a newer one. Two traces of
// one run are put end to end by the operations that they share. Otherwise an
// object is taken for the same where value, thread and stack of its open are,
// and of two runs of a program only the sites can be compared.
func Diff(old, new *Analysis) *Difference {
	d := &Difference{Since: len(new.trace.Operations)}
	d.Shared, d.Since = sharedEnd(old.trace, new.trace)
	before, now := old.openAtEnd(), new.openAtEnd()
	known := make(map[openKey]int)
	for _, l := range before {
		known[keyOf(l.Open)]++
	}
	table := siteGrowth{byPlace: make(map[string]*SiteGrowth)}
	for _, l := range before {
		table.of(old, l.Open).Old++
	}
	kept := 0
	first := len(new.trace.Operations) - d.Since
	for _, l := range now {
		s := table.of(new, l.Open)
		s.New++
		s.Where, s.Newest = new.Where(l.Open), l.Open
		isNew := known[keyOf(l.Open)] == 0
		if d.Shared > 0 {
			isNew = int(new.position(l.Open)) >= first
		}
		if isNew {
			s.Opened++
			d.Opened = append(d.Opened, l)
			continue
		}
		known[keyOf(l.Open)]--
		kept++
	}
	d.Closed = max(len(before)-kept, 0)
	d.Sites = table.sorted()
	d.Types = typeGrowth(old.trace.Table, new.trace.Table)
	return d
}

// openAtEnd returns the objects that are open at the end, in the order of
// time.
func (a *Analysis) openAtEnd() []Lifetime {
	var list []Lifetime
	for _, h := range a.histories {
		for i := range h.lives {
			l := &h.lives[i]
			if l.open == none || l.close != none || l.overlapped || a.trace.Table != nil && !a.listed(h) {
				continue
			}
			list = append(list, a.trace.lifetime(h, i))
		}
	}
	slices.SortFunc(list, func(x, y Lifetime) int { return cmp.Compare(a.position(x.Open), a.position(y.Open)) })
	return list
}

// openKey tells an open apart from others, as far as a trace does.
type openKey struct {
	handle uint64
	thread uint32
	stack  uint64 // a hash
}

func keyOf(op *Operation) openKey { return openKey{op.Handle, op.ThreadID, stackHash(op.Stack)} }

// siteGrowth collects the sites of both traces.
type siteGrowth struct {
	byPlace map[string]*SiteGrowth
	order   []*SiteGrowth
}

func (g *siteGrowth) of(a *Analysis, op *Operation) *SiteGrowth {
	where := a.Where(op)
	place := StablePlace(where)
	s := g.byPlace[place]
	if s == nil {
		s = &SiteGrowth{Where: where, Place: place}
		g.byPlace[place] = s
		g.order = append(g.order, s)
	}
	return s
}

func (g *siteGrowth) sorted() []SiteGrowth {
	slices.SortStableFunc(g.order, func(x, y *SiteGrowth) int {
		return cmp.Or(cmp.Compare(y.Growth(), x.Growth()), cmp.Compare(y.New, x.New), cmp.Compare(x.Place, y.Place))
	})
	list := make([]SiteGrowth, len(g.order))
	for i, s := range g.order {
		list[i] = *s
	}
	return list
}

func typeGrowth(old, new map[uint64]TableEntry) []TypeGrowth {
	if old == nil || new == nil {
		return nil
	}
	byType := make(map[string]*TypeGrowth)
	of := func(e TableEntry) *TypeGrowth {
		g := byType[e.Type]
		if g == nil {
			g = &TypeGrowth{Type: e.Type}
			byType[e.Type] = g
		}
		return g
	}
	for _, e := range old {
		of(e).Old++
	}
	for _, e := range new {
		of(e).New++
	}
	list := make([]TypeGrowth, 0, len(byType))
	for _, g := range byType {
		list = append(list, *g)
	}
	slices.SortFunc(list, func(x, y TypeGrowth) int {
		return cmp.Or(cmp.Compare(y.Growth(), x.Growth()), cmp.Compare(y.New, x.New), cmp.Compare(x.Type, y.Type))
	})
	return list
}
