package symstore

import (
	"context"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/handletrace/handletrace/symbols"
)

// Locator finds files along a symbol path. It is safe for concurrent use: a
// file that several ask for is fetched once, in this process and among all that
// share a store.
type Locator struct {
	opts     Options
	chains   []chain
	fallback *store // the default store; nil where there is none
	resort   temporary
	flights  flights
	warnings []string
	client   client
}

var (
	_ symbols.Locator    = (*Locator)(nil)
	_ symbols.FileFinder = (*Locator)(nil)
)

// New returns a locator for a path. Nothing is looked at before a file is asked
// for, except for the mark that makes a folder a store.
func New(path Path, opts Options) *Locator {
	l := &Locator{opts: opts.withDefaults(), warnings: path.Warnings}
	l.client = newClient(l.opts)
	folder := l.opts.DefaultStore
	if folder == "" {
		var err error
		if folder, err = DefaultStore(os.Getenv); err != nil {
			l.warnings = append(l.warnings, "there is no default store: "+err.Error())
		}
	}
	if folder != "" {
		l.fallback = newStore(folder)
	}
	l.build(path)
	return l
}

// Warnings say what of the path was left out.
func (l *Locator) Warnings() []string { return l.warnings }

// Close closes the connections that are kept for further requests, and removes
// the files that no store could take: nothing may use them any more.
func (l *Locator) Close() error {
	l.client.close()
	return l.resort.remove()
}

// FindPDB returns the path of a PDB of that very build.
func (l *Locator) FindPDB(ctx context.Context, name, debugID string) (string, error) {
	k, err := PDBKey(name, debugID)
	return l.path(ctx, k, err)
}

// FindImage returns the path of an executable or a library of that very build.
func (l *Locator) FindImage(ctx context.Context, name string, timeDateStamp, sizeOfImage uint32) (string, error) {
	k, err := ImageKey(name, timeDateStamp, sizeOfImage)
	return l.path(ctx, k, err)
}

func (l *Locator) path(ctx context.Context, k Key, err error) (string, error) {
	if err != nil {
		return "", err
	}
	r, err := l.Find(ctx, k)
	return r.Path, err
}

// Find returns the file of a key. The error is a [*NotFoundError], ctx's, or
// says that the key is none. The attempts are in the result even then.
func (l *Locator) Find(ctx context.Context, k Key) (Result, error) {
	if !k.valid() {
		return Result{}, errNoKey
	}
	return l.flights.do(ctx, k.String(), func(ctx context.Context) (Result, error) { return l.search(ctx, k) })
}

// search asks the elements of the path in turn.
func (l *Locator) search(ctx context.Context, k Key) (Result, error) {
	rec := new(record)
	ctx = withRecord(ctx, rec)
	defer func() { l.log(ctx, k, rec.attempts()) }()
	for i := range l.chains {
		r, ok := l.chains[i].find(ctx, l, k)
		if err := context.Cause(ctx); err != nil {
			return Result{Attempts: rec.attempts()}, err
		}
		if ok {
			r.Attempts = rec.attempts()
			return r, nil
		}
	}
	list := rec.attempts()
	return Result{Attempts: list}, &NotFoundError{k, list}
}

func (l *Locator) log(ctx context.Context, k Key, list []Attempt) {
	if !l.opts.Logger.Enabled(ctx, slog.LevelDebug) {
		return
	}
	for _, a := range list {
		l.opts.Logger.DebugContext(ctx, string(a.Outcome), "key", k.String(), "place", a.Place, "error", a.Err)
	}
}

// FindFiles implements [symbols.FileFinder]: it returns the files of these
// names in the folders of the path. The network is not used.
func (l *Locator) FindFiles(ctx context.Context, names ...string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, c := range l.chains {
			for _, p := range c.places {
				if p.store == nil {
					continue
				}
				for _, name := range names {
					parts := strings.Split(name, "/")
					if ctx.Err() != nil {
						return
					}
					if !plainNames(parts) {
						continue
					}
					if path, ok := p.store.folder.find(parts...); ok && !yield(path) {
						return
					}
				}
			}
		}
	}
}

func plainNames(parts []string) bool {
	for _, p := range parts {
		if clean, err := cleanName(p); err != nil || clean != p {
			return false
		}
	}
	return true
}

// build makes the chains of a path's elements.
func (l *Locator) build(path Path) {
	var caches []*store
	for _, e := range path.Elements {
		c := chain{caches: caches}
		for _, location := range e.Locations {
			if p, ok := l.place(location); ok {
				c.places = append(c.places, p)
			}
		}
		c.complete(e.Kind, len(e.Locations) == 0, l)
		if len(c.places) == 0 {
			continue
		}
		if e.Kind == Cache {
			caches = with(caches, c.places[0].store)
		}
		l.chains = append(l.chains, c)
	}
}

// place returns the store or server at a location.
func (l *Locator) place(location string) (place, bool) {
	if isURL(location) {
		s, err := newServer(location, l)
		if err != nil {
			l.warnings = append(l.warnings, err.Error())
			return place{}, false
		}
		return place{server: s}, true
	}
	if location == "" {
		return place{store: l.fallback}, l.fallback != nil
	}
	folder, ok := mapPath(location, l.opts.Folders)
	if !ok {
		l.warnings = append(l.warnings, location+": a path of Windows, which leads nowhere on this machine unless it is mapped to a folder; it is left out")
		return place{}, false
	}
	return place{store: newStore(filepath.Clean(folder))}, true
}
