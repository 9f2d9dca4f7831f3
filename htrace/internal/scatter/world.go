package scatter

import (
	"container/heap"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/handletrace/handletrace/htrace"
)

// object is a kernel object.
type object struct {
	of      *resource
	value   uint64
	thread  uint32 // that opened it
	route   route  // callers, as at the open
	opened  *record
	closed  *record // what ended it, right or wrong
	ended   bool    // its owner has ended it, or found it gone and given up
	fault   *fault  // that its death or its holders' later misuse belongs to
	mistake *mistake
	place   int // which of the openers
}

// record is an operation of the trace.
type record struct {
	op     htrace.Operation
	object *object // that was meant
	killed *object // that died wrongly
	stored int     // none where the ring lost it
}

const none = -1

// fault is a mistake with all that followed from it.
type fault struct {
	name    string
	rule    htrace.Rule
	root    *object
	records []*record
}

// event is something to happen.
type event struct {
	at   float64
	do   func()
	turn int
}

type agenda []event

func (a agenda) Len() int { return len(a) }
func (a agenda) Less(i, j int) bool {
	return a[i].at < a[j].at || a[i].at == a[j].at && a[i].turn < a[j].turn
}
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(x any)   { *a = append(*a, x.(event)) }
func (a *agenda) Pop() any {
	old := *a
	x := old[len(old)-1]
	*a = old[:len(old)-1]
	return x
}

// world is a process that runs.
type world struct {
	rng       *rand.Rand
	layout    *layout
	threads   []uint32
	resources []*resource
	common    []*function // dispatchers that all components are called through
	guards    guards
	fixed     map[*function]uint64
	bases     map[uint32]route

	flat, scattered bool // no class names; no order of files
	depth           int
	raise           bool
	policy          int
	size            int
	pid             uint32

	now     float64
	turn    int
	agenda  agenda
	live    map[uint64]*object
	free    []uint64
	next    uint64
	log     []*record
	faults  []*fault
	waiting []*mistake
	plan    []string
	over    bool
}

// newWorld makes a program with some mistakes.
func newWorld(rng *rand.Rand, size int, plan []string) *world {
	w := &world{
		rng: rng, size: size, plan: plan, layout: newLayout(rng), live: make(map[uint64]*object), fixed: make(map[*function]uint64), bases: make(map[uint32]route),
		next: 0x24 + 4*uint64(rng.IntN(60)), pid: 4 * uint32(100+rng.IntN(5000)), policy: rng.IntN(4), raise: rng.IntN(2) == 0,
		flat: rng.IntN(3) == 0, scattered: rng.IntN(3) == 0, depth: []int{16, 16, 16, 12, 8, 32}[rng.IntN(6)],
	}
	for range rng.IntN(12) {
		w.free = append(w.free, w.next)
		w.next += 4
	}
	home := pick(rng, w.layout.application())
	for i := range 6 {
		w.common = append(w.common, w.layout.add(home, pick(rng, []string{"Loop::Turn", "Task::Invoke", "std::function::call", "Dispatch", "Pump", "Main"})+string(rune('0'+i))))
	}
	for range rng.IntN(3) {
		w.guards.open = append(w.guards.open, w.layout.add(home, "util::OpenWith"))
	}
	for range rng.IntN(4) {
		f := w.layout.add(home, "util::Owner::~Owner")
		if rng.IntN(2) == 0 {
			f.inlined = "util::Owner::reset"
		}
		w.guards.close = append(w.guards.close, f)
	}
	for range 2 + rng.IntN(20) {
		t := 4 * uint32(0x200+rng.IntN(0x4000))
		w.threads = append(w.threads, t)
		w.bases[t] = route{w.layout.system("ntdll.dll!RtlUserThreadStart"), w.layout.system("KERNEL32.DLL!BaseThreadInitThunk")}
		if rng.IntN(2) == 0 {
			w.bases[t] = append(w.bases[t], w.walk(w.common, 1+rng.IntN(2))...)
		}
	}
	for range 2 + rng.IntN(min(12, 2+size/100)) {
		w.component()
	}
	return w
}

// in schedules something some operations from now.
func (w *world) in(delay float64, do func()) {
	w.turn++
	heap.Push(&w.agenda, event{w.now + delay, do, w.turn})
}

func (w *world) exp(mean float64) float64 { return w.rng.ExpFloat64() * mean }

// run lets the program run until the trace is long enough.
func (w *world) run() {
	total := 0
	for _, r := range w.resources {
		total += r.weight
	}
	for _, r := range w.resources {
		w.begin(r, float64(total)/float64(r.weight))
	}
	for _, name := range w.plan {
		w.arm(name)
	}
	for len(w.agenda) > 0 && !w.done() {
		e := heap.Pop(&w.agenda).(event)
		w.now = e.at
		e.do()
		w.watch()
	}
	w.over = true
	if w.rng.IntN(2) == 0 {
		w.shutdown()
	}
}

func (w *world) done() bool {
	return len(w.log) >= w.size && (len(w.waiting) == 0 || len(w.log) > 2*w.size)
}

// begin schedules the opens of a resource.
func (w *world) begin(r *resource, pause float64) {
	pause *= 2
	var arrive func()
	arrive = func() {
		if w.over {
			return
		}
		w.arrival(r)
		w.in(w.exp(pause), arrive)
	}
	switch r.life {
	case kept:
		for range 1 + w.rng.IntN(5) {
			w.in(w.exp(float64(w.size)/10), func() { w.open(r) })
		}
	case once:
		for range 1 + w.rng.IntN(2) {
			w.in(w.rng.Float64()*float64(w.size), func() { w.ownLife(w.open(r), 20) })
		}
	default:
		w.in(w.exp(pause), arrive)
	}
}

func (w *world) arrival(r *resource) {
	switch r.life {
	case pooled:
		if len(r.live) < r.room {
			w.open(r)
		} else if w.rng.IntN(20) == 0 {
			o := pick(w.rng, r.live)
			w.finish(o)
			w.open(r)
		} else {
			w.use(pick(w.rng, r.live), r.users, pick(w.rng, r.threads))
		}
	case cached:
		w.open(r)
		if len(r.live) > r.room {
			w.finish(r.live[0])
		}
	default:
		w.ownLife(w.open(r), r.mean)
	}
}

// ownLife has an object used and closed after a time.
func (w *world) ownLife(o *object, mean float64) {
	if r := o.of; r.leaks > 0 && w.rng.IntN(r.leaks) == 0 {
		r.lost = append(r.lost, o)
		r.live = slices.DeleteFunc(r.live, func(x *object) bool { return x == o })
		return
	}
	end := w.exp(mean)
	for range w.rng.IntN(3) {
		w.in(w.rng.Float64()*end, func() { w.touch(o) })
	}
	w.in(end, func() { w.finish(o) })
}

func (w *world) open(r *resource) *object {
	o := &object{of: r, thread: pick(w.rng, r.threads), place: w.rng.IntN(len(r.openers))}
	o.route = pick(w.rng, r.contexts)
	o.value = w.allocate()
	w.live[o.value] = o
	r.live = append(r.live, o)
	r.opened++
	o.opened = w.record(htrace.KindOpen, o.value, o.thread, o, o.route, r.openers[o.place], r.api.open)
	return o
}

func (w *world) allocate() uint64 {
	if len(w.free) == 0 {
		w.next += 4
		return w.next - 4
	}
	i := 0
	switch w.policy {
	case 1:
		i = len(w.free) - 1
	case 2:
		i = slices.Index(w.free, slices.Min(w.free))
	case 3:
		i = w.rng.IntN(len(w.free))
	}
	v := w.free[i]
	w.free = slices.Delete(w.free, i, i+1)
	return v
}

// touch uses an object that its owner holds.
func (w *world) touch(o *object) {
	if o.ended {
		return
	}
	if !w.use(o, o.of.users, o.thread) && w.rng.IntN(3) == 0 {
		o.ended = true // its owner gives it up
	}
}

// finish has the owner of an object end it.
func (w *world) finish(o *object) {
	if o.ended {
		return
	}
	r := o.of
	thread := o.thread
	if r.life == handedOver || r.life == cached && w.rng.IntN(2) == 0 {
		thread = pick(w.rng, r.enders)
	}
	closer := r.closers[0]
	if w.rng.IntN(r.rare) == 0 {
		closer = pick(w.rng, r.closers)
	}
	w.close(o, thread, o.route, closer)
}

func (w *world) close(o *object, thread uint32, callers, closer route) {
	found := w.live[o.value]
	wasEnded := o.ended
	o.ended = true
	o.of.live = slices.DeleteFunc(o.of.live, func(x *object) bool { return x == o })
	if found == nil {
		w.accuse(o, w.record(htrace.KindBadReference, o.value|o.of.tag, thread, o, callers, closer, w.failing(o.of.api.close)), nil, false)
		return
	}
	rec := w.record(htrace.KindClose, o.value|o.of.tag, thread, o, callers, closer, o.of.api.close)
	delete(w.live, o.value)
	w.free = append(w.free, o.value)
	found.closed = rec
	if found != o {
		w.accuse(o, rec, found, false)
		return
	}
	if o.mistake != nil && !wasEnded {
		o.mistake.ready(o)
	}
}

func (w *world) failing(api []string) []string {
	if w.raise {
		return append(slices.Clone(api), "ntdll.dll!KiRaiseUserExceptionDispatcher")
	}
	return api
}

// use is false where the value names nothing.
func (w *world) use(o *object, routes []route, thread uint32) bool {
	if w.live[o.value] != nil {
		return true
	}
	rec := w.record(htrace.KindBadReference, o.value|o.of.tag, thread, o, o.route, pick(w.rng, routes), pick(w.rng, o.of.api.uses))
	w.accuse(o, rec, nil, true)
	return false
}

func (w *world) accuse(o *object, rec *record, killed *object, use bool) {
	f := o.fault
	if f == nil {
		f = &fault{root: o, rule: htrace.DoubleClose}
		switch {
		case killed != nil:
			f.rule = htrace.StolenClose
		case use:
			f.rule = htrace.UseAfterClose
		}
		if f.name = "healthy"; o.mistake != nil {
			f.name = o.mistake.name
		}
		o.fault = f
		w.faults = append(w.faults, f)
	}
	f.records = append(f.records, rec)
	if rec.killed = killed; killed != nil {
		killed.fault = f
	}
}

func (w *world) record(kind htrace.Kind, handle uint64, thread uint32, o *object, callers, inner route, api []string) *record {
	outer := slices.Concat(w.bases[thread], callers, inner)
	var stack []uint64
	for _, name := range api {
		stack = append(stack, w.layout.system(name))
	}
	slices.Reverse(stack)
	for _, a := range slices.Backward(outer) {
		stack = append(stack, a)
	}
	rec := &record{object: o, stored: none, op: htrace.Operation{Handle: handle, ProcessID: w.pid, ThreadID: thread, Kind: kind, Stack: stack[:min(len(stack), w.depth)]}}
	w.log = append(w.log, rec)
	return rec
}

// shutdown closes what is open, in the order of components.
func (w *world) shutdown() {
	thread := w.threads[0]
	for _, r := range w.resources {
		for _, o := range slices.Clone(r.live) {
			if !o.ended {
				w.close(o, thread, nil, r.closers[len(r.closers)-1])
			}
		}
	}
}

func traceSize(rng *rand.Rand) int { return int(200 * math.Pow(100, math.Pow(rng.Float64(), 2))) }
