package symstore

import (
	"context"
	"errors"
	"io"
	"math"
	"os"
	"strings"

	"github.com/handletrace/handletrace/symbols"
)

// material is a file that may be the one of a key, not yet checked.
type material struct {
	path   string
	source string // where it is from, for reports
	temp   bool   // a temporary file of the work, which may be moved
}

// fetcher calls use with what may be the file of a key, until use is content.
// Files that it downloads are of the work. Its error is a [*writeError].
type fetcher func(ctx context.Context, w *work, use func(material) bool) error

var (
	// errUnfit is reported when nothing that was fetched was the file.
	errUnfit = errors.New("no fitting file")
	// errNowhere is reported when no store could be written.
	errNowhere = errors.New("no store can be written")
	errNoStore = errors.New("there is none, so a file that has to be kept cannot be; name a folder before the server, as in srv*FOLDER*URL")
)

// install puts a file into the nearest of some stores that can be written,
// expanded, and copies of what was fetched into those after it. What else than
// errNowhere is reported has been noted.
func (l *Locator) install(ctx context.Context, k Key, targets []*store, fetch fetcher) (Result, error) {
	for i, home := range targets {
		r, err := l.installIn(ctx, k, home, targets[i+1:], fetch)
		if unwritable := (*writeError)(nil); !errors.As(err, &unwritable) {
			return r, err
		}
		note(ctx, home.root, Unwritable, err)
	}
	return Result{}, errNowhere
}

// keep is install for a file that cannot be used where it is: in the end the
// default store takes it, or a temporary one.
func (l *Locator) keep(ctx context.Context, k Key, targets []*store, fetch fetcher) (Result, bool) {
	if l.fallback == nil && len(targets) == 0 {
		note(ctx, "the default store", Unwritable, errNoStore)
	}
	r, err := l.install(ctx, k, targets, fetch)
	if len(with(targets, l.fallback)) > len(targets) && err == errNowhere {
		r, err = l.install(ctx, k, []*store{l.fallback}, fetch)
	}
	if err == errNowhere && !l.opts.NoTemporary {
		r, err = l.install(ctx, k, with(nil, l.resort.store()), fetch)
	}
	return r, err == nil
}

func (l *Locator) installIn(ctx context.Context, k Key, home *store, others []*store, fetch fetcher) (Result, error) {
	w, err := home.begin(ctx, k)
	if err != nil {
		return Result{}, err
	}
	defer w.end()
	if path, ok := w.have(); ok {
		// Another process was faster.
		note(ctx, path, Found, nil)
		return Result{Path: path, Source: path}, nil
	}
	r, err := Result{}, errUnfit
	unwritable := (*writeError)(nil)
	failed := fetch(ctx, w, func(m material) bool {
		r, err = l.take(ctx, w, m, others)
		if err != nil && !errors.As(err, &unwritable) {
			note(ctx, m.source, outcomeOf(err), err)
			return false
		}
		return true
	})
	if failed != nil {
		return Result{}, failed
	}
	return r, err
}

// take checks material and puts it into the stores.
func (l *Locator) take(ctx context.Context, w *work, m material, others []*store) (Result, error) {
	ready, f, err := l.expanded(ctx, w, m)
	if err != nil {
		return Result{}, err
	}
	if err := w.key.check(ready.path, w.key); err != nil {
		return Result{}, blame(err, ready.path, m.source)
	}
	for _, other := range others {
		l.copyTo(ctx, w.key, other, m, f)
	}
	if !ready.temp {
		if ready.path, err = w.copy(ctx, ready.path); err != nil {
			return Result{}, err
		}
	}
	path, err := w.place(ready.path, w.key.File)
	if err != nil {
		return Result{}, err
	}
	note(ctx, m.source, Found, nil)
	note(ctx, path, Copied, nil)
	return Result{Path: path, Source: m.source}, nil
}

// expanded returns the material as it is without compression, and what it was.
func (l *Locator) expanded(ctx context.Context, w *work, m material) (material, form, error) {
	f, err := formOf(m.path)
	if err != nil || f == plainForm {
		return m, f, err
	}
	path, err := w.write(func(to *os.File) error { return expand(ctx, m.path, f, w.key, to, l.opts.MaxFileSize) })
	return material{path: path, source: m.source, temp: true}, f, err
}

// copyTo copies material into a store as it is, compressed or not. Nothing
// depends on it.
func (l *Locator) copyTo(ctx context.Context, k Key, s *store, m material, f form) {
	w, err := s.tryBegin(k)
	if err != nil {
		note(ctx, s.root, Unwritable, err)
		return
	}
	defer w.end()
	path, err := w.copy(ctx, m.path)
	if err == nil {
		name := k.File
		if f == cabForm {
			name = packedName(name)
		}
		path, err = w.place(path, name)
	}
	if err != nil {
		note(ctx, s.root, Unwritable, err)
		return
	}
	note(ctx, path, Copied, nil)
}

// copy makes a temporary file of another file's bytes.
func (w *work) copy(ctx context.Context, path string) (string, error) {
	from, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer from.Close()
	return w.write(func(to *os.File) error { return copyBounded(ctx, to, io.Reader(from), math.MaxInt64) })
}

// blame lets an error about a temporary file name the place that it is from.
func blame(err error, temp, source string) error {
	if mismatch := (*symbols.MismatchError)(nil); errors.As(err, &mismatch) {
		return &symbols.MismatchError{Path: source, Found: mismatch.Found, Want: mismatch.Want}
	}
	return &blamed{err, strings.ReplaceAll(err.Error(), temp, source)}
}

// blamed is an error with another text.
type blamed struct {
	err  error
	text string
}

func (e *blamed) Error() string { return e.text }
func (e *blamed) Unwrap() error { return e.err }
