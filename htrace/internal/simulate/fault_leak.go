package simulate

// leakPlan spreads a number of lost objects over the trace.
type leakPlan struct {
	*leak
	c     *component
	total int
}

func newLeakPlan(m *machine, name, class string) *leakPlan {
	p := &leakPlan{leak: &leak{fault: name}, c: m.newComponent(class)}
	p.total = m.between(6, max(6, min(200, m.limit/8)))
	if m.chance(30) {
		p.total = m.between(6, max(6, min(16, m.limit/8)))
	}
	m.leaks = append(m.leaks, p.leak)
	return p
}

// due reports whether it is time to lose the next object.
func (p *leakPlan) due() bool {
	m := p.c.m
	return len(p.lost) < p.total && len(m.log) >= m.limit*(len(p.lost)+1)/(p.total+1)
}

func (p *leakPlan) lose(h handle) {
	h.object.leak = p.leak
	p.lost = append(p.lost, h.object)
}

// startSteadyLeak loses every object of a place.
func startSteadyLeak(m *machine, name string) {
	p := newLeakPlan(m, name, "Tracker")
	p.c.spawn("Poll", func(t *thread) {
		for t.until(p.due) && t.running() {
			h := p.c.open(t, "Track", 0)
			p.lose(h)
			p.c.work(t, h, 1)
		}
	})
}

// startErrorPathLeak loses objects only where their work fails: many others of
// the same place are closed.
func startErrorPathLeak(m *machine, name string) {
	p := newLeakPlan(m, name, "Reader")
	p.c.spawn("ReadAll", func(t *thread) {
		for t.running() {
			h := p.c.open(t, "Read", 0)
			if p.due() {
				p.lose(h)
			} else {
				p.c.work(t, h, 1)
				p.c.close(t, "Read", 1, h)
			}
			t.idle(6)
		}
	})
}

// startThreadLeak loses one object for each thread that serves a request.
func startThreadLeak(m *machine, name string) {
	p := newLeakPlan(m, name, "Request")
	p.c.spawn("Listen", func(t *thread) {
		for t.until(p.due) && t.running() {
			done := false
			p.c.spawn("Handle", func(t *thread) {
				p.lose(p.c.open(t, "Prepare", 0))
				done = true
				p.c.job(t)
			})
			t.until(func() bool { return done })
		}
	})
}

// startMixedLeak opens three objects in one place each time, and closes two.
func startMixedLeak(m *machine, name string) {
	p := newLeakPlan(m, name, "Batch")
	p.c.spawn("Run", func(t *thread) {
		for t.until(p.due) && t.running() {
			var batch []handle
			for range 3 {
				batch = append(batch, p.c.open(t, "Add", 0))
			}
			i := m.rng.IntN(3)
			p.lose(batch[i])
			for j, h := range batch {
				if j != i {
					p.c.close(t, "Clear", 0, h)
				}
			}
		}
	})
}
