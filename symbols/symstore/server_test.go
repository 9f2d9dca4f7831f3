package symstore

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// web is a symbol server on this machine, with real sockets.
type web struct {
	*httptest.Server
	mu       sync.Mutex
	requests []string
	files    map[string][]byte // by path, with slashes
	answer   http.HandlerFunc  // instead of files, if set
}

func newWeb(t testing.TB, files map[string][]byte) *web {
	t.Helper()
	w := &web{files: files}
	w.answer = w.file
	w.Server = httptest.NewServer(http.HandlerFunc(w.serve))
	t.Cleanup(w.Close)
	return w
}

func (w *web) serve(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	w.requests = append(w.requests, strings.TrimPrefix(r.URL.Path, "/"))
	answer := w.answer
	w.mu.Unlock()
	answer(rw, r)
}

// answerWith lets something else than the files answer.
func (w *web) answerWith(h http.HandlerFunc) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answer = h
}

func (w *web) file(rw http.ResponseWriter, r *http.Request) {
	data, ok := w.files[strings.TrimPrefix(r.URL.Path, "/")]
	if !ok {
		http.NotFound(rw, r)
		return
	}
	rw.Header().Set("Content-Type", "application/octet-stream")
	rw.Write(data)
}

// asked returns the paths that were asked for so far.
func (w *web) asked() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.requests)
}

// patient makes the retries of a locator wait for nothing.
func patient(l *Locator) *Locator {
	for _, c := range l.chains {
		for _, p := range c.places {
			if p.server != nil {
				p.server.pause = time.Microsecond
			}
		}
	}
	return l
}

func TestServer(t *testing.T) {
	s := thePDB(t)
	place := s.key(t).String()
	packed := cabinet(t, "Sample.pdb", s.data)
	for name, files := range map[string]map[string][]byte{
		"plain":                           {place: s.data},
		"compressed":                      {place[:len(place)-1] + "_": packed},
		"compressed under the plain name": {place: packed},
		"three tiers":                     {"index2.txt": nil, "Sa/" + place: s.data},
		"lower case":                      {"sample.pdb/" + s.id + "/sample.pdb": s.data},
		"all lower case":                  {strings.ToLower(place): s.data},
		"a page under the plain name":     {place: []byte("<html>not found</html>"), place[:len(place)-1] + "_": packed},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWeb(t, files)
			near, middle := t.TempDir(), t.TempDir()
			l := locator(t, "srv*"+near+"*"+middle+"*"+w.URL, Options{})
			r := found(t, l, s.key(t), s.data)
			if !isBelow(r.Path, near) || !strings.HasPrefix(r.Source, w.URL) {
				t.Errorf("found %s from %s", r.Path, r.Source)
			}
			if got, want := filesIn(t, near), []string{place}; !slices.Equal(got, want) {
				t.Errorf("the near store has %q, want %q", got, want)
			}
			if got := filesIn(t, middle); len(got) != 1 {
				t.Errorf("the middle store has %q", got)
			}
			asked := len(w.asked())
			found(t, l, s.key(t), s.data)
			found(t, locator(t, "srv*"+near+"*"+w.URL, Options{Offline: true}), s.key(t), s.data)
			found(t, locator(t, "srv*"+middle, Options{}), s.key(t), s.data)
			if len(w.asked()) != asked {
				t.Errorf("the server was asked again: %q", w.asked()[asked:])
			}
		})
	}
}

// A URL by itself keeps its files in the default store.
func TestServerAlone(t *testing.T) {
	s := thePDB(t)
	w := newWeb(t, map[string][]byte{"base/" + s.key(t).String(): s.data})
	for _, path := range []string{w.URL + "/base", "srv*" + w.URL + "/base/", "srv**" + w.URL + "/base"} {
		fallback := t.TempDir()
		r := found(t, locator(t, path, Options{DefaultStore: fallback}), s.key(t), s.data)
		if !isBelow(r.Path, fallback) {
			t.Errorf("%s: found %s", path, r.Path)
		}
	}
}

// redirected carries all requests to another server, whatever their host.
type redirected struct{ to *web }

func (r redirected) RoundTrip(req *http.Request) (*http.Response, error) {
	if got := "https://" + req.URL.Host + "/download/symbols"; got != MicrosoftServer {
		return nil, fmt.Errorf("a request to %s", req.URL)
	}
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host = "http", r.to.Listener.Addr().String()
	return http.DefaultTransport.RoundTrip(req)
}

// srv* by itself is the default store and Microsoft's server; with a folder, or
// without the word, no server is asked.
func TestBareServer(t *testing.T) {
	s := thePDB(t)
	w := newWeb(t, map[string][]byte{"download/symbols/" + s.key(t).String(): s.data})
	opts := Options{Transport: redirected{w}, DefaultStore: t.TempDir()}
	r := found(t, locator(t, "srv*", opts), s.key(t), s.data)
	if !strings.HasPrefix(r.Source, MicrosoftServer) || !isBelow(r.Path, opts.DefaultStore) {
		t.Errorf("found %s from %s", r.Path, r.Source)
	}
	asked := len(w.asked())
	for _, path := range []string{"", "srv*" + t.TempDir(), "srv**", "cache*", t.TempDir()} {
		notFound(t, locator(t, path, Options{Transport: redirected{w}}), s.key(t))
	}
	err := notFound(t, locator(t, "srv*", Options{Transport: redirected{w}, Offline: true}), s.key(t))
	if !errors.Is(err, ErrOffline) {
		t.Errorf("offline: %v", err)
	}
	if len(w.asked()) != asked {
		t.Errorf("a server was asked: %q", w.asked()[asked:])
	}
}

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

// Secrets go to the server that they are for, and to nobody else.
func TestSecrets(t *testing.T) {
	s := thePDB(t)
	var elsewhere, here atomic.Value
	other := newWeb(t, nil)
	other.answerWith(func(rw http.ResponseWriter, r *http.Request) {
		elsewhere.Store(r.Header.Get("Authorization") + r.Header.Get("Referer"))
		rw.Write(s.data)
	})
	w := newWeb(t, nil)
	w.answerWith(func(rw http.ResponseWriter, r *http.Request) {
		here.Store(r.Header.Get("Authorization") + " " + r.URL.RawQuery)
		http.Redirect(rw, r, strings.Replace(other.URL, "127.0.0.1", "localhost", 1)+r.URL.Path, http.StatusFound)
	})
	netrc := filepath.Join(t.TempDir(), "netrc")
	writeFile(t, netrc, []byte("machine 127.0.0.1\n  login me\n  password hunter2\n"))
	credentials, err := Netrc(netrc)
	if err != nil {
		t.Fatal(err)
	}
	var told []Progress
	var mu sync.Mutex
	opts := Options{Credentials: credentials, Progress: func(p Progress) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, p)
	}}
	r := found(t, locator(t, "srv*"+w.URL+"?sig=hunter2", opts), s.key(t), s.data)
	if got := here.Load(); got != "Basic bWU6aHVudGVyMg== sig=hunter2" {
		t.Errorf("the server was told %q", got)
	}
	if got := elsewhere.Load(); got != "" {
		t.Errorf("the other server was told %q", got)
	}
	if text := fmt.Sprint(r, told); strings.Contains(text, "hunter2") {
		t.Errorf("printed: %s", text)
	}
	if n := len(told); n < 2 || !told[n-1].Done || told[n-1].Received != int64(len(s.data)) {
		t.Errorf("progress: %v", told)
	}
	// Nothing secret is said in the clear to other machines.
	for address, want := range map[string]bool{"http://symbols.example": false, "https://symbols.example": true, "http://[::1]:80": true, "http://localhost": true} {
		srv, err := newServer(address, new(Locator))
		if err != nil || isPrivate(srv.base) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
	err = notFound(t, patient(locator(t, "srv*http://127.0.0.1:1/x?sig=hunter2", Options{})), s.key(t))
	if strings.Contains(fmt.Sprintf("%v %+v", err, err.(*NotFoundError).Attempts), "hunter2") {
		t.Errorf("printed: %v", err)
	}
}

// A name is one part of a URL, whatever is in it.
func TestNamesInURLs(t *testing.T) {
	s := thePDB(t)
	for _, name := range []string{"with blank.pdb", "per%20cent.pdb", "a#b.pdb", "a+b.pdb", "a&b=c.pdb", "ünï.pdb", "a;b.pdb"} {
		k, err := PDBKey(name, s.id)
		if err != nil {
			t.Fatal(err)
		}
		w := newWeb(t, map[string][]byte{"base/" + k.String(): s.data})
		found(t, locator(t, "srv*"+w.URL+"/base?x=1", Options{}), k, s.data)
	}
}

// A server's pointer leads only to folders of the path.
func TestServerPointer(t *testing.T) {
	s := thePDB(t)
	share := tree(t, map[string][]byte{"drop/Sample.pdb": s.data})
	w := newWeb(t, map[string][]byte{"Sample.pdb/" + s.id + "/file.ptr": []byte(`PATH:\\builds\share\drop\Sample.pdb`)})
	folders := map[string]string{`\\builds\share`: share}
	err := notFound(t, locator(t, "srv*"+w.URL, Options{Folders: folders}), s.key(t))
	outcome(t, err.Attempts, Refused)
	found(t, locator(t, "srv*"+w.URL, Options{Folders: folders, FollowPointers: true}), s.key(t), s.data)
	found(t, locator(t, "srv*"+w.URL+";srv*"+share, Options{Folders: folders}), s.key(t), s.data)
	local := newWeb(t, map[string][]byte{"Sample.pdb/" + s.id + "/file.ptr": []byte("PATH:/etc/passwd")})
	outcome(t, notFound(t, locator(t, "srv*"+local.URL, Options{}), s.key(t)).Attempts, Refused)
}

func TestNetrc(t *testing.T) {
	path := filepath.Join(t.TempDir(), "netrc")
	writeFile(t, path, []byte("# comment\nmachine a.example login u password p\nmacdef init\nmachine x login y\n\nmachine\nmachine b.example\n\tpassword q\n\tlogin v\ndefault login anonymous password -\n"))
	look, err := Netrc(path)
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]string{"a.example": "u p", "A.EXAMPLE": "u p", "b.example": "v q", "c.example": "anonymous -"} {
		if u, p, ok := look(host); !ok || u+" "+p != want {
			t.Errorf("%s: %s %s %v", host, u, p, ok)
		}
	}
	if _, err := Netrc(path + "x"); !os.IsNotExist(err) {
		t.Errorf("got %v", err)
	}
}
