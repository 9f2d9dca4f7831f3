package htrace

import (
	"hash/fnv"
	"slices"
	"strings"
)

// Code that belongs together is often called from one place: the function that
// opens and the one that closes have a caller in common, which few others
// have. This file tells what two stacks have in common.

// sharing is what two stacks have in common, as the part of all opens or closes
// that have it too: small for what is rare, 1 for nothing.
type sharing struct {
	function, module float64
	// nearer is the part of a module's opens and closes that lie nearer to the
	// operation than this one.
	nearer float64
}

// usualPart is from what part of the opens on a function or module in common
// tells nothing.
const usualPart = 0.5

func (s sharing) hasFunction() bool { return s.function < usualPart }

// crowd tells how usual the functions and modules on the stacks of opens and of
// closes are.
type crowd struct {
	functions shares[uint64]
	modules   shares[string]
	stacks    []stackMembers
	// pathOf, insideOf and helperOf number the paths of calls, the paths of
	// helpers and the innermost functions by stack, the last for what other
	// processes do.
	pathOf, insideOf, helperOf []int32
	maps                       map[string]*codeMap // by module
}

// stackMembers are the functions of a stack's responsible frames, and the
// modules and addresses of the innermost of them.
type stackMembers struct {
	functions []uint64
	modules   []string
	inner     []stackFrame
	path      uint64 // a hash of the functions of the innermost
	inside    uint64 // a hash of the functions inside the owner
	helper    uint64 // the innermost function
}

// innerFrames is how many frames from the owner outwards tell what component
// an operation belongs to: the owner itself may be a helper that nothing gave
// away.
const innerFrames = 3

func (a *Analysis) newCrowd() *crowd {
	c := &crowd{functions: newShares[uint64](), modules: newShares[string]()}
	c.stacks = make([]stackMembers, len(a.trace.stacks))
	counts := make([]share, len(a.trace.stacks))
	for i := range a.trace.Operations {
		s := a.stacksOf[i]
		switch k := a.trace.Operations[i].Kind; {
		case int(s) >= len(counts):
		case k == KindOpen:
			counts[s].opens++
		case k == KindClose:
			counts[s].closes++
		}
	}
	for i := range a.trace.stacks {
		m := a.sites.members(int32(i))
		c.stacks[i] = m
		c.functions.add(m.functions, counts[i])
		c.modules.add(m.modules, counts[i])
	}
	c.maps = newCodeMaps(c.stacks, counts)
	c.pathOf = c.number(func(m *stackMembers) uint64 { return m.path })
	c.insideOf = c.number(func(m *stackMembers) uint64 { return m.inside })
	c.helperOf = c.number(func(m *stackMembers) uint64 { return m.helper })
	return c
}

// number numbers what a function tells of each stack, and as the last what
// other processes do.
func (c *crowd) number(of func(*stackMembers) uint64) []int32 {
	ids := make(map[uint64]int32)
	numbers := make([]int32, 0, len(c.stacks)+1)
	for i := range c.stacks {
		p := of(&c.stacks[i])
		id, ok := ids[p]
		if !ok {
			id = int32(len(ids))
			ids[p] = id
		}
		numbers = append(numbers, id)
	}
	return append(numbers, int32(len(ids)))
}

// members lists the functions, modules and addresses of the application on a
// stack.
func (s *siteTable) members(number int32) stackMembers {
	var m stackMembers
	stack, info := s.frames[number], &s.stacks[number]
	if len(info.frames) > 0 {
		m.helper = stack[info.frames[0]].functionStart()
	}
	for k, i := range info.frames {
		f := stack[i]
		if f.role != application {
			continue
		}
		m.functions = appendNew(m.functions, f.functionStart())
		if f.class != 0 {
			m.functions = appendNew(m.functions, f.class)
		}
		if k < int(info.owner) || len(m.inner) == innerFrames {
			continue
		}
		m.inner = append(m.inner, f)
		if f.module != "" {
			m.modules = appendNew(m.modules, f.module)
		}
	}
	m.path = pathHash(m.inner)
	var inside []stackFrame
	for _, i := range info.frames[:min(len(info.frames), 2)] {
		inside = append(inside, stack[i])
	}
	m.inside = pathHash(inside)
	return m
}

func pathHash(frames []stackFrame) uint64 {
	path := make([]uint64, len(frames))
	for i, f := range frames {
		path[i] = f.functionStart()
	}
	return stackHash(path)
}

func appendNew[T comparable](list []T, v T) []T {
	for _, x := range list {
		if x == v {
			return list
		}
	}
	return append(list, v)
}

// sharedBy returns what two stacks have in common, the first of an open or of a
// close.
func (a *Analysis) sharedBy(x, y int32, closed bool) sharing {
	c := a.crowd
	if int(x) >= len(c.stacks) || int(y) >= len(c.stacks) {
		return sharing{1, 1, 1}
	}
	return sharing{
		c.functions.rarest(c.stacks[x].functions, c.stacks[y].functions, closed),
		c.modules.rarest(c.stacks[x].modules, c.stacks[y].modules, closed),
		a.nearer(c.stacks[x].inner, c.stacks[y].inner),
	}
}

// nearer returns the least part of a module's opens and closes that lie nearer
// to one of the frames y than x does.
func (a *Analysis) nearer(x, y []stackFrame) float64 {
	least := 1.0
	for _, p := range x {
		for _, q := range y {
			if p.module != "" && p.module == q.module {
				least = min(least, a.crowd.maps[p.module].within(q.addr, max(p.addr, q.addr)-min(p.addr, q.addr)))
			}
		}
	}
	return least
}

// codeMap is where in a module the opens and closes are.
type codeMap struct {
	addresses []uint64  // sorted
	before    []float64 // operations at lower addresses
	all       float64
}

// within returns the part of the operations that lie no farther from an address
// than a distance.
func (m *codeMap) within(center, distance uint64) float64 {
	low, _ := slices.BinarySearch(m.addresses, center-min(distance, center))
	high, found := slices.BinarySearch(m.addresses, center+distance)
	if found {
		high++
	}
	n := m.all
	if high < len(m.before) {
		n = m.before[high]
	}
	if low < len(m.before) {
		n -= m.before[low]
	}
	return n / max(m.all, 1)
}

// newCodeMaps draws the maps of all modules.
func newCodeMaps(stacks []stackMembers, counts []share) map[string]*codeMap {
	weights := make(map[stackFrame]float64)
	for i := range stacks {
		for _, f := range stacks[i].inner {
			if f.module != "" {
				weights[f] += counts[i].opens + counts[i].closes
			}
		}
	}
	maps, at := make(map[string]*codeMap), make(map[uint64]float64)
	for f, w := range weights {
		m := maps[f.module]
		if m == nil {
			m = new(codeMap)
			maps[f.module] = m
		}
		m.addresses = append(m.addresses, f.addr)
		at[f.addr] = w
	}
	for _, m := range maps {
		slices.Sort(m.addresses)
		for _, p := range m.addresses {
			m.before = append(m.before, m.all)
			m.all += at[p]
		}
	}
	return maps
}

// shares counts how many opens and closes have a thing on their stacks.
type shares[T comparable] struct {
	counts map[T]share
	all    share
}

type share struct{ opens, closes float64 }

func newShares[T comparable]() shares[T] { return shares[T]{counts: make(map[T]share)} }

func (s *shares[T]) add(list []T, n share) {
	s.all = share{s.all.opens + n.opens, s.all.closes + n.closes}
	for _, v := range list {
		c := s.counts[v]
		s.counts[v] = share{c.opens + n.opens, c.closes + n.closes}
	}
}

// of returns the part of the opens that have a thing, or of the closes.
func (s *shares[T]) of(v T, closes bool) float64 {
	c := s.counts[v]
	if closes {
		return (c.closes + 1) / (s.all.closes + 2)
	}
	return (c.opens + 1) / (s.all.opens + 2)
}

// rarest returns the share of the rarest member of both lists, and 1 where they
// have none.
func (s *shares[T]) rarest(x, y []T, closes bool) float64 {
	least := 1.0
	for _, v := range x {
		for _, w := range y {
			if v == w {
				least = min(least, s.of(v, closes))
			}
		}
	}
	return least
}

// classOf returns a hash of the class or namespace that a function is in, as
// its name tells, and 0 where it does not.
func classOf(f Frame) uint64 {
	if f.FunctionStart == 0 || !isExact(f) {
		return 0
	}
	name := f.Function
	end := -1
	for i, depth := 0, 0; i+1 < len(name); i++ {
		switch {
		case name[i] == '<' || name[i] == '(':
			depth++
		case name[i] == '>' || name[i] == ')':
			depth--
		case depth == 0 && name[i] == ':' && name[i+1] == ':':
			end = i
		}
	}
	if end < 0 {
		// C programs put the name of the component in front.
		const shortest = 3
		if end = strings.IndexByte(name, '_'); end < shortest {
			return 0
		}
	}
	h := fnv.New64a()
	h.Write([]byte(f.Module + "!" + name[:end]))
	return h.Sum64() | 1
}
