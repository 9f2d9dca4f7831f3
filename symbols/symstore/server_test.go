package symstore

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
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
			if got := filesIn(t, l.fallback.root); len(got) != 0 {
				t.Errorf("the default store has %q", got)
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
