package symstore

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// childVariable makes the test binary look one file up and print where it is:
// it holds the path, the name and the identifier, one on each line.
const childVariable = "SYMSTORE_TEST_CHILD"

func TestMain(m *testing.M) {
	if task := os.Getenv(childVariable); task != "" {
		os.Exit(child(strings.Split(task, "\n")))
	}
	os.Exit(m.Run())
}

func child(task []string) int {
	l := New(Parse(task[0]), Options{DefaultStore: task[3]})
	path, err := l.FindPDB(context.Background(), task[1], task[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Print(path)
	return 0
}

func command(t *testing.T, path string, s sample) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childVariable+"="+strings.Join([]string{path, s.name, s.id, t.TempDir()}, "\n"))
	return cmd
}

// Sixteen processes that want one file fetch it once, and all get it whole.
func TestProcesses(t *testing.T) {
	s := thePDB(t)
	for name, files := range map[string]map[string][]byte{
		"plain":      {s.key(t).String(): s.data},
		"compressed": {"Sample.pdb/" + s.id + "/Sample.pdb": cabinet(t, "Sample.pdb", s.data)},
	} {
		w := newWeb(t, files)
		store := t.TempDir()
		const n = 16
		outputs, errs := make([]bytes.Buffer, n), make([]bytes.Buffer, n)
		var all sync.WaitGroup
		for i := range n {
			cmd := command(t, "srv*"+store+"*"+w.URL, s)
			cmd.Stdout, cmd.Stderr = &outputs[i], &errs[i]
			all.Go(func() {
				if err := cmd.Run(); err != nil {
					t.Errorf("%s: %v: %s", name, err, &errs[i])
				}
			})
		}
		all.Wait()
		for i := range outputs {
			if got, err := os.ReadFile(outputs[i].String()); err != nil || !bytes.Equal(got, s.data) {
				t.Errorf("%s: a process got %d bytes: %v", name, len(got), err)
			}
		}
		if asked := w.asked(); len(asked) != 1 {
			t.Errorf("%s: asked for %q", name, asked)
		}
		if got := filesIn(t, store); len(got) != 1 {
			t.Errorf("%s: the store has %q", name, got)
		}
	}
}

// A process that is killed amid a download leaves nothing that another would
// take for the file, nor anything after another's download.
func TestKilled(t *testing.T) {
	s := thePDB(t)
	begun := make(chan struct{})
	var once sync.Once
	w := newWeb(t, map[string][]byte{s.key(t).String(): s.data})
	w.answerWith(func(rw http.ResponseWriter, r *http.Request) {
		first := false
		once.Do(func() { first = true })
		if !first {
			w.file(rw, r)
			return
		}
		rw.Write(s.data[:len(s.data)/2])
		rw.(http.Flusher).Flush()
		close(begun)
		<-r.Context().Done()
	})
	store := t.TempDir()
	path := "srv*" + store + "*" + w.URL
	cmd := command(t, path, s)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-begun
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if _, err := os.Stat(filepath.Join(store, filepath.FromSlash(s.key(t).String()))); !os.IsNotExist(err) {
		t.Errorf("the killed process left a file: %v", err)
	}
	found(t, locator(t, path, Options{}), s.key(t), s.data)
	if got := filesIn(t, store); len(got) != 1 {
		t.Errorf("the store has %q", got)
	}
}

// Several locators in one process share a store as processes do, whatever
// order their paths name the stores in.
func TestLocatorsShareStores(t *testing.T) {
	s := thePDB(t)
	w := newWeb(t, map[string][]byte{s.key(t).String(): cabinet(t, "Sample.pdb", s.data)})
	a, b := t.TempDir(), t.TempDir()
	var all sync.WaitGroup
	for i := range 24 {
		path := "srv*" + a + "*" + b + "*" + w.URL
		if i%2 == 0 {
			path = "srv*" + b + "*" + a + "*" + w.URL
		}
		l := locator(t, path, Options{})
		all.Go(func() {
			if _, err := l.FindPDB(t.Context(), s.name, s.id); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if runtime.GOOS == "windows" {
		return // an open lock file cannot be removed there
	}
	for _, store := range []string{a, b} {
		if left, _ := filepath.Glob(filepath.Join(store, workFolder, "*")); len(left) > 0 {
			t.Errorf("left over: %q", left)
		}
	}
}
