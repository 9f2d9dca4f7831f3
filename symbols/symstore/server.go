package symstore

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"
)

// server is a symbol server of the path.
type server struct {
	base  *url.URL
	place string // the URL without its query
	l     *Locator
	gate  chan struct{} // as many requests as may be under way
	tries int
	pause time.Duration // before the second try; the others wait longer

	asksTiers chan struct{} // held by who finds out how many tiers there are

	mu        sync.Mutex
	tiers     int // 2 or 3; 0 while it is not known
	failures  int // in a row
	deadUntil time.Time
	deadErr   error
	misses    map[string]miss // by URL
}

// miss is a file that a server did not give.
type miss struct {
	until time.Time
	err   error
}

const (
	requestsAtOnce = 16
	requestTries   = 3
	firstPause     = 250 * time.Millisecond
	longestPause   = 10 * time.Second
	deadTime       = time.Minute
	missTime       = time.Hour
	keptMisses     = 1 << 14
	mostFailures   = 3
)

func newServer(location string, l *Locator) (*server, error) {
	u, err := url.Parse(location)
	if err != nil {
		return nil, fmt.Errorf("%q is no URL; the location is left out", redact(location))
	}
	u.Fragment = ""
	shown := *u
	shown.RawQuery = ""
	return &server{
		base:      u,
		place:     shown.String(),
		l:         l,
		gate:      make(chan struct{}, requestsAtOnce),
		tries:     requestTries,
		pause:     firstPause,
		misses:    make(map[string]miss),
		asksTiers: make(chan struct{}, 1),
	}, nil
}

// url returns the URL of a path of plain names below the server's. A query of
// the server's, which may be a key to a storage service, stays behind it.
func (s *server) url(names ...string) *url.URL { return s.base.JoinPath(escaped(names)...) }

// shown returns the URL as it may be printed.
func (s *server) shown(names ...string) string {
	u := *s.url(names...)
	u.RawQuery = ""
	return u.String()
}

// escaped keeps a % of a name from being taken for an escape.
func escaped(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = url.PathEscape(n)
	}
	return out
}

// find fetches a key's file into the targets.
func (s *server) find(ctx context.Context, l *Locator, k Key, targets []*store) (Result, bool) {
	if l.opts.Offline {
		note(ctx, s.place, Skipped, ErrOffline)
		return Result{}, false
	}
	if err := s.gaveUp(); err != nil {
		note(ctx, s.place, Skipped, err)
		return Result{}, false
	}
	return l.keep(ctx, k, targets, func(ctx context.Context, w *work, use func(material) bool) error {
		return s.fetch(ctx, k, w, use)
	})
}

// fetch asks for a key in all the ways in which a server may have it. The error
// is a [*writeError].
func (s *server) fetch(ctx context.Context, k Key, w *work, use func(material) bool) error {
	for i, spelled := range k.spellings() {
		files := []string{spelled.File, packedName(spelled.File), pointerFile}
		if i > 0 {
			files = files[:1]
		}
		for _, file := range files {
			if over, err := s.try(ctx, spelled, file, w, use); over || err != nil {
				return err
			}
		}
	}
	return nil
}

// try asks for one file. Over is true when the search is: the file is there, or
// nothing more is to be asked. The error is a [*writeError].
func (s *server) try(ctx context.Context, k Key, file string, w *work, use func(material) bool) (over bool, err error) {
	names := []string{k.Folder, k.Index, file}
	three := s.threeTiers()
	if three {
		names = append([]string{k.prefix()}, names...)
	}
	shown := s.shown(names...)
	temp, err := s.download(ctx, k, file, w, names)
	switch {
	case err == nil && file == pointerFile:
		return s.pointer(ctx, temp, shown, use), nil
	case err == nil:
		return use(material{path: temp, source: shown, temp: true}), nil
	case errors.Is(err, errMissing):
		note(ctx, shown, Missing, nil)
		if three || !s.learnTiers(ctx) {
			return false, nil
		}
		return s.try(ctx, k, file, w, use)
	}
	switch faultOf(ctx, err) {
	case faultFinal:
		note(ctx, shown, Refused, err)
		return false, nil
	case faultOurs:
		return true, err
	case faultPassing, faultGone:
		note(ctx, shown, Unreachable, err)
	}
	return true, nil
}

// download fetches one file into a temporary one.
func (s *server) download(ctx context.Context, k Key, file string, w *work, names []string) (temp string, err error) {
	p := Progress{Key: k, Source: s.shown(names...), Total: -1}
	limit := s.l.opts.MaxFileSize
	if file == pointerFile {
		limit = maxPointer
	}
	err = s.get(ctx, names, func(resp *http.Response, heard func(n int)) error {
		var err error
		temp, err = w.write(func(to *os.File) error { return s.receive(ctx, resp, heard, to, p, limit) })
		return err
	})
	return temp, err
}

// pointer follows a pointer file of the server, which may lead to a folder of
// the path.
func (s *server) pointer(ctx context.Context, temp, shown string, use func(material) bool) bool {
	text, err := firstBytes(temp, maxPointer)
	if err != nil {
		return false
	}
	target, ok := s.l.followText(ctx, shown, "", text)
	return ok && use(material{path: target, source: target})
}
