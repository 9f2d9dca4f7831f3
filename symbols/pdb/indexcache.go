package pdb

import (
	"sync"
	"sync/atomic"
)

// indexCache keeps the indexes of modules up to a number of bytes. Those that
// were asked for since the last look round are spared first.
type indexCache struct {
	slots    []atomic.Pointer[moduleIndex]
	building [32]sync.Mutex // by module: who makes its index

	mu    sync.Mutex
	held  []uint32 // modules in the order of the look round
	hand  int
	used  int
	limit int
}

func (c *indexCache) setModules(n int) { c.slots = make([]atomic.Pointer[moduleIndex], n) }

// setLimit empties the cache and bounds the cost of what it keeps from now on.
func (c *indexCache) setLimit(bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.held {
		c.slots[m].Store(nil)
	}
	c.held, c.hand, c.used, c.limit = nil, 0, 0, bytes
}

func (c *indexCache) get(module uint32) *moduleIndex {
	x := c.slots[module].Load()
	if x != nil && !x.used.Load() {
		x.used.Store(true)
	}
	return x
}

func (c *indexCache) put(module uint32, x *moduleIndex) {
	c.mu.Lock()
	defer c.mu.Unlock()
	cost := x.cost()
	for c.used+cost > c.limit && len(c.held) > 0 {
		c.dropOne()
	}
	c.slots[module].Store(x)
	c.held = append(c.held, module)
	c.used += cost
}

// dropOne drops the next index that was not used since the hand last passed.
func (c *indexCache) dropOne() {
	for {
		if c.hand >= len(c.held) {
			c.hand = 0
		}
		m := c.held[c.hand]
		x := c.slots[m].Load()
		if x.used.Swap(false) {
			c.hand++
			continue
		}
		c.used -= x.cost()
		c.slots[m].Store(nil)
		c.held[c.hand] = c.held[len(c.held)-1]
		c.held = c.held[:len(c.held)-1]
		return
	}
}

// index returns a module's index, made now if it is not at hand.
func (f *File) index(l *layout, module uint32) *moduleIndex {
	if uint64(module) >= uint64(len(l.modules)) {
		return &moduleIndex{damage: &FormatError{"DBI stream", 0, "section contributions of modules that there are"}}
	}
	if x := f.indexes.get(module); x != nil {
		return x
	}
	mu := &f.indexes.building[module%uint32(len(f.indexes.building))]
	mu.Lock()
	defer mu.Unlock()
	if x := f.indexes.get(module); x != nil {
		return x
	}
	x := f.buildIndex(&l.modules[module])
	f.indexes.put(module, x)
	return x
}
