package simulate

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/handletrace/handletrace/htrace"
)

// Case is a trace with its truth.
type Case struct {
	Mode string
	Seed uint64
	// Setting says in words how the trace was made.
	Setting string
	// Operations are the entries as they are stored.
	Operations []htrace.Operation
	Options    htrace.Options
	Code       htrace.Code
	// Truth is all that is wrong in the trace.
	Truth []Truth

	entries []*entry // that the trace holds, oldest first
	machine *machine
	naming  naming
}

// attempts is how often Generate tries anew until all faults have happened.
const attempts = 60

// Generate makes the case of a mode and a seed. The same arguments give the
// same case.
func Generate(mode Mode, seed uint64) *Case {
	h := fnv.New64a()
	h.Write([]byte(mode.Name))
	for attempt := range uint64(attempts) {
		rng := rand.New(rand.NewPCG(h.Sum64()+seed, attempt))
		if c := generate(mode, rng); c != nil {
			c.Mode, c.Seed = mode.Name, seed
			return c
		}
	}
	panic(fmt.Sprintf("simulate: %s/%d does not come about", mode.Name, seed))
}

// generate runs a machine once. It is nil where a fault did not happen.
func generate(mode Mode, rng *rand.Rand) *Case {
	s := newSetting(rng)
	if mode.tune != nil {
		mode.tune(&s)
	}
	m := newMachine(rng, s.config)
	injected := m.populate(mode, s)
	m.run()
	if m.pending > 0 {
		return nil
	}
	kept := m.ringCut(s, slices.Contains(injected, "stolen-close/first-close-lost"))
	if kept == nil {
		return nil
	}
	if s.second {
		kept = mixIn(rng, s, m, kept)
	}
	c := &Case{machine: m, naming: s.naming, Code: &code{image: m.image, naming: s.naming}}
	c.store(kept, s)
	c.Truth = m.truth()
	for _, name := range injected {
		if !slices.ContainsFunc(c.Truth, func(t Truth) bool { return t.Fault == name }) {
			return nil
		}
	}
	c.Setting = fmt.Sprintf("%v, %v, %v, table %v, order told %v, ring %d", m, s.naming, c.order(s), s.giveTable, s.tellOrder, s.ring)
	return c
}

func newSetting(rng *rand.Rand) setting {
	chance := func(p int) bool { return rng.IntN(100) < p }
	s := setting{
		config: config{
			size:     int(50 * math.Pow(400, math.Pow(rng.Float64(), 1.6))),
			policy:   policy(rng.IntN(int(policies))),
			free:     rng.IntN(40),
			burst:    rng.IntN(6),
			raise:    chance(50),
			verifier: chance(15),
			shutdown: chance(50),
		},
		naming:    naming(rng.IntN(int(namings))),
		newest:    chance(60),
		giveTable: chance(65),
		tellOrder: chance(30),
	}
	if chance(30) {
		s.ring = s.size * (30 + rng.IntN(60)) / 100
	}
	return s
}

// populate starts the threads of healthy and faulty components, in random
// order, and returns the names of the faults.
func (m *machine) populate(mode Mode, s setting) []string {
	injected := slices.Clone(mode.faults)
	for range mode.several {
		injected = append(injected, pick(m, faults).name)
	}
	injected = slices.DeleteFunc(injected, func(name string) bool {
		return mode.several > 0 && (name == "stolen-close/first-close-lost" || name == "stolen-close/silent")
	})
	n := m.between(2, min(12, 2+m.limit/60))
	starts := make([]func(), 0, n+len(injected))
	for range n {
		b := pick(m, healthy)
		for s.second && b.foreign {
			b = pick(m, healthy)
		}
		starts = append(starts, func() { b.start(m) })
	}
	for _, name := range injected {
		f := faultNamed(name)
		starts = append(starts, func() { f.start(m, name) })
	}
	m.rng.Shuffle(len(starts), func(i, j int) { starts[i], starts[j] = starts[j], starts[i] })
	for _, start := range starts {
		start()
	}
	return injected
}

// ringCut returns the entries that the ring keeps. It never cuts an incident
// in two: where it would, it keeps more. With loseFirst it cuts between the
// right close and what follows instead. It is nil where that is not possible.
func (m *machine) ringCut(s setting, loseFirst bool) []*entry {
	place := make(map[*entry]int, len(m.log))
	for i, e := range m.log {
		place[e] = i
	}
	cut := 0
	if s.ring > 0 {
		cut = max(0, len(m.log)-s.ring)
	}
	for _, inc := range m.incidents {
		first := place[inc.wrong[0]]
		if closed := inc.root.closed; closed != nil {
			first = place[closed]
		}
		if loseFirst {
			victim := inc.wrong[0].killed
			if victim == nil || victim.opened == nil || place[victim.opened] <= first {
				return nil
			}
			cut = first + 1 + m.rng.IntN(place[victim.opened]-first)
			continue
		}
		cut = min(cut, first)
	}
	if len(m.log)-cut < 20 {
		return nil
	}
	return m.log[cut:]
}

// mixIn runs a second, healthy process and mixes its operations in.
func mixIn(rng *rand.Rand, s setting, m *machine, entries []*entry) []*entry {
	s.config.size = max(40, s.size/3)
	other := newMachine(rng, s.config)
	other.pid = m.pid + 0x100
	other.image.shareSystem(m.image)
	other.populate(Mode{}, s)
	other.run()
	var mixed []*entry
	for a, b := entries, other.log; len(a)+len(b) > 0; {
		from := &a
		if rng.IntN(len(a)+len(b)) >= len(a) {
			from = &b
		}
		mixed = append(mixed, (*from)[0])
		*from = (*from)[1:]
	}
	return mixed
}

// store puts entries in their stored order.
func (c *Case) store(entries []*entry, s setting) {
	c.entries = entries
	if !c.oldestIsLikely(s) {
		s.newest = true
	}
	for i, e := range entries {
		e.stored = i
		if s.newest {
			e.stored = len(entries) - 1 - i
		}
	}
	c.Operations = make([]htrace.Operation, len(entries))
	for _, e := range entries {
		c.Operations[e.stored] = e.op
	}
	c.Options.ProcessID = c.machine.pid
	if s.tellOrder {
		c.Options.Order = c.order(s)
	}
	if s.giveTable {
		c.Options.Table = make(map[uint64]htrace.TableEntry)
		for v, o := range c.machine.table.live {
			c.Options.Table[v] = htrace.TableEntry{Type: o.kind, HandleCount: 1}
		}
	}
}

// oldestIsLikely reports whether a trace may be stored oldest first: a short
// one that has nothing beside it to tell the order comes from a debugger's
// text, which has the newest first.
func (c *Case) oldestIsLikely(s setting) bool {
	return s.giveTable || s.tellOrder || len(c.entries) > 1000
}

func (c *Case) order(s setting) htrace.Order {
	if s.newest || !c.oldestIsLikely(s) {
		return htrace.NewestFirst
	}
	return htrace.OldestFirst
}
