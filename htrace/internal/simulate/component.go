package simulate

import "fmt"

// component is a part of the program: a class with methods in one module, that
// owns objects of one kind and closes them in its own style.
type component struct {
	m      *machine
	module string
	class  string
	kind   *kind
	tag    uint64   // the tag bits that it puts on its handles
	opens  []string // helpers that it opens through, outermost first
	closes []string // wrappers that it closes through, outermost first
	base   []string // frames at the bottom of its threads
	way    struct{ open, use, end api }
}

// openers are helpers that several components open through.
var openers = [][]string{
	nil, nil, nil,
	{"core.dll!base::OpenHelper#0"},
	{"core.dll!base::Factory::Create#0", "core.dll!base::OpenHelper#1"},
}

// closers are wrappers that several components close through: none, a guard's
// destructor, one several levels deep, and a helper function.
var closers = [][]string{
	nil, nil,
	{"core.dll!UniqueHandle::~UniqueHandle#0"},
	{"core.dll!ScopedHandle::~ScopedHandle#0", "core.dll!ScopedHandle::Close#0", "core.dll!HandleTraits::CloseHandle#0"},
	{"app.exe!SafeClose#0"},
	{"app.exe!std::unique_ptr<void,HandleDeleter>::reset#0", "app.exe!HandleDeleter::operator()#0"},
}

// newComponent makes a component of a class, in a random module, with a random
// kind of object and random habits.
func (m *machine) newComponent(class string) *component {
	m.names[class]++
	if n := m.names[class]; n > 1 {
		class = fmt.Sprintf("%s%d", class, n)
	}
	c := &component{m: m, module: pick(m, appModules[:5]), class: class, kind: pick(m, kinds)}
	c.setKind(c.kind)
	c.opens = pick(m, openers)
	c.closes = pick(m, closers)
	if c.base = workerBase; m.chance(20) {
		c.base = bareBase
	}
	if m.chance(15) && (c.kind == eventKind || c.kind == fileKind) {
		c.tag = uint64(m.between(1, 3))
	}
	return c
}

// setKind gives the component objects of another kind.
func (c *component) setKind(k *kind) {
	c.kind = k
	c.way.open = pick(c.m, k.opens)
	c.way.use = pick(c.m, k.uses)
	c.way.end = pick(c.m, k.ends)
}

// site is the n-th call in a method.
func (c *component) site(method string, n int) string {
	return fmt.Sprintf("%s!%s::%s#%d", c.module, c.class, method, n)
}

// in runs a body below a call in a method.
func (c *component) in(t *thread, method string, n int, body func()) {
	t.in(c.site(method, n), body)
}

// open opens an object at a call in a method.
func (c *component) open(t *thread, method string, n int) (h handle) {
	site := c.site(method, n)
	t.in(site, func() {
		t.below(c.opens, func() { h = t.open(c, site, c.way.open) })
	})
	return h
}

// close closes a handle at a call in a method, through the component's
// wrappers.
func (c *component) close(t *thread, method string, n int, h handle) {
	c.closeThrough(t, method, n, h, c.way.end)
}

func (c *component) closeThrough(t *thread, method string, n int, h handle, way api) {
	c.in(t, method, n, func() {
		t.below(c.closes, func() { t.close(h, way) })
	})
}

// use uses a handle at a call in a method.
func (c *component) use(t *thread, method string, n int, h handle) (ok bool) {
	c.in(t, method, n, func() { ok = t.use(h, c.way.use) })
	return ok
}

// spawn starts a thread of the component.
func (c *component) spawn(name string, program func(*thread)) *thread {
	return c.m.spawn(c.class+"/"+name, c.base, func(t *thread) {
		c.in(t, name, 0, func() { program(t) })
	})
}

// fromSomewhere runs a body below some callers that differ from time to time,
// further out than the component's own.
func (c *component) fromSomewhere(t *thread, body func()) {
	callers := []string{"core.dll!base::MessageLoop::Run#0", "core.dll!base::Task::Invoke#0", "core.dll!base::RunOnce#1"}
	sites := append([]string(nil), callers[:c.m.rng.IntN(len(callers)+1)]...)
	sites = append(sites, c.site("Dispatch", c.m.rng.IntN(2)))
	t.below(sites, body)
}
