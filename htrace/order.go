package htrace

import "math"

// Weights of the evidence on the order of the entries. A bad reference beside
// an open or close tells most, for its two neighbours cannot be swapped; the
// handle table tells how each value must end; an open beside a close tells
// little, since values are reused.
const (
	weightBadReference = 8
	weightListed       = 2
	weightNotListed    = 1
	weightPair         = 1
	// maxHabit bounds what habits of the code (the same pairs of places, the
	// same threads), and of the handle table, weigh against the rest.
	maxHabit = 40
)

// judgeOrder tells from the entries, still in the order in which they were
// stored, which order that is, and how much speaks for it. On a tie it is the
// order that !htrace prints.
func (t *Trace) judgeOrder() (Order, int) {
	e := newOrderEvidence(t)
	first, last := make([]int32, len(t.values.list)), make([]int32, len(t.values.list))
	for v := range first {
		first[v], last[v] = none, none
	}
	for i, v := range t.values.of {
		switch {
		case v == none:
			continue
		case last[v] == none:
			first[v] = int32(i)
		default:
			e.neighbours(t, int(last[v]), i)
		}
		last[v] = int32(i)
	}
	if len(t.Table) > 0 {
		for n, v := range t.values.list {
			_, listed := t.Table[v]
			e.score += endsWell(t.Operations[last[n]].Kind, listed) - endsWell(t.Operations[first[n]].Kind, listed)
		}
	}
	if score := e.score + e.habit() + t.growth(); score > 0 {
		return OldestFirst, score
	} else {
		return NewestFirst, -score
	}
}

// growth weighs how the handle table grows: a value above all before it is
// given out only when there is no lower one free, so that most of these stand
// near the beginning of a program, one above the other.
func (t *Trace) growth() int {
	records := func(at func(i int) int) int {
		n, most := 0, uint64(0)
		for i := range t.Operations {
			if op := &t.Operations[at(i)]; op.Kind == KindOpen && op.Value() > most {
				n, most = n+1, op.Value()
			}
		}
		return n
	}
	forwards := records(func(i int) int { return i })
	backwards := records(func(i int) int { return len(t.Operations) - 1 - i })
	const byChance = 3
	switch d := forwards - backwards; {
	case d > byChance:
		return min(d-byChance, maxHabit)
	case d < -byChance:
		return max(d+byChance, -maxHabit)
	}
	return 0
}

// orderEvidence is positive where the stored order is that of time.
type orderEvidence struct {
	score int
	// Lifetimes as they would be if the stored order were that of time (0) or
	// its reverse (1).
	lifetimes  [2]int
	sameThread [2]int
	calls      []int32           // by stack
	pairs      [2]map[uint64]int // by calls that open and close
}

// enoughLifetimes is how many lifetimes tell the habits of the code.
const enoughLifetimes = 1 << 14

func newOrderEvidence(t *Trace) *orderEvidence {
	e := &orderEvidence{pairs: [2]map[uint64]int{make(map[uint64]int), make(map[uint64]int)}}
	ids := make(map[uint64]int32)
	for _, stack := range t.stacks {
		id := callID(stack)
		if _, ok := ids[id]; !ok {
			ids[id] = int32(len(ids))
		}
		e.calls = append(e.calls, ids[id])
	}
	return e
}

// neighbours weighs two entries of one value with none between.
func (e *orderEvidence) neighbours(t *Trace, i, j int) {
	a, b := &t.Operations[i], &t.Operations[j]
	switch {
	case a.Kind == KindOpen && b.Kind == KindClose:
		e.score += weightPair
		e.lifetime(0, t, i, j)
	case a.Kind == KindClose && b.Kind == KindOpen:
		e.score -= weightPair
		e.lifetime(1, t, j, i)
	case a.Kind == KindClose && b.Kind == KindBadReference, a.Kind == KindBadReference && b.Kind == KindOpen:
		e.score += weightBadReference
	case a.Kind == KindBadReference && b.Kind == KindClose, a.Kind == KindOpen && b.Kind == KindBadReference:
		e.score -= weightBadReference
	}
}

func (e *orderEvidence) lifetime(direction int, t *Trace, open, close int) {
	if e.lifetimes[direction] == enoughLifetimes {
		return
	}
	e.lifetimes[direction]++
	if t.Operations[open].ThreadID == t.Operations[close].ThreadID {
		e.sameThread[direction]++
	}
	e.pairs[direction][uint64(e.calls[t.stackOf[open]])<<32|uint64(e.calls[t.stackOf[close]])]++
}

// endsWell weighs the last operation on a value against the handle table.
func endsWell(k Kind, listed bool) int {
	switch {
	case listed && k == KindOpen:
		return weightListed
	case listed:
		return -weightListed
	case k == KindOpen:
		return -weightNotListed
	}
	return weightNotListed
}

// habit weighs how regular the lifetimes would be in each direction: programs
// open and close through the same pairs of calls and often on the same thread,
// while who gets a value next is chance.
func (e *orderEvidence) habit() int {
	n := min(e.lifetimes[0], e.lifetimes[1])
	if n == 0 {
		return 0
	}
	regular := func(d int) float64 { return float64(e.sameThread[d]) / float64(e.lifetimes[d]) }
	threads := float64(min(n, maxHabit)) * (regular(0) - regular(1))
	calls := predictable(e.pairs[0], e.lifetimes[0]) - predictable(e.pairs[1], e.lifetimes[1])
	return int(math.Round(threads + calls))
}

// predictable returns how well the closing call of a lifetime can be told from
// its opening call: the logarithm of the likelihood of all, less what it costs
// to know the pairs.
func predictable(pairs map[uint64]int, n int) float64 {
	opens := make(map[uint64]int)
	for p, k := range pairs {
		opens[p>>32] += k
	}
	sum := 0.0
	for p, k := range pairs {
		sum += float64(k) * math.Log(float64(k)/float64(opens[p>>32]))
	}
	return sum - float64(len(pairs))*math.Log(float64(n)+1)/2
}

// callFrames is how many of the innermost frames tell one call of the system
// from another.
const callFrames = 5

// callID mixes the innermost frames of a stack into one number.
func callID(stack []uint64) uint64 {
	id := uint64(len(stack))
	if len(stack) > callFrames {
		id, stack = callFrames, stack[:callFrames]
	}
	for _, addr := range stack {
		id = (id ^ addr) * 0x9e3779b97f4a7c15
	}
	return id
}
