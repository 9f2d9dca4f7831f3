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
	pathOpened, pathClosed map[uint64]int32
	threads                map[uint32]int32 // operations, by thread
	modules                map[string]int32 // opens of objects that were closed, by module
	kinds                  [objectKinds]int32
	closes                 int32 // all
	ops                    int32 // all
}

type sitePair struct{ open, close siteID }

type pathPair struct{ open, close uint64 }

type siteThread struct {
	site   siteID
	thread uint32
}

// learn counts what the trace holds.
func (a *Analysis) learn() {
	n := len(a.sites.sites)
	u := &habits{
		pairs: make(map[sitePair]int32), pathPairs: make(map[pathPair]int32), pathOpened: make(map[uint64]int32), pathClosed: make(map[uint64]int32), visits: make(map[siteThread]int32), threads: make(map[uint32]int32), modules: make(map[string]int32),
		opened: make([]int32, n), closed: make([]int32, n), same: make([]int32, n), kin: make([]int32, n), openers: make([]int32, n), closers: make([]int32, n),
	}
	a.usage = u
	for i := range a.counted {
		a.counted[i] = none
	}
	for i := range a.trace.Operations {
		u.threads[a.thread(int32(i))]++
	}
	u.ops = int32(len(a.trace.Operations))
	for _, h := range a.histories {
		for i := range h.lives {
			if l := &h.lives[i]; l.open != none {
				u.kinds[a.callsOf(l.open).opens]++
				if c := a.rightful(h, i); c != none && !a.foreign(c) {
					u.note(a, l.open, c)
				}
			}
		}
	}
	for p := range u.pairs {
		u.openers[p.close]++
		u.closers[p.open]++
	}
}

func (u *habits) note(a *Analysis, open, close int32) {
	o, c := a.site(open), a.site(close)
	u.pairs[sitePair{o, c}]++
	u.pathPairs[pathPair{a.path(open), a.path(close)}]++
	u.pathOpened[a.path(open)]++
	u.pathClosed[a.path(close)]++
	u.opened[o]++
	u.closed[c]++
	u.closes++
	a.counted[close] = open
	u.visits[siteThread{c, a.thread(close)}]++
	u.modules[a.sites.sites[o].module]++
	if a.thread(open) == a.thread(close) {
		u.same[o]++
	}
	if a.shared(open, close).hasFunction() {
		u.kin[o]++
	}
}

// pair returns how often a place closes what another opened.
func (u *habits) pair(open, close siteID) int { return int(u.pairs[sitePair{open, close}]) }
