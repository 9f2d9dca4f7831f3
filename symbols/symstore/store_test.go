package symstore

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A file is found in every place and under every name that a store may keep it.
func TestStoreLayouts(t *testing.T) {
	s := thePDB(t)
	packed := cabinet(t, "anything.pdb", s.data)
	for _, c := range []struct {
		name    string
		store   map[string][]byte
		inPlace bool // opened where it is
	}{
		{"two tiers", map[string][]byte{"Sample.pdb/" + s.id + "/Sample.pdb": s.data}, true},
		{"three tiers", map[string][]byte{"index2.txt": nil, "Sa/Sample.pdb/" + s.id + "/Sample.pdb": s.data}, true},
		{"two tiers in spite of the mark", map[string][]byte{"index2.txt": nil, "Sample.pdb/" + s.id + "/Sample.pdb": s.data}, true},
		{"other case", map[string][]byte{"sample.PDB/" + strings.ToLower(s.id) + "/SAMPLE.pdb": s.data}, true},
		{"three tiers in other case", map[string][]byte{"index2.txt": nil, "sa/sample.pdb/" + s.id + "/sample.pdb": s.data}, true},
		{"compressed", map[string][]byte{"Sample.pdb/" + s.id + "/Sample.pd_": packed}, false},
		{"compressed under the plain name", map[string][]byte{"Sample.pdb/" + s.id + "/Sample.pdb": packed}, false},
		{"gzip", map[string][]byte{"Sample.pdb/" + s.id + "/Sample.pdb": gzipped(t, s.data)}, false},
		{"pointer within the store", map[string][]byte{"Sample.pdb/" + s.id + "/file.ptr": []byte("PATH:builds\\7\\app.pdb\r\n"), "builds/7/app.pdb": s.data}, true},
		{"bare pointer", map[string][]byte{"Sample.pdb/" + s.id + "/file.ptr": []byte(`.\app.pdb`), "app.pdb": s.data}, true},
		{"pointer to a compressed file", map[string][]byte{"Sample.pdb/" + s.id + "/file.ptr": []byte(`app.pdb`), "app.pd_": packed}, false},
		{"damaged, and compressed beside it", map[string][]byte{"Sample.pdb/" + s.id + "/Sample.pdb": s.data[:5000], "Sample.pdb/" + s.id + "/Sample.pd_": packed}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := tree(t, c.store)
			r := found(t, locator(t, "srv*"+root, Options{}), s.key(t), s.data)
			if got := isBelow(r.Path, root); got != c.inPlace {
				t.Errorf("opened at %s, the store is %s", r.Path, root)
			}
			if len(filesIn(t, root)) != len(c.store) {
				t.Errorf("the store now has %q", filesIn(t, root))
			}
		})
	}
}

// What a farther store has is copied into all nearer ones: compressed as it
// was, but expanded in the nearest.
func TestCascade(t *testing.T) {
	s := thePDB(t)
	place := "Sample.pdb/" + s.id + "/"
	packed := cabinet(t, "Sample.pdb", s.data)
	near, middle := t.TempDir(), tree(t, map[string][]byte{"index2.txt": nil})
	far := tree(t, map[string][]byte{place + "Sample.pd_": packed})
	r := found(t, locator(t, "srv*"+near+"*"+middle+"*"+far, Options{}), s.key(t), s.data)
	if want := []string{place + "Sample.pdb"}; !slices.Equal(filesIn(t, near), want) || !isBelow(r.Path, near) {
		t.Errorf("the near store has %q", filesIn(t, near))
	}
	if want := []string{"Sa/" + place + "Sample.pd_", "index2.txt"}; !slices.Equal(filesIn(t, middle), want) {
		t.Errorf("the middle store has %q", filesIn(t, middle))
	}
	if r.Source != filepath.Join(far, filepath.FromSlash(place), "Sample.pd_") {
		t.Errorf("its source is %s", r.Source)
	}
	// The middle one alone serves a new near one.
	nearer := t.TempDir()
	found(t, locator(t, "srv*"+nearer+"*"+middle, Options{}), s.key(t), s.data)
	found(t, locator(t, "srv*"+nearer, Options{}), s.key(t), s.data)
}

// A cache gets what the elements after it have, and none of those before it.
func TestCache(t *testing.T) {
	s := thePDB(t)
	first, second := t.TempDir(), t.TempDir()
	file := map[string][]byte{"Sample.pdb": s.data}
	r := found(t, locator(t, "cache*"+first+";cache*"+second+";"+tree(t, file), Options{}), s.key(t), s.data)
	if !isBelow(r.Path, first) || len(filesIn(t, second)) != 1 {
		t.Errorf("found %s; the second cache has %q", r.Path, filesIn(t, second))
	}
	after := t.TempDir()
	found(t, locator(t, tree(t, file)+";cache*"+after, Options{}), s.key(t), s.data)
	if got := filesIn(t, after); len(got) != 0 {
		t.Errorf("a cache behind the folder has %q", got)
	}
	fallback := t.TempDir()
	r = found(t, locator(t, "cache*;"+tree(t, file), Options{DefaultStore: fallback}), s.key(t), s.data)
	if !isBelow(r.Path, fallback) {
		t.Errorf("cache* by itself: found %s", r.Path)
	}
}

// One store in several roles gets one copy.
func TestSameStoreTwice(t *testing.T) {
	s := thePDB(t)
	near := t.TempDir()
	far := tree(t, map[string][]byte{s.key(t).String(): s.data})
	r := found(t, locator(t, "cache*"+near+";srv*"+near+"*"+near+"*"+far, Options{DefaultStore: near}), s.key(t), s.data)
	if got := filesIn(t, near); len(got) != 1 {
		t.Errorf("the store has %q", got)
	}
	for _, a := range r.Attempts {
		if a.Outcome == Unwritable {
			t.Error(a)
		}
	}
}

// A damaged copy in a near store is replaced.
func TestRepair(t *testing.T) {
	s := thePDB(t)
	place := s.key(t).String()
	for name, bad := range map[string][]byte{"empty": nil, "cut": s.data[:4096], "other age": s.withAge(t, 9).data, "page": []byte("<html>404</html>")} {
		near, far := tree(t, map[string][]byte{place: bad}), tree(t, map[string][]byte{place: s.data})
		found(t, locator(t, "srv*"+near+"*"+far, Options{}), s.key(t), s.data)
		if got, _ := os.ReadFile(filepath.Join(near, filepath.FromSlash(place))); len(got) != len(s.data) {
			t.Errorf("%s: the near store still has %d bytes", name, len(got))
		}
	}
}

// A store that cannot be written is passed over; the default store takes what
// has to be kept.
func TestReadOnlyStore(t *testing.T) {
	s := thePDB(t)
	place := s.key(t).String()
	far := tree(t, map[string][]byte{place[:len(place)-1] + "_": cabinet(t, "Sample.pdb", s.data)})
	// A file where a folder is wanted cannot be written into by anybody, not
	// even by root.
	blocked := filepath.Join(t.TempDir(), "file")
	writeFile(t, blocked, nil)
	fallback := t.TempDir()
	r := found(t, locator(t, "srv*"+blocked+"*"+far, Options{DefaultStore: fallback}), s.key(t), s.data)
	if !isBelow(r.Path, fallback) {
		t.Errorf("found %s", r.Path)
	}
	outcome(t, r.Attempts, Unwritable)
	// Where that cannot be written either, a temporary one takes it, if it may.
	err := notFound(t, locator(t, "srv*"+blocked+"*"+far, Options{DefaultStore: blocked, NoTemporary: true}), s.key(t))
	outcome(t, err.Attempts, Unwritable)
	l := locator(t, "srv*"+blocked+"*"+far, Options{DefaultStore: blocked})
	r = found(t, l, s.key(t), s.data)
	if err := l.Close(); err != nil || isRegular(r.Path) {
		t.Errorf("%s is still there (%v)", r.Path, err)
	}
	notFound(t, l, s.key(t))
	// What is not compressed is opened where it is.
	plain := tree(t, map[string][]byte{place: s.data})
	r = found(t, locator(t, "srv*"+blocked+"*"+plain, Options{DefaultStore: fallback}), s.key(t), s.data)
	if !isBelow(r.Path, plain) {
		t.Errorf("found %s", r.Path)
	}
}

// The folder of a store may be named so that a pattern would match others.
func TestOddFolder(t *testing.T) {
	s := thePDB(t)
	near := filepath.Join(t.TempDir(), "a[b] c%20")
	found(t, locator(t, "srv*"+near+"*"+tree(t, map[string][]byte{s.key(t).String(): s.data}), Options{}), s.key(t), s.data)
	if got := filesIn(t, near); len(got) != 1 {
		t.Errorf("the store has %q", got)
	}
}

// A cabinet that says that it holds more than it may is not expanded.
func TestBombs(t *testing.T) {
	s := thePDB(t)
	zeros := make([]byte, 1<<20)
	for name, data := range map[string][]byte{"cabinet": cabinet(t, "Sample.pdb", zeros), "gzip": gzipped(t, zeros)} {
		root := tree(t, map[string][]byte{"Sample.pdb/" + s.id + "/Sample.pd_": data, "Sample.pdb/" + s.id + "/Sample.pdb": data})
		fallback := t.TempDir()
		err := notFound(t, locator(t, "srv*"+root, Options{DefaultStore: fallback, MaxFileSize: 1 << 19}), s.key(t))
		if !errors.Is(err, errTooLarge) || len(filesIn(t, fallback)) > 0 {
			t.Errorf("%s: %v; the default store has %q", name, err, filesIn(t, fallback))
		}
	}
}
