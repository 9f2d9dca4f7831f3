package symstore

import (
	"compress/gzip"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestServerAnswers(t *testing.T) {
	s := thePDB(t)
	var times atomic.Int32
	first := func(n int32, then http.HandlerFunc) func(w *web) http.HandlerFunc {
		return func(w *web) http.HandlerFunc {
			return func(rw http.ResponseWriter, r *http.Request) {
				if times.Add(1) <= n {
					then(rw, r)
					return
				}
				w.file(rw, r)
			}
		}
	}
	status := func(code int) http.HandlerFunc {
		return func(rw http.ResponseWriter, r *http.Request) { http.Error(rw, "secret?", code) }
	}
	cut := func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Length", fmt.Sprint(len(s.data)))
		rw.Write(s.data[:len(s.data)/2])
		panic(http.ErrAbortHandler)
	}
	always := int32(1 << 30)
	for _, c := range []struct {
		name   string
		answer func(w *web) http.HandlerFunc
		opts   Options
		want   Outcome // Found, or the outcome that says why not
		asked  int     // requests; 0 for any number
	}{
		{"500 twice", first(2, status(500)), Options{}, Found, 3},
		{"503 once", first(1, status(503)), Options{}, Found, 2},
		{"429 once", first(1, status(429)), Options{}, Found, 2},
		{"500 for ever", first(always, status(500)), Options{}, Unreachable, 3},
		{"403", first(always, status(403)), Options{}, Refused, 0},
		{"401", first(always, status(401)), Options{}, Refused, 0},
		{"404", first(always, status(404)), Options{}, Missing, 0},
		{"410", first(always, status(410)), Options{}, Missing, 0},
		{"cut once", first(1, cut), Options{}, Found, 2},
		{"cut for ever", first(always, cut), Options{}, Unreachable, 3},
		{"closed", first(always, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), Options{}, Unreachable, 0},
		{"nothing", first(always, func(rw http.ResponseWriter, r *http.Request) {}), Options{}, Corrupt, 0},
		{"a page", first(always, func(rw http.ResponseWriter, r *http.Request) { fmt.Fprint(rw, "<html>") }), Options{}, Corrupt, 0},
		{"another build", first(always, func(rw http.ResponseWriter, r *http.Request) { rw.Write(s.withAge(t, 9).data) }), Options{}, Mismatch, 0},
		{"too large", first(always, func(rw http.ResponseWriter, r *http.Request) { rw.Write(s.data) }), Options{MaxFileSize: 1000}, Refused, 0},
		{"too large, not said", first(always, func(rw http.ResponseWriter, r *http.Request) {
			for range 100 {
				rw.Write(make([]byte, 100))
				rw.(http.Flusher).Flush()
			}
		}), Options{MaxFileSize: 1000}, Refused, 0},
		{"redirected for ever", first(always, func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, r.URL.Path, http.StatusFound) }), Options{}, Refused, 0},
		{"silent", first(always, func(rw http.ResponseWriter, r *http.Request) { <-r.Context().Done() }), Options{Timeout: 50 * time.Millisecond}, Unreachable, 1},
		{"silent amid the body", first(always, func(rw http.ResponseWriter, r *http.Request) {
			rw.Write(s.data[:1000])
			rw.(http.Flusher).Flush()
			<-r.Context().Done()
		}), Options{Timeout: 50 * time.Millisecond}, Unreachable, 1},
		{"byte after byte", first(always, func(rw http.ResponseWriter, r *http.Request) {
			for _, b := range s.data {
				if _, err := rw.Write([]byte{b}); err != nil {
					return
				}
				rw.(http.Flusher).Flush()
				time.Sleep(5 * time.Millisecond)
			}
		}), Options{Timeout: 50 * time.Millisecond}, Unreachable, 1},
		{"gzip", first(always, func(rw http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Accept-Encoding") != "gzip" {
				t.Error("gzip is not asked for")
			}
			rw.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(rw)
			z.Write(s.data)
			z.Close()
		}), Options{}, Found, 1},
		{"gzip that is cut", first(1, func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("Content-Encoding", "gzip")
			z := gzipped(t, s.data)
			rw.Write(z[:len(z)/2])
		}), Options{}, Found, 2},
		{"redirect", first(always, func(rw http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(r.URL.Path, "/blob/") {
				http.Redirect(rw, r, "/blob"+r.URL.Path+"?sig=1", http.StatusFound)
				return
			}
			rw.Write(s.data)
		}), Options{}, Found, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			times.Store(0)
			w := newWeb(t, map[string][]byte{s.key(t).String(): s.data})
			w.Config.ErrorLog = nil
			w.answerWith(c.answer(w))
			near := t.TempDir()
			l := patient(locator(t, "srv*"+near+"*"+w.URL, c.opts))
			if c.want == Found {
				found(t, l, s.key(t), s.data)
			} else {
				err := notFound(t, l, s.key(t))
				outcome(t, err.Attempts, c.want)
				if got := filesIn(t, near); len(got) != 0 {
					t.Errorf("the store has %q", got)
				}
			}
			if asked := w.asked(); c.asked != 0 && len(asked) != c.asked {
				t.Errorf("%d requests, want %d: %q", len(asked), c.asked, asked)
			}
		})
	}
}

// What a server does not have it is not asked for again.
func TestMissesAreRemembered(t *testing.T) {
	s := thePDB(t)
	w := newWeb(t, nil)
	l := locator(t, "srv*"+w.URL, Options{})
	notFound(t, l, s.key(t))
	asked := len(w.asked())
	notFound(t, l, s.key(t))
	if again := w.asked()[asked:]; len(again) != 0 {
		t.Errorf("asked again: %q", again)
	}
	if got := filesIn(t, l.fallback.root); len(got) != 0 {
		t.Errorf("the store has %q", got)
	}
}

// A server that does not answer costs one timeout, not one for each module.
func TestDeadServer(t *testing.T) {
	s := thePDB(t)
	for name, answer := range map[string]http.HandlerFunc{
		"silent": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"500":    func(rw http.ResponseWriter, r *http.Request) { http.Error(rw, "", 500) },
	} {
		w := newWeb(t, nil)
		w.answerWith(answer)
		l := patient(locator(t, "srv*"+w.URL, Options{Timeout: 50 * time.Millisecond}))
		for age := range uint32(40) {
			err := notFound(t, l, s.withAge(t, age+1).key(t))
			if age > 5 {
				outcome(t, err.Attempts, Skipped)
			}
		}
		if n := len(w.asked()); n > requestTries*mostFailures {
			t.Errorf("%s: %d requests", name, n)
		}
	}
	// One that nobody listens on.
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	l := locator(t, "srv*http://"+address, Options{})
	outcome(t, notFound(t, l, s.key(t)).Attempts, Unreachable)
	outcome(t, notFound(t, l, s.withAge(t, 5).key(t)).Attempts, Skipped)
}
