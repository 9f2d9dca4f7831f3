package symstore

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// chain is an element of the path, ready to be asked: places from the nearest
// to the farthest. What one of them has is copied into the stores before it,
// and into the caches that stand before the element in the path.
type chain struct {
	places []place
	caches []*store
	plain  bool // a plain folder, in which files need not lie as in a store
	keeps  bool // a lone store that is ours to expand files in
}

// place is a store or a server.
type place struct {
	store  *store
	server *server
}

var errNoKey = errors.New("symstore: the key is none that a function of this package made")

// complete adds the places that the syntax leaves unsaid: the default store
// before a server, and Microsoft's server for a bare srv*.
func (c *chain) complete(kind Kind, bare bool, l *Locator) {
	switch {
	case kind == Cache:
		c.keeps = true
	case kind == Directory:
		c.plain = len(c.places) > 0 && !isRegular(filepath.Join(c.places[0].store.root, "pingme.txt"))
	case len(c.places) == 0 && bare:
		if p, ok := l.place(MicrosoftServer); ok {
			c.places = []place{p}
			c.complete(kind, false, l)
		}
	case len(c.places) > 0 && c.places[0].server != nil && l.fallback != nil:
		c.places = append([]place{{store: l.fallback}}, c.places...)
	}
}

// find asks the places in turn.
func (c *chain) find(ctx context.Context, l *Locator, k Key) (Result, bool) {
	targets := c.caches
	for _, p := range c.places {
		if ctx.Err() != nil {
			return Result{}, false
		}
		if p.server != nil {
			if r, ok := p.server.find(ctx, l, k, targets); ok {
				return r, true
			}
			continue
		}
		if r, ok := c.inStore(ctx, l, p.store, k, targets); ok {
			return r, true
		}
		targets = with(targets, p.store)
	}
	return Result{}, false
}

// with returns the stores and one more, if it is not among them.
func with(stores []*store, s *store) []*store {
	if s == nil || slices.ContainsFunc(stores, func(have *store) bool { return have.root == s.root }) {
		return stores
	}
	return append(stores[:len(stores):len(stores)], s)
}

// inStore looks into one store and hands what it has on to the targets.
func (c *chain) inStore(ctx context.Context, l *Locator, s *store, k Key, targets []*store) (Result, bool) {
	if len(targets) == 0 && (c.keeps || len(c.places) > 1) {
		targets = []*store{s} // for what is compressed
	}
	some := false
	for path := range c.candidates(ctx, l, s, k) {
		some = true
		if r, ok := l.deliver(ctx, k, path, targets); ok {
			return r, true
		}
	}
	if !some {
		c.noteMissing(ctx, s)
	}
	return Result{}, false
}

// noteMissing records that a store lacks a file, or cannot be read at all. A
// store that is not there is an empty one, unless nothing could make it.
func (c *chain) noteMissing(ctx context.Context, s *store) {
	_, err := os.Stat(s.root)
	if err != nil && (c.plain || !errors.Is(err, fs.ErrNotExist)) {
		note(ctx, s.root, Unreachable, err)
		return
	}
	note(ctx, s.root, Missing, nil)
}

// deliver hands a local file on: where it is, or by copies in the targets. One
// that is compressed needs a store to be expanded in.
func (l *Locator) deliver(ctx context.Context, k Key, path string, targets []*store) (Result, bool) {
	form, err := formOf(path)
	if err == nil && form == plainForm {
		err = k.check(path, k)
	}
	if err != nil {
		note(ctx, path, outcomeOf(err), err)
		return Result{}, false
	}
	copied := func(ctx context.Context, w *work, use func(material) bool) error {
		use(material{path: path, source: path})
		return nil
	}
	if form != plainForm {
		return l.keep(ctx, k, targets, copied)
	}
	if len(targets) > 0 && !isBelow(path, targets[0].root) {
		if r, err := l.install(ctx, k, targets, copied); err == nil {
			return r, true
		}
	}
	note(ctx, path, Found, nil)
	return Result{Path: path, Source: path}, true
}

// isBelow reports whether a path lies in a folder.
func isBelow(path, folder string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rel)
}
