package simulate

import "slices"

// fault is a mistake of a program.
type fault struct {
	name  string
	start func(*machine, string)
}

// faults are all that can be injected.
var faults = func() []fault {
	var list []fault
	for _, x := range misuses {
		list = append(list, fault{x.name, x.start})
	}
	return append(list,
		fault{"bad-reference", startGarbage},
		fault{"leak/steady", startSteadyLeak},
		fault{"leak/error-path", startErrorPathLeak},
		fault{"leak/per-thread", startThreadLeak},
		fault{"leak/mixed", startMixedLeak},
	)
}()

func faultNamed(name string) fault {
	i := slices.IndexFunc(faults, func(f fault) bool { return f.name == name })
	return faults[i]
}

// step is what a program does with a handle at one time.
type step func(*component, *thread, handle)

// Steps that end an object, or use it.
func release(c *component, t *thread, h handle) { c.close(t, "Release", 0, h) }
func onError(c *component, t *thread, h handle) {
	c.in(t, "Acquire", 1, func() { c.close(t, "OnError", 0, h) })
}
func explicit(c *component, t *thread, h handle) { c.close(t, "CloseNow", 0, h) }
func destroy(c *component, t *thread, h handle) {
	c.in(t, "~"+c.class, 0, func() { c.close(t, "Reset", 0, h) })
}
func useIt(c *component, t *thread, h handle) { c.use(t, "Flush", 0, h) }

// moment tells when the wrong step is taken: it is asked after each operation
// since the right close.
type moment func(m *machine, t *thread, h handle) bool

func free(m *machine, _ *thread, h handle) bool        { return m.table.live[h.value()] == nil }
func taken(m *machine, t *thread, h handle) bool       { return takenBy(m, t, h, false) }
func takenBySelf(m *machine, t *thread, h handle) bool { return takenBy(m, t, h, true) }

// takenBy reports whether another object has the handle's value, of the same
// component but opened on another thread, or of another component.
func takenBy(m *machine, t *thread, h handle, same bool) bool {
	o := m.table.live[h.value()]
	if o == nil || o.leak != nil || o.incident != nil {
		return false
	}
	if same {
		return o.component == h.object.component && o.thread != t.id
	}
	return o.component != h.object.component
}

// late reports whether others have had the value, and it is free again.
func late(m *machine, t *thread, h handle) bool {
	return free(m, t, h) && m.reused(h.object)
}

// reused reports whether an object's value was given out again.
func (m *machine) reused(o *object) bool {
	for i := len(m.log) - 1; i >= 0 && m.log[i] != o.closed; i-- {
		if m.log[i].op.Value() == o.value {
			return true
		}
	}
	return false
}

// misuse is a close or use of a handle after its right close.
type misuse struct {
	name string
	// right ends the object, wrong misuses the handle afterwards.
	right, wrong step
	when         moment
	// otherThread has another thread take the wrong step.
	otherThread bool
	// more are further wrong steps of the same mistake.
	more    []step
	repeats [2]int // how often wrong is taken again, from and to
	workers int    // further threads of the same component
	// atOnce lets nothing happen between the right and the wrong step.
	atOnce bool
	// last ends the trace soon after.
	last bool
	// lost has the ring lose the right close.
	lost bool
}

var misuses = []misuse{
	{name: "double-close/at-once", right: release, wrong: release, when: free, atOnce: true},
	{name: "double-close/same-site", right: release, wrong: release, when: free},
	{name: "double-close/error-path", right: onError, wrong: release, when: free},
	{name: "double-close/destructor", right: explicit, wrong: destroy, when: free},
	{name: "double-close/other-thread", right: release, wrong: destroy, when: free, otherThread: true},
	{name: "double-close/late", right: release, wrong: release, when: late},
	{name: "double-close/late-other-site", right: explicit, wrong: destroy, when: late},

	{name: "stolen-close/same-site", right: release, wrong: release, when: taken},
	{name: "stolen-close/destructor", right: explicit, wrong: destroy, when: taken},
	{name: "stolen-close/error-path", right: onError, wrong: release, when: taken},
	{name: "stolen-close/other-thread", right: release, wrong: destroy, when: taken, otherThread: true},
	{name: "stolen-close/same-component", right: release, wrong: release, when: takenBySelf, workers: 4},
	{name: "stolen-close/same-component-destructor", right: explicit, wrong: destroy, when: takenBySelf, workers: 4},
	{name: "stolen-close/three-times", right: release, wrong: release, when: taken, repeats: [2]int{1, 1}},
	{name: "stolen-close/first-close-lost", right: release, wrong: release, when: taken, lost: true},
	{name: "stolen-close/silent", right: release, wrong: release, when: taken, last: true},

	{name: "use-after-close/same-thread", right: release, wrong: useIt, when: free},
	{name: "use-after-close/other-thread", right: release, wrong: useIt, when: free, otherThread: true},
	{name: "use-after-close/repeated", right: release, wrong: useIt, when: free, repeats: [2]int{3, 40}},
	{name: "use-after-close/then-close", right: release, wrong: useIt, when: free, repeats: [2]int{0, 3}, more: []step{destroy}},
}

// start adds a component that makes the mistake once, amid right work of the
// same code.
func (x misuse) start(m *machine, name string) {
	c := m.newComponent("Faulty")
	m.pending++
	before, after := m.rng.IntN(20), m.rng.IntN(20)
	start := m.between(10, 75)
	if x.last {
		start = m.between(60, 95)
	}
	for range x.workers {
		c.spawn("Run", func(t *thread) { c.jobs(t, 1_000_000) })
	}
	var handed *handle // to the other thread
	if x.otherThread {
		c.spawn("Watch", func(t *thread) {
			for done := false; !done && t.until(func() bool { return handed != nil }); handed = nil {
				done = x.goWrong(c, t, *handed, name)
			}
		})
	}
	c.spawn("Run", func(t *thread) {
		c.jobs(t, before)
		t.at(start)
		for done := false; t.running() && !done; {
			var h handle
			c.fromSomewhere(t, func() {
				h = c.open(t, "Acquire", 0)
				c.work(t, h, 2)
				t.held = x.atOnce
				x.right(c, t, h)
			})
			wrong := func() { done = x.goWrong(c, t, h, name) }
			switch {
			case x.otherThread:
				handed = &h
				t.until(func() bool { return handed == nil })
				done = h.object.incident != nil
			case m.chance(50):
				c.fromSomewhere(t, wrong)
			default:
				wrong()
			}
		}
		c.jobs(t, after)
	})
}

// jobs does right work for some turns.
func (c *component) jobs(t *thread, turns int) {
	for i := 0; i < turns && t.running(); i++ {
		c.fromSomewhere(t, func() { c.job(t) })
		t.idle(10)
	}
}

// goWrong waits for the moment and takes the wrong steps. It is false where
// the moment does not come.
func (x misuse) goWrong(c *component, t *thread, h handle, name string) bool {
	m := c.m
	if !t.within(400, func() bool { return x.when(m, t, h) }) {
		return false
	}
	t.fault = name
	t.hold(func() { x.wrong(c, t, h) })
	if x.repeats[1] > 0 {
		for range m.between(x.repeats[0], x.repeats[1]) {
			t.idle(20)
			x.wrong(c, t, h)
		}
	}
	for _, s := range x.more {
		t.idle(10)
		s(c, t, h)
	}
	t.fault = ""
	m.pending--
	if x.last {
		m.limit = len(m.log) + m.between(0, 4)
		m.shutdown = false
	}
	return true
}
