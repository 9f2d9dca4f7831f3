package simulate

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/handletrace/handletrace/htrace"
)

// config says what kind of machine runs.
type config struct {
	size     int // operations before the threads are asked to stop
	policy   policy
	free     int  // values that are free at the start
	burst    int  // operations that a thread does in a row, on average
	raise    bool // failing closes raise exceptions
	verifier bool // Application Verifier's frames are on every stack
	// closesTwice records a failing close as a close and a failing use not at
	// all, as verifiers in user mode do.
	closesTwice bool
	shutdown    bool // programs close what they have before the trace ends
}

// machine is a running process.
type machine struct {
	config
	rng       *rand.Rand
	image     *image
	pid       uint32
	table     *table
	threads   []*thread
	log       []*entry
	incidents []*incident
	leaks     []*leak
	pending   int // faults that have not happened yet
	limit     int // operations before threads are asked to stop
	clock     int // operations so far, and turns in which nothing happened
	stopping  bool
	nextID    uint32
	names     map[string]int // components of each class
}

func newMachine(rng *rand.Rand, c config) *machine {
	return &machine{
		config: c,
		rng:    rng,
		image:  newImage(rng),
		pid:    uint32(0x400+rng.IntN(0x2000)) &^ 3,
		table:  newTable(c.policy, c.free),
		limit:  c.size,
		nextID: uint32(0x1000+rng.IntN(0x1000)) &^ 3,
		names:  make(map[string]int),
	}
}

// chance is true p times out of a hundred.
func (m *machine) chance(p int) bool { return m.rng.IntN(100) < p }

// between returns a random number from lo to hi.
func (m *machine) between(lo, hi int) int { return lo + m.rng.IntN(hi-lo+1) }

// pick returns one of a list.
func pick[T any](m *machine, list []T) T { return list[m.rng.IntN(len(list))] }

// patience is how long, on its clock, a machine goes on in which nothing
// happens.
const patience = 5000

// run steps the threads in random turns until the trace is long enough and,
// where the machine shuts down, all threads have ended.
func (m *machine) run() {
	defer m.stopThreads()
	var current *thread
	for idle := 0; idle < patience && len(m.threads) > 0; {
		if !m.stopping && len(m.log) >= m.limit && (m.pending == 0 || len(m.log) >= 2*m.limit+200) {
			m.stopping = true
		}
		if m.stopping && (!m.shutdown || len(m.log) > 3*m.limit+3000) {
			return
		}
		if current == nil || !current.ready() || m.rng.IntN(m.burst+1) == 0 {
			current = m.choose()
		}
		before := len(m.log)
		if current != nil {
			current.step()
		}
		switch {
		case len(m.log) > before:
			m.clock++
			idle = 0
		case current == nil:
			m.clock++
			idle++
		}
	}
}

// choose picks a thread that is ready to run, and forgets those that have
// ended. It is nil where all wait.
func (m *machine) choose() *thread {
	m.threads = slices.DeleteFunc(m.threads, func(t *thread) bool { return t.done })
	if len(m.threads) == 0 {
		return nil
	}
	from := m.rng.IntN(len(m.threads))
	for i := range m.threads {
		if t := m.threads[(from+i)%len(m.threads)]; t.ready() {
			return t
		}
	}
	return nil
}

func (m *machine) stopThreads() {
	for _, t := range m.threads {
		t.stop()
	}
}

// record adds an operation of a thread to the trace.
func (m *machine) record(t *thread, kind htrace.Kind, handle uint64, way api, o *object) *entry {
	e := &entry{object: o, stored: -1}
	e.op = htrace.Operation{
		Handle: handle, ProcessID: t.pid, ThreadID: t.id, Kind: kind,
		Stack: t.trace(way),
	}
	m.log = append(m.log, e)
	return e
}

// preexisting makes an object that was opened before the trace began.
func (m *machine) preexisting(c *component) handle {
	o := &object{value: m.table.allocate(), component: c, kind: c.kind.name, site: "before"}
	m.table.live[o.value] = o
	return handle{raw: o.value | c.tag, object: o}
}

func (m *machine) String() string {
	return fmt.Sprintf("size %d, %v, %d free, burst %d", m.size, m.policy, m.free, m.burst)
}
