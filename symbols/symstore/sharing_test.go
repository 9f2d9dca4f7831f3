package symstore

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"
)

// However many ask for a file, it is fetched once; who gives up goes at once,
// and the others get it.
func TestOneDownload(t *testing.T) {
	s := thePDB(t)
	w := newWeb(t, map[string][]byte{s.key(t).String(): s.data})
	release := make(chan struct{})
	w.answerWith(func(rw http.ResponseWriter, r *http.Request) {
		<-release
		w.file(rw, r)
	})
	l := locator(t, "srv*"+w.URL, Options{})
	impatient, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("gone")
	var all, away sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := l.FindPDB(t.Context(), s.name, s.id); err != nil {
				t.Error(err)
			}
		})
		away.Go(func() {
			if _, err := l.FindPDB(impatient, s.name, s.id); err != gone {
				t.Errorf("got %v", err)
			}
		})
	}
	for len(w.asked()) == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel(gone)
	away.Wait()
	close(release)
	all.Wait()
	if asked := w.asked(); len(asked) != 1 {
		t.Errorf("asked for %q", asked)
	}
}

// When the last one gives up, the download ends and nothing of it is left.
func TestCancel(t *testing.T) {
	s := thePDB(t)
	ended := make(chan struct{})
	w := newWeb(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	w.answerWith(func(rw http.ResponseWriter, r *http.Request) {
		rw.Write(s.data[:1000])
		rw.(http.Flusher).Flush()
		cancel()
		<-r.Context().Done()
		close(ended)
	})
	l := locator(t, "srv*"+w.URL, Options{})
	if _, err := l.FindPDB(ctx, s.name, s.id); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-ended
	if got := filesIn(t, l.fallback.root); len(got) != 0 {
		t.Errorf("the store has %q", got)
	}
}
