package htrace

// habits is what is normal in a trace: which places open and close together,
// which threads do, and which kinds of objects there are.
type habits struct {
	levels  [levels]levelHabits
	same    []int32              // closes by the thread that opened, by site of open
	kin     []int32              // closes that have a rare caller in common with the open, by site of open
	visits  map[uint64]int32     // closes, by site and thread
	left    []int32              // objects that nobody closed, by site of open
	tags    [][tagBits + 1]int32 // closes with tag bits, by site of open
	tagged  [tagBits + 1]int32
	threads map[uint32]int32 // operations, by thread
	kinds   [objectKinds]int32
	// together is the part of the pairs of places that lie in one module, and
	// apart how many times likelier two places are to belong together that do
	// not.
	together, apart float64
	opens           int32 // of all objects whose open is known
	closes          int32 // all
	ops             int32 // all
}

// placeLevel is a way to tell places apart, the coarsest first: by the
// innermost function that is responsible, which may be a helper; by the path of
// helpers inside the site, for what looks like one may be the place itself; by
// site; and by the path of calls from the site outwards.
type placeLevel uint8

const (
	byHelper placeLevel = iota
	byInside
	bySite
	byPath
	levels
)

// levelHabits is which places of a level open and close together.
type levelHabits struct {
	of      []int32          // the place of each stack, the last for what other processes do
	pairs   map[uint64]int32 // closes, by place of open and place of close
	opened  []int32          // closes of objects, by their place of open
	closed  []int32          // closes, by place
	openers []int32          // how many places' objects a place closes
	closers []int32          // how many places close a place's objects
}

// visit numbers a thread at a place.
func visit(s siteID, thread uint32) uint64 { return uint64(s)<<32 | uint64(thread) }

func newLevelHabits(of []int32) levelHabits {
	n := int32(0)
	for _, p := range of {
		n = max(n, p+1)
	}
	return levelHabits{of, make(map[uint64]int32), make([]int32, n), make([]int32, n), make([]int32, n), make([]int32, n)}
}

func (l *levelHabits) key(open, close int32) uint64 {
	return uint64(l.of[open])<<32 | uint64(l.of[close])
}

// note counts closes with one stack of objects that were opened with another,
// or takes them back.
func (l *levelHabits) note(open, close, n int32) {
	k := l.key(open, close)
	before := l.pairs[k]
	l.pairs[k] += n
	switch {
	case before == 0:
		l.openers[l.of[close]]++
		l.closers[l.of[open]]++
	case l.pairs[k] == 0:
		l.openers[l.of[close]]--
		l.closers[l.of[open]]--
	}
	l.opened[l.of[open]] += n
	l.closed[l.of[close]] += n
}

// learn counts what the trace holds.
func (a *Analysis) learn() {
	n := len(a.sites.sites)
	u := &habits{
		visits: make(map[uint64]int32), tags: make([][tagBits + 1]int32, n), threads: make(map[uint32]int32),
		same: make([]int32, n), kin: make([]int32, n), left: make([]int32, n), ops: int32(len(a.trace.Operations)),
	}
	sites := make([]int32, len(a.siteOf))
	for i, s := range a.siteOf {
		sites[i] = int32(s)
	}
	u.levels = [levels]levelHabits{newLevelHabits(a.crowd.helperOf), newLevelHabits(a.crowd.insideOf), newLevelHabits(sites), newLevelHabits(a.crowd.pathOf)}
	a.usage = u
	u.count(a)
	u.countLeft(a)
	u.learnModules(a)
	for stacks, k := range a.pairs {
		u.notePair(a, int32(stacks>>32), int32(uint32(stacks)), k)
	}
}

// notePair counts closes with one stack of objects that were opened with
// another, or takes them back.
func (u *habits) notePair(a *Analysis, open, close, n int32) {
	for i := range u.levels {
		u.levels[i].note(open, close, n)
	}
	if a.sharedBy(open, close, false).hasFunction() {
		u.kin[a.siteOf[open]] += n
	}
}

// learnModules learns whether what belongs together lies in one module, from
// the pairs of stacks that open and close.
func (u *habits) learnModules(a *Analysis) {
	same, all, share := float64(modulePrior*inModule), float64(modulePrior), 0.0
	for stacks := range a.pairs {
		open, close := int32(stacks>>32), int32(uint32(stacks))
		if int(open) >= len(a.trace.stacks) || a.sites.sites[a.siteOf[open]].module == "" || a.sites.sites[a.siteOf[close]].module == "" {
			continue
		}
		if all++; a.sharedBy(open, close, false).module < 1 {
			same++
		}
	}
	modules := &a.crowd.modules
	for _, n := range modules.counts {
		share += n.opens * n.opens
	}
	share /= max(modules.all.opens*modules.all.opens, 1)
	u.together = same / all
	u.apart = min(max((1-u.together)/max(1-share, 0.1), leastApart), mostApart)
}

// count counts the operations of each thread and the objects of each kind.
func (u *habits) count(a *Analysis) {
	opens := make([]int32, len(a.trace.stacks)) // by stack
	for i, t := range a.threads {
		u.threads[t]++
		if a.trace.values.of[i] != none && a.trace.Operations[i].Kind == KindOpen {
			opens[a.trace.stackOf[i]]++
		}
	}
	for stack, n := range opens {
		if n > 0 {
			u.opens += n
			u.kinds[a.callsOfStack(int32(stack)).opens] += n
		}
	}
	for close, open := range a.counted {
		if open != none {
			u.note(a, open, int32(close), 1)
		}
	}
}

// countLeft counts the objects that nobody closed.
func (u *habits) countLeft(a *Analysis) {
	for _, h := range a.histories {
		for i := range h.lives {
			if l := &h.lives[i]; l.close == none && !l.overlapped {
				u.left[a.site(l.open)]++
			}
		}
	}
}

// note counts one close of an object, or takes it back.
func (u *habits) note(a *Analysis, open, close, n int32) {
	c, t := a.site(close), a.thread(close)
	u.closes += n
	u.visits[visit(c, t)] += n
	if a.thread(open) == t {
		u.same[a.site(open)] += n
	}
	tag := a.tag(close)
	u.tagged[tag] += n
	u.tags[a.site(open)][tag] += n
}

// forget takes back what a close added, which has turned out to be wrong.
func (u *habits) forget(a *Analysis, open, close int32) {
	u.note(a, open, close, -1)
	u.notePair(a, a.stacksOf[open], a.stacksOf[close], -1)
}

// closedPart returns the part of a place's objects that are closed at some time.
func (u *habits) closedPart(open siteID) float64 {
	closed := float64(u.levels[bySite].opened[open]) + 1
	return closed / (closed + float64(u.left[open]))
}

// tag returns the tag bits of an operation's handle.
func (a *Analysis) tag(op int32) uint8 { return uint8(a.trace.Operations[op].Handle & tagBits) }

// pair returns how often a place closes what another opened.
func (u *habits) pair(open, close siteID) int {
	return int(u.levels[bySite].pairs[uint64(open)<<32|uint64(close)])
}
