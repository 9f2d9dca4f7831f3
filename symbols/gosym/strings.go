package gosym

import "sync"

// stringCache keeps the names of functions and files by their RVAs. Its zero
// value is ready.
type stringCache struct {
	mu   sync.Mutex
	m    map[int64]string
	used int
}

// stringCacheLimit bounds the bytes that are kept, roughly. At the limit all are
// forgotten.
const stringCacheLimit = 4 << 20

func (c *stringCache) get(mem memory, rva int64) (string, bool) {
	c.mu.Lock()
	s, ok := c.m[rva]
	c.mu.Unlock()
	if ok {
		return s, true
	}
	if s, ok = mem.cstring(rva); !ok {
		return "", false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.used += len(s) + 48; c.m == nil || c.used > stringCacheLimit {
		c.m, c.used = map[int64]string{}, len(s)+48
	}
	c.m[rva] = s
	return s, true
}

// cstring returns a string that ends in NUL.
func (t *Table) cstring(rva int64) (string, bool) { return t.strings.get(t.mem, rva) }
