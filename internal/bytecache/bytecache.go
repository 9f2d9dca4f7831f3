// Package bytecache keeps values in memory up to a number of bytes.
package bytecache

import "sync"

// Cache keeps values up to a number of bytes, in two generations: when the
// young one is full the old one is forgotten and the young becomes old; what is
// asked for again becomes young again. It is split into shards, so that
// goroutines seldom wait for each other.
type Cache[V any] struct {
	shards []shard[V]
}

type shard[V any] struct {
	mu         sync.Mutex
	young, old map[uint64]entry[V]
	used       int // by the young
	limit      int // of each generation
}

type entry[V any] struct {
	value V
	cost  int
}

// New returns a cache of that many shards, a power of two, which keeps
// values of limit bytes in all.
func New[V any](shards, limit int) *Cache[V] {
	c := &Cache[V]{make([]shard[V], shards)}
	c.SetLimit(limit)
	return c
}

// SetLimit empties the cache and bounds the cost of all that it keeps from now
// on.
func (c *Cache[V]) SetLimit(bytes int) {
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		s.limit = bytes / (2 * len(c.shards))
		s.young, s.old, s.used = nil, nil, 0
		s.mu.Unlock()
	}
}

func (c *Cache[V]) shard(key uint64) *shard[V] {
	return &c.shards[key*0x9e3779b97f4a7c15>>32&uint64(len(c.shards)-1)]
}

// Get returns what was kept under a key.
func (c *Cache[V]) Get(key uint64) (V, bool) {
	s := c.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.young[key]; ok {
		return e.value, true
	}
	e, ok := s.old[key]
	if ok {
		s.add(key, e)
	}
	return e.value, ok
}

// Put keeps a value under a key. The cost is what it takes of memory, in bytes.
func (c *Cache[V]) Put(key uint64, value V, cost int) {
	s := c.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(key, entry[V]{value, cost})
}

func (s *shard[V]) add(key uint64, e entry[V]) {
	// A value too big for the limit is kept until the next comes: to make it
	// anew for every question would be worse.
	if s.used+e.cost > s.limit {
		s.old, s.young, s.used = s.young, nil, 0
	}
	if s.young == nil {
		s.young = make(map[uint64]entry[V])
	}
	s.used += e.cost
	s.young[key] = e
}

// Len returns how many values are kept. One that became young again may be
// counted twice.
func (c *Cache[V]) Len() int {
	n := 0
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		n += len(s.young) + len(s.old)
		s.mu.Unlock()
	}
	return n
}
