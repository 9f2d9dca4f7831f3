package pdb

import (
	"fmt"
	"reflect"
	"runtime"
	"sync"
	"testing"
)

func TestCache(t *testing.T) {
	c := newCache[int](1)
	c.setLimit(100) // two generations of 50
	for i := range uint64(10) {
		c.put(i, int(i), 10)
		c.get(0) // stays young
	}
	if v, ok := c.get(0); !ok || v != 0 {
		t.Error("what is in use was dropped")
	}
	if _, ok := c.get(1); ok {
		t.Error("nothing was dropped")
	}
	if _, ok := c.get(9); !ok {
		t.Error("the last was dropped")
	}
	c.put(77, 7, 1000)
	if v, ok := c.get(77); !ok || v != 7 {
		t.Error("a big value was not kept at all")
	}
	if n := len(c.shards[0].young) + len(c.shards[0].old); n > 11 {
		t.Errorf("%d kept", n)
	}
}

// With no room to speak of, every index is made again and again, and the
// answers stay the same.
func TestSmallCache(t *testing.T) {
	data := unzip(t, "x64-O0.pdb.gz")
	f := open(t, data)
	f.SetCacheSize(1)
	sameAnswers(t, f, open(t, data))
	if n := len(f.indexes.held); n > 1 {
		t.Errorf("%d indexes held", n)
	}
	f.SetCacheSize(1 << 20)
	sameAnswers(t, f, open(t, data))
}

func TestManyGoroutines(t *testing.T) {
	data := unzip(t, "x64-O2.pdb.gz")
	want := open(t, data)
	f := open(t, data)
	f.SetCacheSize(10000) // so that indexes come and go
	var all sync.WaitGroup
	errs := make(chan error, 100)
	for g := range 4 * runtime.GOMAXPROCS(0) {
		all.Go(func() {
			var frames []Frame
			for i := uint32(0); i < 0x1400; i += 3 {
				rva := 0x1000 + (i+uint32(g)*517)%0x1400
				frames, _ = f.AppendFrames(frames[:0], rva)
				w, _ := want.Lookup(rva)
				if len(frames)+len(w) > 0 && !reflect.DeepEqual(frames, w) {
					errs <- fmt.Errorf("%#x: %v, want %v", rva, frames, w)
					return
				}
			}
		})
	}
	all.Wait()
	close(errs)
	for err := range errs {
		t.Error(err)
	}
}
