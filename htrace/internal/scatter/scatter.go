package scatter

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/handletrace/handletrace/htrace"
)

// Case is a trace with its truth.
type Case struct {
	Seed       uint64
	Setting    string
	Operations []htrace.Operation // as they are stored
	Options    htrace.Options
	Code       htrace.Code
	Truth      []Truth

	world *world
	kept  []*record
}

// Truth is one mistake.
type Truth struct {
	Name string
	Rule htrace.Rule
	// Culprit, FirstClose and Victim are places among the stored operations;
	// -1 for none.
	Culprit, FirstClose, Victim int
	// AnyFirst is whether the first close cannot be told.
	AnyFirst bool
	// Later is where the holder of the same handle killed something, after a
	// mistake that only failed: as right an answer.
	Later *Truth
	// Records are all operations of the incident, or all opens of a leak.
	Records []int
	// Unclear says why the trace cannot tell; empty where it can.
	Unclear string
}

// Generate makes the case of a seed: every third is of a healthy program.
func Generate(seed uint64) *Case {
	rng := rand.New(rand.NewPCG(0x5ca77e4, seed))
	var plan []string
	if seed%3 != 0 {
		for range 1 + rng.IntN(3) {
			plan = append(plan, pick(rng, mistakes))
		}
	}
	w := newWorld(rng, traceSize(rng), plan)
	w.run()
	c := &Case{Seed: seed, Code: w.layout, world: w, kept: w.log}
	if rng.IntN(3) == 0 {
		c.kept = w.log[len(w.log)*rng.IntN(70)/100:]
	}
	c.store(rng)
	c.judgeTruth()
	c.Setting = fmt.Sprintf("size %d, policy %d, depth %d, flat %v, scattered %v, %d modules, %d resources, kept %d of %d, order %v (told %v), table %v, plan %v",
		w.size, w.policy, w.depth, w.flat, w.scattered, len(w.layout.modules)-8, len(w.resources), len(c.kept), len(w.log), c.order(), c.Options.Order != 0, c.Options.Table != nil, plan)
	return c
}

func (c *Case) order() htrace.Order {
	if len(c.kept) > 1 && c.kept[0].stored > 0 {
		return htrace.NewestFirst
	}
	return htrace.OldestFirst
}

func (c *Case) store(rng *rand.Rand) {
	n := len(c.kept)
	newest := rng.IntN(3) > 0
	if rng.IntN(3) > 0 {
		c.Options.Table = make(map[uint64]htrace.TableEntry)
		for v, o := range c.world.live {
			c.Options.Table[v] = htrace.TableEntry{Type: o.of.api.name, HandleCount: 1}
		}
	}
	if c.Options.Table == nil && n < 1000 {
		newest = true // a debugger's text
	}
	c.Operations = make([]htrace.Operation, n)
	for i, r := range c.kept {
		r.stored = i
		if newest {
			r.stored = n - 1 - i
		}
		c.Operations[r.stored] = r.op
	}
	c.Options.ProcessID = c.world.pid
	if rng.IntN(3) == 0 {
		c.Options.Order = c.order()
	}
}

func placeOf(r *record) int {
	if r == nil {
		return none
	}
	return r.stored
}

func (c *Case) judgeTruth() {
	for _, f := range c.world.faults {
		if f.records[0].stored == none {
			continue
		}
		t := Truth{Name: f.name, Rule: f.rule, Culprit: f.records[0].stored, FirstClose: placeOf(f.root.closed), Victim: none}
		for _, r := range f.records {
			t.Records = append(t.Records, r.stored)
		}
		if k := f.records[0].killed; k != nil {
			t.Victim = placeOf(k.opened)
		}
		t.AnyFirst = t.FirstClose == none || c.between(f) || c.looksLikeAnother(f)
		t.Unclear = c.unclear(f, &t)
		for _, r := range f.records[1:] {
			if f.rule != htrace.StolenClose && r.object == f.root && r.killed != nil {
				t.Later = &Truth{Rule: htrace.StolenClose, Culprit: r.stored, FirstClose: t.FirstClose, Victim: placeOf(r.killed.opened), AnyFirst: t.AnyFirst, Records: t.Records}
				break
			}
		}
		c.Truth = append(c.Truth, t)
	}
	for _, r := range c.world.resources {
		t := Truth{Name: "leak", Rule: htrace.Leak, Culprit: none, FirstClose: none, Victim: none}
		places := make(map[int]int)
		for _, o := range r.lost {
			if o.opened.stored != none && o.closed == nil {
				t.Records = append(t.Records, o.opened.stored)
				places[o.place]++
			}
		}
		switch {
		case len(t.Records) == 0:
			continue
		case len(t.Records) < 6, len(r.openers) > 1:
			t.Unclear = "too few"
		}
		c.Truth = append(c.Truth, t)
	}
}

// between reports whether an object of the same resource had the value after
// the root and before the fault.
func (c *Case) between(f *fault) bool {
	after := false
	for _, r := range c.kept {
		switch {
		case r == f.records[0]:
			return false
		case r == f.root.closed:
			after = true
		case after && r.op.Value() == f.root.value && r.object.of == f.root.of:
			return true
		}
	}
	return false
}

// looksLikeAnother reports whether the mistake was made on a thread that had
// nothing to do with the object, and another one of the same resource had the
// value before, so that the thread speaks for that one.
func (c *Case) looksLikeAnother(f *fault) bool {
	culprit := f.records[0].op.ThreadID
	if culprit == f.root.thread || culprit == f.root.closed.op.ThreadID {
		return false
	}
	return slices.ContainsFunc(c.kept, func(r *record) bool {
		return r.op.Kind == htrace.KindClose && r.object != f.root && r.op.Value() == f.root.value && r.object.of == f.root.of && r.stored != f.records[0].stored
	})
}

func (c *Case) unclear(f *fault, t *Truth) string {
	if f.rule != htrace.StolenClose {
		if t.FirstClose == none {
			return "the first close is lost"
		}
		return ""
	}
	victim, culprit := f.records[0].killed, f.records[0]
	complaint := slices.ContainsFunc(f.records[1:], func(r *record) bool { return r.object == victim })
	usual := 0
	for _, r := range c.kept {
		if r.op.Kind == htrace.KindClose && r.killed == nil && r.object.of == victim.of && r.object.place == victim.place && slices.Equal(r.object.route, victim.route) {
			usual++
		}
	}
	switch {
	case t.Victim == none:
		return "the victim's open is lost"
	case victim.of == f.root.of && !complaint:
		return "same kind, and nobody complains"
	case victim.of == f.root.of && (victim.of.life == handedOver || victim.of.life == cached || culprit.op.ThreadID == victim.thread):
		return "same kind, and threads tell nothing"
	case victim.of == f.root.of:
		// The thread alone tells.
		if f.root.thread != culprit.op.ThreadID || culprit.op.ThreadID == f.records[1].op.ThreadID || t.FirstClose == none {
			return "same kind, and another thread"
		}
	case t.FirstClose == none && (!complaint || usual < 3):
		return "the first close is lost"
	case !complaint && usual < 3:
		return "the victim is seen too seldom, and nobody complains"
	case !complaint && culprit.op.ThreadID == victim.thread:
		return "the same thread, and nobody complains"
	}
	return ""
}

// LooksLeaked reports whether an object is one of many of its resource that
// were opened over the trace and hardly any of which was closed: nothing tells these from
// a leak but what happens after the end of the trace.
func (c *Case) LooksLeaked(f *htrace.Finding) bool {
	var of *resource
	for _, r := range c.kept {
		if r.stored == placeIn(f.Culprit) {
			of = r.object.of
		}
	}
	open, closed, first, last := 0, 0, none, 0
	for i, r := range c.kept {
		switch {
		case r.object.of != of || r.op.Kind != htrace.KindOpen:
		case r.object.closed != nil:
			closed++
		default:
			if first == none {
				first = i
			}
			open, last = open+1, i
		}
	}
	const few, fewClosed = 6, 20
	return open >= few && closed*fewClosed <= open && last-first >= len(c.kept)/2
}
