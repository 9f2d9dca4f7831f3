package htrace

// habits is what is normal in a trace: which places open and close together,
// which threads do, and which kinds of objects there are.
type habits struct {
	pairs   map[sitePair]int32 // closes, by place of open and place of close
	opened  []int32            // closes of objects, by their place of open
	closed  []int32            // closes, by place
	same    []int32            // closes by the thread that opened, by place of open
	kin     []int32            // closes that have a rare caller in common with the open, by place of open
	openers []int32            // how many places' objects a place closes
	closers []int32            // how many places close a place's objects
	visits  map[siteThread]int32
	// the same by the paths of calls
	pathPairs              map[pathPair]int32
	pathOpened, pathClosed []int32
	threads                map[uint32]int32 // operations, by thread
	kinds                  [objectKinds]int32
	opens                  int32 // of all objects whose open is known
	closes                 int32 // all
	ops                    int32 // all
}

type sitePair struct{ open, close siteID }

type pathPair struct{ open, close int32 }

type siteThread struct {
	site   siteID
	thread uint32
}

// learn counts what the trace holds.
func (a *Analysis) learn() {
	n, paths := len(a.sites.sites), a.crowd.paths
	u := &habits{
		pairs: make(map[sitePair]int32), pathPairs: make(map[pathPair]int32), visits: make(map[siteThread]int32), threads: make(map[uint32]int32),
		opened: make([]int32, n), closed: make([]int32, n), same: make([]int32, n), kin: make([]int32, n), openers: make([]int32, n), closers: make([]int32, n),
		pathOpened: make([]int32, paths), pathClosed: make([]int32, paths), ops: int32(len(a.trace.Operations)),
	}
	a.usage = u
	for i := range a.trace.Operations {
		a.counted[i] = none
		u.threads[a.trace.Operations[i].ThreadID]++
	}
	pairs := make(map[uint64]int32) // by stacks
	for _, h := range a.histories {
		for i := range h.lives {
			l := &h.lives[i]
			if l.open == none {
				continue
			}
			u.kinds[a.callsOf(l.open).opens]++
			u.opens++
			if l.close != none && !a.foreign(l.close) {
				pairs[a.stackPair(l.open, l.close)]++
				u.note(a, l.open, l.close)
			}
		}
	}
	for stacks, k := range pairs {
		u.notePair(a, int32(stacks>>32), int32(uint32(stacks)), k)
	}
	for p := range u.pairs {
		u.openers[p.close]++
		u.closers[p.open]++
	}
}

// note counts one close of an object.
func (u *habits) note(a *Analysis, open, close int32) {
	c, t := a.site(close), a.thread(close)
	a.counted[close] = open
	u.closes++
	u.visits[siteThread{c, t}]++
	if a.thread(open) == t {
		u.same[a.site(open)]++
	}
}

// notePair counts closes with one stack of objects that were opened with
// another.
func (u *habits) notePair(a *Analysis, open, close, k int32) {
	o, c := a.siteOf[open], a.siteOf[close]
	p, q := a.crowd.pathOf[open], a.crowd.pathOf[close]
	u.pairs[sitePair{o, c}] += k
	u.pathPairs[pathPair{p, q}] += k
	u.pathOpened[p] += k
	u.pathClosed[q] += k
	u.opened[o] += k
	u.closed[c] += k
	if a.sharedBy(open, close).hasFunction() {
		u.kin[o] += k
	}
}

// pair returns how often a place closes what another opened.
func (u *habits) pair(open, close siteID) int { return int(u.pairs[sitePair{open, close}]) }
