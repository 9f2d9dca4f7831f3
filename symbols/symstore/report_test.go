package symstore

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// An error names what tells the most; the rest is in its attempts.
func TestErrorText(t *testing.T) {
	s := thePDB(t)
	empty, other := t.TempDir(), t.TempDir()
	junk := tree(t, map[string][]byte{"Sample.pdb": []byte("junk")})
	build := tree(t, map[string][]byte{"Sample.pdb": s.withAge(t, 3).data})
	for _, c := range []struct {
		path    string
		offline bool
		want    string
	}{
		{"", false, "not found: the symbol path has no place to look in"},
		{empty, false, "not found in " + empty},
		{empty + ";" + other, false, "not found in 2 places"},
		{empty + ";" + junk, false, "damaged"},
		{junk + ";" + build, false, "found age 3, want"},
		{empty + ";srv*" + other + "*https://symbols.example/x?key", true, "https://symbols.example/x: not asked: the network is not to be used"},
	} {
		err := notFound(t, locator(t, c.path, Options{Offline: c.offline}), s.key(t))
		if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.path, err, c.want)
		}
	}
}

// A logger is told of every attempt.
func TestLogger(t *testing.T) {
	s := thePDB(t)
	var log bytes.Buffer
	empty := t.TempDir()
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	notFound(t, locator(t, empty, Options{Logger: logger}), s.key(t))
	if text := log.String(); !strings.Contains(text, `msg="not there"`) || !strings.Contains(text, s.key(t).String()) {
		t.Errorf("logged %s", text)
	}
}

func TestWindowsPathElsewhere(t *testing.T) {
	l := New(Parse(`srv*C:\cache*\\server\share;D:\symbols`), Options{DefaultStore: t.TempDir()})
	if got := len(l.Warnings()); (got == 3) != (runtime.GOOS != "windows") {
		t.Errorf("warnings %q", l.Warnings())
	}
}

func TestNetrcPath(t *testing.T) {
	env := map[string]string{"NETRC": "/etc/netrc"}
	if got := NetrcPath(func(name string) string { return env[name] }); got != "/etc/netrc" {
		t.Errorf("got %s", got)
	}
	t.Setenv("HOME", "/home/me")
	t.Setenv("USERPROFILE", "/home/me")
	if got := filepath.ToSlash(NetrcPath(func(string) string { return "" })); got != "/home/me/.netrc" && got != "/home/me/_netrc" {
		t.Errorf("got %s", got)
	}
}

// A large folder is read once, and again when it changes.
func TestLargeFolder(t *testing.T) {
	root := t.TempDir()
	for i := range manyEntries {
		writeFile(t, filepath.Join(root, fmt.Sprintf("FILE%d", i)), nil)
	}
	before := time.Now().Add(-time.Hour)
	if err := os.Chtimes(root, before, before); err != nil {
		t.Fatal(err)
	}
	f := newFolder(root)
	for i := range manyEntries {
		if path, ok := f.find(fmt.Sprintf("file%d", i)); !ok || !strings.EqualFold(filepath.Base(path), fmt.Sprintf("FILE%d", i)) {
			t.Fatalf("found %s", path)
		}
	}
	writeFile(t, filepath.Join(root, "NEW"), nil)
	if _, ok := f.find("new"); !ok {
		t.Error("a new file is not seen")
	}
	for i := range 2 * keptListings {
		f.keep(fmt.Sprint(i), listing{})
	}
	if len(f.names) > keptListings {
		t.Errorf("%d listings are kept", len(f.names))
	}
}

// Where there is no default store, the error says what to do.
func TestNoDefaultStore(t *testing.T) {
	for _, name := range []string{"HOME", "XDG_CACHE_HOME", "LocalAppData", "DBGHELP_HOMEDIR"} {
		t.Setenv(name, "")
	}
	s := thePDB(t)
	w := newWeb(t, map[string][]byte{s.key(t).String(): s.data})
	l := New(Parse("srv*"+w.URL), Options{NoTemporary: true})
	if err := notFound(t, l, s.key(t)); !strings.Contains(err.Error(), "srv*FOLDER*URL") || len(l.Warnings()) != 1 {
		t.Errorf("got %v, warnings %q", err, l.Warnings())
	}
	store := t.TempDir()
	found(t, New(Parse("srv*"+store+"*"+w.URL), Options{}), s.key(t), s.data)
}
