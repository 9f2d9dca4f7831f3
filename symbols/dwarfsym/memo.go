package dwarfsym

import "sync"

// memo keeps strings that were made. Its zero value is ready.
type memo[K comparable] struct {
	mu   sync.Mutex
	m    map[K]string
	used int
}

// memoLimit bounds the bytes that a memo keeps, roughly. At the limit all are
// forgotten.
const memoLimit = 512 << 10

// get returns the string for a key, made if it is not kept.
func (c *memo[K]) get(key K, read func() string) string {
	c.mu.Lock()
	s, ok := c.m[key]
	c.mu.Unlock()
	if ok {
		return s
	}
	s = read()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.used += len(s) + 48; c.m == nil || c.used > memoLimit {
		c.m, c.used = map[K]string{}, len(s)+48
	}
	c.m[key] = s
	return s
}
