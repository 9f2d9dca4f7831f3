package simulate

import (
	"iter"
	"slices"

	"github.com/handletrace/handletrace/htrace"
)

// maxDepth is how many frames the kernel keeps of a stack.
const maxDepth = 16

// thread runs a program, one operation at a time.
type thread struct {
	m      *machine
	name   string
	id     uint32
	pid    uint32
	image  *image
	frames []uint64    // return addresses, outermost first
	fault  string      // the fault that the program is about to commit
	held   bool        // the thread goes on without pauses
	wait   func() bool // what it waits for; nil where it does not
	done   bool

	resume func() (struct{}, bool)
	stop   func()
	yield  func(struct{}) bool
}

// handle is what a program holds: a value, and the object that it means.
type handle struct {
	raw    uint64 // with the program's tag bits
	object *object
}

func (h handle) value() uint64 { return h.raw &^ 3 }

// stopped unwinds a program whose machine has ended.
type stopped struct{}

// Frames at the bottom of threads, outermost first.
var (
	threadStart = []string{"ntdll.dll!RtlUserThreadStart#0", "KERNEL32.DLL!BaseThreadInitThunk#0"}
	mainBase    = append(slices.Clip(threadStart), "app.exe!__scrt_common_main_seh#0", "app.exe!main#0")
	workerBase  = append(slices.Clip(threadStart), "ucrtbase.dll!thread_start<unsigned int (__cdecl*)(void *),1>#0", "core.dll!base::ThreadMain#0")
	bareBase    = threadStart
	poolBase    = append(slices.Clip(threadStart), "ntdll.dll!TppWorkerThread#0", "ntdll.dll!TppWorkpExecuteCallback#0")
	clrBase     = append(slices.Clip(threadStart), "coreclr.dll!ManagedThreadBase_DispatchOuter#0", "coreclr.dll!FinalizerThread::FinalizerThreadWorker#0")
)

// spawn starts a thread with some frames at its bottom.
func (m *machine) spawn(name string, base []string, program func(*thread)) *thread {
	m.nextID += 4 * uint32(1+m.rng.IntN(40))
	t := &thread{m: m, name: name, id: m.nextID, pid: m.pid, image: m.image}
	for _, site := range base {
		t.frames = append(t.frames, m.image.at(site))
	}
	t.resume, t.stop = iter.Pull(func(yield func(struct{}) bool) {
		defer func() {
			t.done = true
			if r := recover(); r != nil {
				if _, ok := r.(stopped); !ok {
					panic(r)
				}
			}
		}()
		t.yield = yield
		t.pause()
		program(t)
	})
	m.threads = append(m.threads, t)
	return t
}

func (t *thread) step() {
	if _, ok := t.resume(); !ok {
		t.done = true
	}
}

// pause lets the other threads run, unless this one is held.
func (t *thread) pause() {
	if t.held {
		return
	}
	if !t.yield(struct{}{}) {
		panic(stopped{})
	}
}

// running reports whether programs should go on.
func (t *thread) running() bool { return !t.m.stopping }

// hold runs a body without any other thread's operation between.
func (t *thread) hold(body func()) {
	t.held = true
	body()
	t.held = false
}

// ready reports whether the thread can go on.
func (t *thread) ready() bool {
	return !t.done && (t.wait == nil || !t.running() || t.wait())
}

// until waits for a condition. It is false where the machine stops before.
func (t *thread) until(condition func() bool) bool {
	for !condition() {
		if !t.running() {
			return false
		}
		t.wait = condition
		t.pause()
		t.wait = nil
	}
	return true
}

// within waits for a condition for some time, counted in operations of the
// whole process.
func (t *thread) within(operations int, condition func() bool) bool {
	end := t.m.clock + operations
	return t.until(func() bool { return condition() || t.m.clock >= end }) && condition()
}

// idle lets up to n operations of other threads go by.
func (t *thread) idle(n int) {
	end := t.m.clock + t.m.rng.IntN(n+1)
	t.until(func() bool { return t.m.clock >= end })
}

// at waits until a part, in a hundred, of the trace is over.
func (t *thread) at(percent int) bool {
	return t.until(func() bool { return len(t.m.log) >= t.m.limit*percent/100 })
}

// in runs a body below a call site.
func (t *thread) in(site string, body func()) {
	t.frames = append(t.frames, t.image.at(site))
	body()
	t.frames = t.frames[:len(t.frames)-1]
}

// below runs a body below several call sites, outermost first.
func (t *thread) below(sites []string, body func()) {
	for _, site := range sites {
		t.frames = append(t.frames, t.image.at(site))
	}
	body()
	t.frames = t.frames[:len(t.frames)-len(sites)]
}

// trace returns the stack as the kernel records it, with the frames of a way
// through the system innermost.
func (t *thread) trace(way api) []uint64 {
	stack := make([]uint64, 0, maxDepth)
	for i, name := range way {
		stack = append(stack, t.image.at(name+apiCall))
		if t.m.verifier && (i == 0 && name != raised || i == 1 && way[0] == raised) {
			stack = append(stack, t.image.at("vfbasics.dll!AVrfp"+name[len("ntdll.dll!"):]+apiCall))
		}
	}
	for i := len(t.frames) - 1; i >= 0 && len(stack) < maxDepth; i-- {
		stack = append(stack, t.frames[i])
	}
	return stack
}

// open makes an object for a component.
func (t *thread) open(c *component, site string, way api) handle {
	t.pause()
	o := &object{component: c, site: site, thread: t.id, kind: c.kind.name}
	o.value = t.m.table.allocate()
	t.m.table.live[o.value] = o
	o.opened = t.m.record(t, htrace.KindOpen, o.value, way, o)
	return handle{raw: o.value | c.tag, object: o}
}

// close closes what a handle's value names at the time, be it the handle's own
// object, another's, or nothing.
func (t *thread) close(h handle, way api) {
	t.pause()
	found := t.m.table.live[h.value()]
	if found == nil {
		t.fail(h, way, false)
		return
	}
	e := t.m.record(t, htrace.KindClose, h.raw, way, h.object)
	t.m.table.release(h.value())
	found.closed = e
	if found == h.object {
		return
	}
	t.m.accuse(t, e, h.object, found)
}

// use does something with a handle and reports whether it named anything. A
// use of another's object succeeds and leaves no trace.
func (t *thread) use(h handle, way api) bool {
	t.pause()
	if t.m.table.live[h.value()] != nil {
		return true
	}
	t.fail(h, way, true)
	return false
}

// exit has the system close an object of a thread that ends. The system knows
// whether the object is still there.
func (t *thread) exit(h handle) {
	t.pause()
	if t.m.table.live[h.value()] == h.object {
		t.hold(func() { t.close(h, threadExit) })
	}
}

// fail records an operation on a value that names nothing.
func (t *thread) fail(h handle, way api, use bool) {
	kind := htrace.KindBadReference
	switch {
	case t.m.closesTwice && use:
		return
	case t.m.closesTwice:
		kind = htrace.KindClose
	case t.m.raise && !use:
		way = append(api{raised}, way...)
	}
	e := t.m.record(t, kind, h.raw, way, h.object)
	e.use = use
	t.m.accuse(t, e, h.object, nil)
}
