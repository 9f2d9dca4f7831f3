package symstore

import (
	"context"
	"iter"
	"path/filepath"
)

// store is a folder of the path.
type store struct {
	root   string
	folder *folder
}

func newStore(root string) *store { return &store{root, newFolder(root)} }

// indexFile marks a store of three tiers. What is in it does not matter.
const indexFile = "index2.txt"

// pointerFile stands in a store for a file that is elsewhere.
const pointerFile = "file.ptr"

// tiers returns the folders in which a store keeps a key's file.
func (s *store) tiers(k Key) [][]string {
	two := []string{k.Folder, k.Index}
	if s.threeTiers() {
		return [][]string{append([]string{k.prefix()}, two...), two}
	}
	return [][]string{two}
}

func (s *store) threeTiers() bool { return isRegular(filepath.Join(s.root, indexFile)) }

// path returns where a store keeps a file of the key.
func (s *store) path(k Key, file string) string {
	return filepath.Join(append(append([]string{s.root}, s.tiers(k)[0]...), file)...)
}

// candidates returns the files that may be the one of a key, in the order in
// which they are to be tried. None of them has been checked.
func (c *chain) candidates(ctx context.Context, l *Locator, s *store, k Key) iter.Seq[string] {
	return func(yield func(string) bool) {
		if c.plain {
			for _, names := range plainPlaces(k) {
				if path, ok := s.folder.find(names...); ok && !yield(path) {
					return
				}
			}
			if path, ok := s.folder.find(packedName(k.File)); ok && !yield(path) {
				return
			}
		}
		for _, tier := range s.tiers(k) {
			for _, file := range []string{k.File, packedName(k.File)} {
				if path, ok := s.folder.find(append(tier, file)...); ok && !yield(path) {
					return
				}
			}
			if path, ok := s.folder.find(append(tier, pointerFile)...); ok {
				if target, ok := l.follow(ctx, path, s.root); ok && !yield(target) {
					return
				}
			}
		}
	}
}

// plainPlaces returns where DbgHelp looks for a file in a plain folder: in
// itself, in the folder of its kind, and in that below symbols.
func plainPlaces(k Key) [][]string {
	list := [][]string{{k.File}}
	for _, kind := range k.kinds {
		list = append(list, []string{kind, k.File})
	}
	for _, kind := range k.kinds {
		list = append(list, []string{"symbols", kind, k.File})
	}
	return list
}
