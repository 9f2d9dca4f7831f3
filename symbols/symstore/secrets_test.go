package symstore

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

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
