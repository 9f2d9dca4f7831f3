package symstore

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// modules are as many builds of a PDB as a large process has modules.
const modules = 300

func builds(b *testing.B) ([]Key, map[string][]byte) {
	s := thePDB(b)
	files := make(map[string][]byte)
	keys := make([]Key, modules)
	for i := range keys {
		one := s.withAge(b, uint32(i+1))
		keys[i] = one.key(b)
		files[keys[i].String()] = one.data
	}
	return keys, files
}

// findAll looks keys up as a resolver does: several at once.
func findAll(b *testing.B, l *Locator, keys []Key) {
	var all sync.WaitGroup
	free := make(chan struct{}, 16)
	for _, k := range keys {
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }()
			if _, err := l.Find(context.Background(), k); err != nil {
				b.Error(err)
			}
		})
	}
	all.Wait()
}

func BenchmarkWarmStore(b *testing.B) {
	keys, files := builds(b)
	root := tree(b, files)
	b.ReportAllocs()
	for b.Loop() {
		findAll(b, locator(b, "srv*"+root+"*http://127.0.0.1:1", Options{}), keys)
	}
}

// BenchmarkServer fetches all from a server that is 20 ms away.
func BenchmarkServer(b *testing.B) {
	keys, files := builds(b)
	w := newWeb(b, files)
	w.answerWith(func(rw http.ResponseWriter, r *http.Request) {
		time.Sleep(20 * time.Millisecond)
		w.file(rw, r)
	})
	b.ReportAllocs()
	for b.Loop() {
		near, err := os.MkdirTemp(b.TempDir(), "")
		if err != nil {
			b.Fatal(err)
		}
		findAll(b, locator(b, "srv*"+filepath.Join(near, "s")+"*"+w.URL, Options{}), keys)
	}
}
