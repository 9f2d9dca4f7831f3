package symstore

import (
	"os"
	"sync"
)

// temporary is the store of files that no other store can take. It is removed
// when the locator is closed.
type temporary struct {
	mu    sync.Mutex
	made  *store
	ended bool
}

// store returns the store; nil where there can be none.
func (t *temporary) store() *store {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.made != nil || t.ended {
		return t.made
	}
	if root, err := os.MkdirTemp("", "handletrace-*"); err == nil {
		t.made = newStore(root)
	}
	return t.made
}

func (t *temporary) remove() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
	if t.made == nil {
		return nil
	}
	root := t.made.root
	t.made = nil
	return os.RemoveAll(root)
}
