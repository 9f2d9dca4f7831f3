package simulate

import "slices"

// startCallbacks opens on threads of its own and closes in callbacks of the
// thread pool.
func startCallbacks(m *machine) {
	c := m.newComponent("AsyncIo")
	q := &queue{}
	c.spawn("Submit", func(t *thread) {
		for t.running() {
			if len(q.items) < 6 {
				q.push(c.open(t, "Begin", 0))
			}
			t.idle(10)
		}
	})
	for range m.between(2, 4) {
		m.spawn(c.class+"/callback", poolBase, func(t *thread) {
			for {
				h, ok := q.take(t)
				if !ok {
					return
				}
				c.in(t, "OnComplete", 0, func() {
					c.work(t, h, 2)
					c.close(t, "Cleanup", 0, h)
				})
			}
		})
	}
}

// startFinalizer has managed components whose objects are closed in good time
// by themselves, or else by the runtime's finalizer thread.
func startFinalizer(m *machine) {
	var dropped []handle
	finalize := func(t *thread, h handle) {
		t.below([]string{"coreclr.dll!SafeHandle::Finalize#0", "coreclr.dll!SafeHandle::ReleaseHandle#0"}, func() {
			t.close(h, h.object.component.way.end)
		})
	}
	for range m.between(1, 3) {
		c := m.newComponent("Managed")
		disposes := m.chance(50)
		c.spawn("Main", func(t *thread) {
			for t.running() {
				h := c.open(t, "New", 0)
				c.work(t, h, 2)
				if disposes && m.chance(70) {
					c.close(t, "Dispose", 0, h)
				} else {
					dropped = append(dropped, h)
				}
				t.idle(15)
			}
		})
	}
	m.spawn("finalizer", clrBase, func(t *thread) {
		for t.running() {
			if !t.until(func() bool { return len(dropped) > 4 }) {
				break
			}
			batch := dropped
			dropped = nil
			for _, h := range batch {
				finalize(t, h)
			}
		}
		for _, h := range slices.Clip(dropped) {
			finalize(t, h)
		}
	})
}

// startThreadHandles starts threads, waits for some and closes their handles
// at once or when they are done.
func startThreadHandles(m *machine) {
	c := m.newComponent("Launcher")
	c.setKind(threadKind)
	c.spawn("Launch", func(t *thread) {
		for t.running() {
			h := c.open(t, "StartThread", 0)
			if m.chance(50) {
				c.close(t, "Detach", 0, h)
			} else {
				c.work(t, h, 2)
				c.close(t, "Join", 0, h)
			}
			t.idle(30)
		}
	})
}

// startThreadExit has threads that leave an object to the system, which closes
// it when the thread ends.
func startThreadExit(m *machine) {
	c := m.newComponent("Session")
	c.spawn("Listen", func(t *thread) {
		for t.running() {
			c.spawn("Handle", func(t *thread) {
				own := c.open(t, "Impersonate", 0)
				c.job(t)
				t.frames = nil
				for _, site := range threadStart {
					t.frames = append(t.frames, m.image.at(site))
				}
				t.exit(own)
			})
			t.idle(60)
		}
	})
}

// startServer accepts sockets on one thread and serves them on others.
func startServer(m *machine) {
	acceptor, session := m.newComponent("Acceptor"), m.newComponent("Connection")
	acceptor.setKind(socketKind)
	session.setKind(socketKind)
	session.tag = acceptor.tag
	q := &queue{}
	acceptor.spawn("Accept", func(t *thread) {
		for t.running() {
			if len(q.items) < 10 {
				q.push(acceptor.open(t, "OnClient", 0))
			}
			t.idle(12)
		}
	})
	for range m.between(1, 4) {
		session.spawn("Serve", func(t *thread) {
			for {
				h, ok := q.take(t)
				if !ok {
					return
				}
				if session.work(t, h, 3) {
					session.close(t, "Shutdown", 0, h)
				} else {
					session.in(t, "OnError", 0, func() { session.close(t, "Shutdown", 1, h) })
				}
			}
		})
	}
}

// startRegistry collects objects of several components, and closes all that
// are left at shutdown.
func startRegistry(m *machine) {
	registry := m.newComponent("Registry")
	var open []handle
	for range m.between(1, 3) {
		c := m.newComponent("Member")
		own := m.between(1, 5)
		c.spawn("Setup", func(t *thread) {
			for range own {
				open = append(open, c.open(t, "Register", 0))
				t.idle(30)
			}
			for t.running() {
				c.job(t)
				t.idle(40)
			}
		})
	}
	registry.spawn("Watch", func(t *thread) {
		t.until(func() bool { return false })
		for _, h := range open {
			registry.closeThrough(t, "CloseAll", 0, h, h.object.component.way.end)
		}
	})
}
