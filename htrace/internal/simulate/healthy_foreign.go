package simulate

// startInjected receives handles that another process duplicates into this
// one. The stacks of their opens are of that process's code.
func startInjected(m *machine) {
	c := m.newComponent("Receiver")
	c.setKind(pick(m, []*kind{fileKind, eventKind, sectionKind, processKind}))
	q := &queue{}
	other := newImage(m.rng)
	other.shareSystem(m.image)
	broker := m.newComponent("Broker")
	sender := m.spawn("broker", mainBase, func(t *thread) {
		for t.running() {
			if len(q.items) < 4 {
				h := handle{}
				broker.in(t, "Grant", 0, func() {
					h = t.open(c, "foreign", api{"ntdll.dll!NtDuplicateObject", "KERNELBASE.dll!DuplicateHandle"})
				})
				q.push(h)
			}
			t.idle(40)
		}
	})
	sender.pid = m.pid + 0x40
	sender.image = other
	for i, site := range mainBase {
		sender.frames[i] = other.at(site)
	}
	c.spawn("Receive", func(t *thread) {
		for {
			h, ok := q.take(t)
			if !ok {
				return
			}
			c.work(t, h, 2)
			c.close(t, "OnMessage", 0, h)
		}
	})
}

// startMovedAway duplicates handles into another process and has the system
// close their source.
func startMovedAway(m *machine) {
	c := m.newComponent("Exporter")
	c.closes = nil
	c.spawn("Export", func(t *thread) {
		for t.running() {
			h := c.open(t, "Prepare", 0)
			c.work(t, h, 1)
			c.closeThrough(t, "Send", 0, h, moveAway)
			t.idle(30)
		}
	})
}

// startPreexisting has objects that were opened before the trace began.
func startPreexisting(m *machine) {
	c := m.newComponent("Elder")
	var open []handle
	for range m.between(1, 12) {
		open = append(open, m.preexisting(c))
	}
	c.spawn("Live", func(t *thread) {
		for len(open) > 0 && t.running() {
			t.idle(min(400, m.limit/4))
			if m.chance(60) {
				c.close(t, "Retire", 0, open[0])
				open = open[1:]
			}
		}
		for t.running() {
			c.job(t)
			t.idle(30)
		}
	})
}
