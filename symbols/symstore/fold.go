package symstore

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// folder finds files below a root whatever the case of their names: the
// identifiers of one store are in upper and lower case, and the names as
// linkers wrote them.
type folder struct {
	root string

	mu    sync.Mutex
	names map[string]listing // of large folders, by path
}

// listing is what a folder held at a time.
type listing struct {
	read    time.Time // when it had been changed last
	entries map[string]string
}

func newFolder(root string) *folder { return &folder{root: root, names: make(map[string]listing)} }

// find returns the regular file at a path of plain names below the root. A pipe
// or device is none: it would make an open wait for ever.
func (f *folder) find(names ...string) (string, bool) {
	exact := filepath.Join(append([]string{f.root}, names...)...)
	if isRegular(exact) {
		return exact, true
	}
	path := f.root
	for _, name := range names {
		actual, ok := f.actual(path, name)
		if !ok {
			return "", false
		}
		path = filepath.Join(path, actual)
	}
	return path, path != exact && isRegular(path)
}

func isRegular(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// actual returns how the name is spelled in a folder: as it is, if there is
// such an entry, else the first that differs in case alone.
func (f *folder) actual(dir, name string) (string, bool) {
	if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
		return name, true
	}
	entries, err := f.list(dir)
	if err != nil {
		return "", false
	}
	actual, ok := entries[strings.ToLower(name)]
	return actual, ok
}

// manyEntries is from when on the listing of a folder is kept until the folder
// changes, and keptListings how many are.
const (
	manyEntries  = 64
	keptListings = 64
)

// list returns the names in a folder by their lower case.
func (f *folder) list(dir string) (map[string]string, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	l, ok := f.names[dir]
	f.mu.Unlock()
	if ok && l.read.Equal(info.ModTime()) {
		return l.entries, nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	names, err := d.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	entries := make(map[string]string, len(names))
	for _, n := range names {
		low := strings.ToLower(n)
		if have, ok := entries[low]; !ok || n < have {
			entries[low] = n
		}
	}
	// A folder that changed a moment ago may do so again within the grain of
	// its clock.
	if len(names) >= manyEntries && time.Since(info.ModTime()) > 2*time.Second {
		f.keep(dir, listing{info.ModTime(), entries})
	}
	return entries, nil
}

func (f *folder) keep(dir string, l listing) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.names) >= keptListings {
		clear(f.names)
	}
	f.names[dir] = l
}
