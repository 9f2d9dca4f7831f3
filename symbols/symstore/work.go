package symstore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

// workFolder is the folder of a store in which files are written before they
// are moved to their places, and where the locks of their keys are.
const workFolder = ".handletrace"

// work is the right to write the files of one key in one store. Only its holder
// fetches the key into that store, among all processes.
type work struct {
	store *store
	key   Key
	stem  string // of the names of the key's temporary files
	lock  *flock.Flock
	alone bool // whether the lock is held: not every file system has locks
	temps []string
}

// lockPoll is how often a lock that another process holds is tried.
const lockPoll = 20 * time.Millisecond

var errBusy = errors.New("another process is writing the file")

// begin waits for the right to write a key's files into the store, and removes
// what somebody left there who was killed. The error is a [*writeError] if the
// store cannot be written.
func (s *store) begin(ctx context.Context, k Key) (*work, error) {
	w, err := s.newWork(k)
	if err != nil {
		return nil, err
	}
	poll := time.NewTicker(lockPoll)
	defer poll.Stop()
	for {
		switch ok, err := w.tryLock(); {
		case err != nil:
			return nil, err
		case ok:
			w.clean()
			return w, nil
		}
		select {
		case <-poll.C:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// tryBegin is begin without waiting: who holds one right must not wait for
// another.
func (s *store) tryBegin(k Key) (*work, error) {
	w, err := s.newWork(k)
	if err != nil {
		return nil, err
	}
	ok, err := w.tryLock()
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return nil, errBusy
	}
	w.clean()
	return w, nil
}

func (s *store) newWork(k Key) (*work, error) {
	dir := filepath.Join(s.root, workFolder)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, &writeError{err}
	}
	sum := sha256.Sum256([]byte(strings.ToLower(k.String())))
	stem := filepath.Join(dir, hex.EncodeToString(sum[:12]))
	return &work{store: s, key: k, stem: stem, lock: flock.New(stem+".lock", flock.SetPermissions(0o666))}, nil
}

// tryLock takes the lock if nobody has it. A lock on a file that its last
// holder removed in the meantime is none.
func (w *work) tryLock() (bool, error) {
	ok, err := w.lock.TryLock()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil // it was removed while it was opened
	case errors.Is(err, errors.ErrUnsupported), errors.Is(err, syscall.ENOLCK):
		return true, nil // files are put in their places at once all the same
	case err != nil:
		return false, &writeError{err}
	case !ok:
		return false, nil
	}
	held, err := w.lock.Stat()
	if err == nil {
		if at, e := os.Stat(w.lock.Path()); e == nil && os.SameFile(held, at) {
			w.alone = true
			return true, nil
		}
	}
	_ = w.lock.Unlock()
	return false, nil
}

// end gives the right up, and removes the temporary files that are left. The
// lock file is removed while it is held: whoever waits for it finds the file in
// its place, or that there is none.
func (w *work) end() {
	for _, path := range w.temps {
		_ = os.Remove(path)
	}
	if w.alone {
		_ = os.Remove(w.lock.Path())
	}
	_ = w.lock.Unlock()
}

// clean removes the key's temporary files of others, where none of them can be
// at work.
func (w *work) clean() {
	if !w.alone {
		return
	}
	dir, stem := filepath.Split(w.stem)
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), stem) && strings.HasSuffix(e.Name(), ".tmp") {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// temp creates a temporary file of the key.
func (w *work) temp() (*os.File, error) {
	name := fmt.Sprintf("%s.%x.tmp", w.stem, rand.Uint64())
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, &writeError{err}
	}
	w.temps = append(w.temps, name)
	return f, nil
}

// write makes a temporary file of what fill writes, and sees that it is on the
// disk.
func (w *work) write(fill func(*os.File) error) (string, error) {
	f, err := w.temp()
	if err != nil {
		return "", err
	}
	err = fill(f)
	if err == nil {
		err = onDisk(f)
	}
	if e := f.Close(); err == nil && e != nil {
		err = &writeError{e}
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

func onDisk(f *os.File) error {
	if err := f.Sync(); err != nil {
		return &writeError{err}
	}
	return nil
}

// place moves a temporary file to its place in the store, at once, whether
// there is one already or not.
func (w *work) place(temp, file string) (string, error) {
	path := w.store.path(w.key, file)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return "", &writeError{err}
	}
	if err := os.Rename(temp, path); err != nil {
		return "", &writeError{err}
	}
	return path, nil
}

// have returns the key's file if the store has it whole and expanded.
func (w *work) have() (string, bool) {
	for _, tier := range w.store.tiers(w.key) {
		path, ok := w.store.folder.find(append(tier, w.key.File)...)
		if !ok {
			continue
		}
		if f, err := formOf(path); err == nil && f == plainForm && w.key.check(path, w.key) == nil {
			return path, true
		}
	}
	return "", false
}
