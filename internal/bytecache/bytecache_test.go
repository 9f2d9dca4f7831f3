package bytecache

import (
	"sync"
	"testing"
)

func TestCache(t *testing.T) {
	c := New[int](1, 100) // two generations of 50
	for i := range uint64(10) {
		c.Put(i, int(i), 10)
		c.Get(0) // stays young
	}
	if v, ok := c.Get(0); !ok || v != 0 {
		t.Error("what is in use was dropped")
	}
	if _, ok := c.Get(1); ok {
		t.Error("nothing was dropped")
	}
	if _, ok := c.Get(9); !ok {
		t.Error("the last was dropped")
	}
	c.Put(77, 7, 1000)
	if v, ok := c.Get(77); !ok || v != 7 {
		t.Error("a big value was not kept at all")
	}
	if n := c.Len(); n > 11 {
		t.Errorf("%d kept", n)
	}
	c.SetLimit(100)
	if n := c.Len(); n != 0 {
		t.Errorf("%d kept of an emptied cache", n)
	}
}

func TestGoroutines(t *testing.T) {
	c := New[uint64](8, 8000)
	var all sync.WaitGroup
	for g := range uint64(8) {
		all.Go(func() {
			for i := range uint64(2000) {
				key := (i + g*37) % 500
				if v, ok := c.Get(key); ok && v != key {
					t.Errorf("%d is kept under %d", v, key)
					return
				}
				c.Put(key, key, 10)
			}
		})
	}
	all.Wait()
}
