package breakpad

import "sync"

// cacheLimit bounds, in bytes and roughly, the decoded functions of each of the
// two generations.
const cacheLimit = 8 << 20

// cache keeps decoded functions by where they stand, in two generations: when
// the young one is full the old one is forgotten. Its zero value is ready.
type cache struct {
	mu         sync.Mutex
	young, old map[int64]*function
	used       int // by the young
}

func (c *cache) get(offset int64) (*function, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if fn, ok := c.young[offset]; ok {
		return fn, true
	}
	fn, ok := c.old[offset]
	if ok {
		c.add(offset, fn)
	}
	return fn, ok
}

func (c *cache) put(offset int64, fn *function) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.add(offset, fn)
}

func (c *cache) add(offset int64, fn *function) {
	if _, ok := c.young[offset]; ok {
		return
	}
	cost := fn.cost()
	if c.used+cost > cacheLimit || c.young == nil {
		c.old, c.young, c.used = c.young, make(map[int64]*function), 0
	}
	c.young[offset] = fn
	c.used += cost
}
