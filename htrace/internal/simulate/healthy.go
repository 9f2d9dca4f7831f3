package simulate

// behaviour is something that healthy programs do with handles.
type behaviour struct {
	name  string
	start func(*machine)
	// foreign is whether another process works on this one's table: where
	// operations of several tables are mixed, nothing would tell them apart.
	foreign bool
}

// healthy are the behaviours that a process is mixed from.
var healthy = []behaviour{
	{name: "scanner", start: startScanner},
	{name: "worker pool", start: startWorkerPool},
	{name: "hand-over", start: startHandOver},
	{name: "connection pool", start: startConnectionPool},
	{name: "cache", start: startCache},
	{name: "singletons", start: startSingletons},
	{name: "error path", start: startErrorPath},
	{name: "service", start: startService},
	{name: "one-shots", start: startOneShots},
	{name: "thread-pool callbacks", start: startCallbacks},
	{name: "finalizer", start: startFinalizer},
	{name: "thread handles", start: startThreadHandles},
	{name: "objects that die with their thread", start: startThreadExit},
	{name: "server", start: startServer},
	{name: "objects from another process", start: startInjected, foreign: true},
	{name: "moved away", start: startMovedAway},
	{name: "older than the trace", start: startPreexisting},
	{name: "shared registry", start: startRegistry},
}

// work uses a handle up to n times with pauses between. It is false after the
// first use that fails, for which healthy code cannot be blamed.
func (c *component) work(t *thread, h handle, n int) bool {
	for range c.m.rng.IntN(n + 1) {
		t.idle(3)
		if !c.use(t, "Process", c.m.rng.IntN(2), h) {
			return false
		}
	}
	return true
}

// job opens an object, works with it and closes it: at once, and in one place
// unless the work fails.
func (c *component) job(t *thread) {
	h := c.open(t, "Acquire", 0)
	if !c.work(t, h, 3) && c.m.chance(50) {
		c.close(t, "Abandon", 0, h)
		return
	}
	c.close(t, "Release", 0, h)
}

// startScanner loops over files, at times recursively, on one thread.
func startScanner(m *machine) {
	c := m.newComponent("Scanner")
	deep := m.chance(40)
	var visit func(t *thread, depth int)
	visit = func(t *thread, depth int) {
		h := c.open(t, "Visit", 0)
		c.work(t, h, 1)
		if deep && depth < 14 && m.chance(60) && t.running() {
			c.in(t, "Visit", 1, func() { visit(t, depth+1) })
		}
		c.close(t, "Visit", 2, h)
	}
	c.spawn("Scan", func(t *thread) {
		for t.running() {
			visit(t, 0)
			t.idle(6)
		}
	})
}

// startWorkerPool runs the same jobs on several threads.
func startWorkerPool(m *machine) {
	c := m.newComponent("Worker")
	for range m.between(2, 6) {
		c.spawn("Loop", func(t *thread) {
			for t.running() {
				c.fromSomewhere(t, func() { c.job(t) })
				t.idle(12)
			}
		})
	}
}

// queue hands handles from thread to thread.
type queue struct{ items []handle }

func (q *queue) push(h handle) { q.items = append(q.items, h) }

// take waits for an item. It is false where there will be none.
func (q *queue) take(t *thread) (h handle, ok bool) {
	t.until(func() bool { return len(q.items) > 0 })
	if len(q.items) == 0 {
		return handle{}, false
	}
	h, q.items = q.items[0], q.items[1:]
	return h, true
}

// startHandOver opens on one thread and closes on others.
func startHandOver(m *machine) {
	producer, consumer := m.newComponent("Producer"), m.newComponent("Consumer")
	consumer.setKind(producer.kind)
	consumer.tag = producer.tag
	q := &queue{}
	producer.spawn("Produce", func(t *thread) {
		for t.running() {
			if len(q.items) < 8 {
				q.push(producer.open(t, "Make", m.rng.IntN(2)))
			}
			t.idle(8)
		}
	})
	for range m.between(1, 3) {
		consumer.spawn("Consume", func(t *thread) {
			for {
				h, ok := q.take(t)
				if !ok {
					return
				}
				consumer.work(t, h, 2)
				consumer.close(t, "Finish", 0, h)
			}
		})
	}
}

// startConnectionPool grows to a plateau and stays there. Now and then a
// connection is replaced.
func startConnectionPool(m *machine) {
	c := m.newComponent("Pool")
	var open []handle
	plateau := m.between(3, 24)
	c.spawn("Serve", func(t *thread) {
		for t.running() {
			switch {
			case len(open) < plateau && m.chance(60):
				open = append(open, c.open(t, "Connect", 0))
			case len(open) > 0 && m.chance(8):
				i := m.rng.IntN(len(open))
				c.close(t, "Drop", 0, open[i])
				open[i] = c.open(t, "Connect", 0)
			case len(open) > 0:
				c.use(t, "Query", 0, pick(m, open))
			}
			t.idle(15)
		}
		for _, h := range open {
			c.close(t, "CloseAll", 0, h)
		}
	})
}

// startCache keeps the newest objects and closes the oldest, from whichever
// thread adds one.
func startCache(m *machine) {
	c := m.newComponent("Cache")
	var open []handle
	room := m.between(2, 30)
	for range m.between(1, 3) {
		c.spawn("Fetch", func(t *thread) {
			for t.running() {
				h := c.open(t, "Load", 0)
				open = append(open, h)
				if len(open) > room {
					old := open[0]
					open = open[1:]
					c.close(t, "Evict", 0, old)
				}
				t.idle(15)
			}
		})
	}
}

// startSingletons opens objects once, each in a place of its own, that live as
// long as the process.
func startSingletons(m *machine) {
	c := m.newComponent("Globals")
	c.spawn("Init", func(t *thread) {
		var open []handle
		for i := range m.between(2, 9) {
			open = append(open, c.open(t, "Create", i))
			t.idle(20)
		}
		for t.running() {
			c.use(t, "Signal", 0, pick(m, open))
			t.idle(30)
		}
		for _, h := range open {
			c.close(t, "Destroy", 0, h)
		}
	})
}

// startErrorPath has jobs that seldom end early, in a place of their own.
func startErrorPath(m *machine) {
	c := m.newComponent("Loader")
	seldom := m.between(0, 6)
	again := false // an error that comes twice in a row
	c.spawn("LoadAll", func(t *thread) {
		for t.running() {
			h := c.open(t, "Load", 0)
			if again || m.chance(seldom) {
				again = !again && m.chance(30)
				c.in(t, "Load", 1, func() { c.close(t, "OnError", 0, h) })
			} else {
				c.work(t, h, 2)
				c.close(t, "Load", 2, h)
			}
			t.idle(10)
		}
	})
}

// startService opens its objects at start, closes them when it is stopped, and
// is restarted in the middle of the trace.
func startService(m *machine) {
	c := m.newComponent("Service")
	many := m.between(2, 8)
	restarts := []int{m.between(30, 50), m.between(55, 80)}[:m.rng.IntN(3)]
	c.spawn("Run", func(t *thread) {
		for i := 0; t.running(); i++ {
			var open []handle
			for j := range many {
				open = append(open, c.open(t, "Start", j%3))
				t.idle(4)
			}
			until := 1000
			if i < len(restarts) {
				until = restarts[i]
			}
			for t.running() && len(m.log) < m.limit*until/100 {
				c.use(t, "Tick", 0, pick(m, open))
				t.idle(20)
			}
			for _, h := range open {
				c.close(t, "Stop", 0, h)
			}
		}
	})
}

// startOneShots runs tasks each of which is one pair of places, seen once.
func startOneShots(m *machine) {
	c := m.newComponent("Startup")
	c.spawn("RunTasks", func(t *thread) {
		for i := range m.between(3, 12) {
			h := c.open(t, "Task", 2*i)
			c.work(t, h, 3)
			c.close(t, "Task", 2*i+1, h)
			t.idle(40)
		}
	})
}
