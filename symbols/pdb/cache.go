package pdb

import "sync"

// cache keeps values up to a number of bytes, in two generations: when the
// young one is full the old one is forgotten and the young becomes old; what is
// asked for again becomes young again. It may be split in a power of two of
// shards, so that goroutines seldom wait for each other.
type cache[V any] struct {
	shards []cacheShard[V]
}

func newCache[V any](shards int) cache[V] {
	return cache[V]{make([]cacheShard[V], shards)}
}

type cacheShard[V any] struct {
	mu         sync.Mutex
	young, old map[uint64]cached[V]
	used       int // by the young
	limit      int // of each generation
}

type cached[V any] struct {
	value V
	cost  int
}

// setLimit bounds the cost of all that is kept.
func (c *cache[V]) setLimit(bytes int) {
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		s.limit = bytes / (2 * len(c.shards))
		s.young, s.old, s.used = nil, nil, 0
		s.mu.Unlock()
	}
}

func (c *cache[V]) shard(key uint64) *cacheShard[V] {
	return &c.shards[key*0x9e3779b97f4a7c15>>32&uint64(len(c.shards)-1)]
}

func (c *cache[V]) get(key uint64) (V, bool) {
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

func (c *cache[V]) put(key uint64, value V, cost int) {
	s := c.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(key, cached[V]{value, cost})
}

func (s *cacheShard[V]) add(key uint64, e cached[V]) {
	// A value too big for the limit is kept until the next comes: to make it
	// anew for every address would be worse.
	if s.used+e.cost > s.limit {
		s.old, s.young, s.used = s.young, nil, 0
	}
	if s.young == nil {
		s.young = make(map[uint64]cached[V])
	}
	s.used += e.cost
	s.young[key] = e
}

// table is a decoded form that is worth keeping: of a big procedure's inline
// sites, of a big line table, or of where the records of a block of types are.
type table struct {
	inlines *inlineTree
	lines   []lineRecord
	types   []uint32
}

// tableKey names the table that is decoded from what stands at an offset of a
// stream.
func tableKey(s *Stream, off uint32) uint64 { return uint64(s.number)<<32 | uint64(off) }
