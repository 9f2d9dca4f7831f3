package pdb

import (
	"fmt"
	"reflect"
	"runtime"
	"sync"
	"testing"
)

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
