package dwarfsym

import "sync"

// cache keeps decoded units, in two generations: when the young one is full the
// old one is forgotten.
type cache struct {
	mu         sync.Mutex
	limit      int // bytes of each generation, roughly
	young, old map[*unit]*tree
	used       int // by the young
}

const (
	minCache = 16 << 20
	maxCache = 128 << 20
)

func (c *cache) get(u *unit) *tree {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t := c.young[u]; t != nil {
		return t
	}
	t := c.old[u]
	if t != nil {
		c.add(u, t)
	}
	return t
}

func (c *cache) put(u *unit, t *tree) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.add(u, t)
}

func (c *cache) add(u *unit, t *tree) {
	cost := t.cost()
	// One too big for the limit is kept until the next comes.
	if c.young == nil || c.used+cost > c.limit {
		c.old, c.young, c.used = c.young, map[*unit]*tree{}, 0
	}
	c.young[u] = t
	c.used += cost
}

// tree returns the decoded unit.
func (f *File) tree(u *unit) *tree {
	if t := f.trees.get(u); t != nil {
		return t
	}
	u.mu.Lock() // others who want it wait, and find it in the cache
	defer u.mu.Unlock()
	if t := f.trees.get(u); t != nil {
		return t
	}
	t, _ := f.decode(u)
	t.lines = f.readLines(u)
	f.trees.put(u, t)
	return t
}
