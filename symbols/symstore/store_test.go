package symstore

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/symbols"
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

// A plain folder is searched in DbgHelp's order.
func TestPlainFolder(t *testing.T) {
	s := thePDB(t)
	other := s.withAge(t, 77)
	for _, c := range []struct {
		files []string // those before the last are of another build
	}{
		{[]string{"Sample.pdb"}},
		{[]string{"SAMPLE.PDB"}},
		{[]string{"dll/Sample.pdb"}},
		{[]string{"symbols/dll/Sample.pdb"}},
		{[]string{"Symbols/EXE/sample.pdb"}},
		{[]string{"Sample.pdb", "dll/Sample.pdb"}},
		{[]string{"Sample.pdb", "exe/Sample.pdb", "symbols/dll/Sample.pdb"}},
		{[]string{"Sample.pdb", "Sample.pdb/" + s.id + "/Sample.pdb"}[1:]},
	} {
		files := make(map[string][]byte)
		for _, f := range c.files {
			files[f] = other.data
		}
		last := c.files[len(c.files)-1]
		files[last] = s.data
		root := tree(t, files)
		r := found(t, locator(t, root, Options{}), s.key(t), s.data)
		if want := filepath.Join(root, filepath.FromSlash(last)); !strings.EqualFold(r.Path, want) {
			t.Errorf("%q: found %s, want %s", c.files, r.Path, want)
		}
	}
	root := tree(t, map[string][]byte{"Sample.pdb": other.data})
	err := notFound(t, locator(t, root, Options{}), s.key(t))
	var mismatch *symbols.MismatchError
	if !errors.As(err, &mismatch) || !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "found age 4D, want") {
		t.Errorf("got %v", err)
	}
	// The mark of a store makes it one: what does not lie as in a store counts
	// for nothing.
	writeFile(t, filepath.Join(root, "pingme.txt"), nil)
	writeFile(t, filepath.Join(root, "Sample.pdb"), s.data)
	notFound(t, locator(t, root, Options{}), s.key(t))
}

func TestImage(t *testing.T) {
	name, stamp, size, data := theImage(t)
	k, err := ImageKey(name, stamp, size)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{k.String(), name, "dll/" + name, "symbols/dll/" + name} {
		found(t, locator(t, tree(t, map[string][]byte{file: data}), Options{}), k, data)
	}
	packed := cabinet(t, name, data)
	l := locator(t, tree(t, map[string][]byte{k.Folder + "/" + k.Index + "/x64.dl_": packed}), Options{})
	found(t, l, k, data)
	if path, err := l.FindImage(t.Context(), name, stamp, size); err != nil || filepath.Base(path) != name {
		t.Errorf("found %s, %v", path, err)
	}
	if _, err := l.FindImage(t.Context(), name, stamp+1, size); !errors.Is(err, ErrNotFound) {
		t.Errorf("an image of another build: %v", err)
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

// A folder that is not there is told from one that lacks the file.
func TestNoFolder(t *testing.T) {
	s := thePDB(t)
	gone := filepath.Join(t.TempDir(), "gone")
	outcome(t, notFound(t, locator(t, gone, Options{}), s.key(t)).Attempts, Unreachable)
	outcome(t, notFound(t, locator(t, "srv*"+gone, Options{}), s.key(t)).Attempts, Missing)
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

func TestPointers(t *testing.T) {
	s := thePDB(t)
	outside := tree(t, map[string][]byte{"Sample.pdb": s.data})
	pointer := func(text string) string {
		return "srv*" + tree(t, map[string][]byte{"Sample.pdb/" + s.id + "/file.ptr": []byte(text)})
	}
	absolute := pointer("PATH:" + filepath.Join(outside, "Sample.pdb"))
	err := notFound(t, locator(t, absolute, Options{}), s.key(t))
	if a := outcome(t, err.Attempts, Refused); !errors.Is(err, errOutside) {
		t.Errorf("got %v", a)
	}
	found(t, locator(t, absolute, Options{FollowPointers: true}), s.key(t), s.data)
	found(t, locator(t, absolute+";"+outside, Options{}), s.key(t), s.data)

	t.Chdir(outside)
	found(t, locator(t, absolute+";.", Options{}), s.key(t), s.data)

	share := pointer(`PATH:\\Builds\drop\Sample.pdb`)
	if runtime.GOOS != "windows" {
		outcome(t, notFound(t, locator(t, share, Options{FollowPointers: true}), s.key(t)).Attempts, Refused)
	}
	found(t, locator(t, share, Options{FollowPointers: true, Folders: map[string]string{`\\builds\drop`: outside}}), s.key(t), s.data)

	up := tree(t, map[string][]byte{"store/Sample.pdb/" + s.id + "/file.ptr": []byte(`PATH:..\Sample.pdb`), "Sample.pdb": s.data})
	outcome(t, notFound(t, locator(t, "srv*"+filepath.Join(up, "store"), Options{}), s.key(t)).Attempts, Refused)

	message := notFound(t, locator(t, pointer("MSG: ask the build team"), Options{}), s.key(t))
	if !strings.Contains(message.Error(), "ask the build team") {
		t.Errorf("got %v", message)
	}
	gone := notFound(t, locator(t, pointer("nowhere.pdb"), Options{}), s.key(t))
	if a := outcome(t, gone.Attempts, Missing); !strings.Contains(a.String(), "nowhere.pdb") {
		t.Errorf("got %v", a)
	}
	// A link in a store is as good as a path in a pointer.
	if runtime.GOOS != "windows" {
		links := tree(t, map[string][]byte{"Sample.pdb/" + s.id + "/file.ptr": []byte("link.pdb")})
		if err := os.Symlink(filepath.Join(outside, "Sample.pdb"), filepath.Join(links, "link.pdb")); err != nil {
			t.Fatal(err)
		}
		outcome(t, notFound(t, locator(t, "srv*"+links, Options{}), s.key(t)).Attempts, Refused)
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

func TestFindFiles(t *testing.T) {
	a := tree(t, map[string][]byte{"x.sym": nil, "x.pdb/1/x.sym": nil})
	b := tree(t, map[string][]byte{"X.SYM": nil})
	l := locator(t, a+";srv*"+b+"*https://never.invalid/", Options{})
	got := slices.Collect(l.FindFiles(t.Context(), "x.sym", "x.pdb/1/x.sym", "../x.sym", "x.pdb/../x.sym", "y.sym"))
	want := []string{filepath.Join(a, "x.sym"), filepath.Join(a, "x.pdb", "1", "x.sym"), filepath.Join(b, "X.SYM")}
	if !slices.EqualFunc(got, want, strings.EqualFold) {
		t.Errorf("got %q, want %q", got, want)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for path := range l.FindFiles(ctx, "x.sym") {
		t.Errorf("found %s after the end", path)
	}
}

// Breakpad's and debuginfod's layouts.
func TestOtherLayouts(t *testing.T) {
	s := thePDB(t)
	sym := []byte("MODULE windows x86_64 " + s.id + " Sample.pdb\nPUBLIC 1000 0 main\n")
	k, err := BreakpadKey(`C:\build\Sample.pdb`, s.id)
	if err != nil || k.String() != "Sample.pdb/"+s.id+"/Sample.sym" {
		t.Fatalf("%v, %v", k, err)
	}
	found(t, locator(t, "srv*"+tree(t, map[string][]byte{k.String(): sym}), Options{}), k, sym)
	wrong := tree(t, map[string][]byte{k.String(): []byte("MODULE windows x86_64 123456789 Sample.pdb\n")})
	outcome(t, notFound(t, locator(t, "srv*"+wrong, Options{}), k).Attempts, Mismatch)

	_, _, _, image := theImage(t)
	k, err = BuildIDKey("ABCDEF0123456789", "debuginfo")
	if err != nil || k.String() != "buildid/abcdef0123456789/debuginfo" {
		t.Fatalf("%v, %v", k, err)
	}
	found(t, locator(t, "srv*"+tree(t, map[string][]byte{k.String(): image}), Options{}), k, image)
	if _, err := BuildIDKey("abcdef0123456789", "../etc/passwd"); err == nil {
		t.Error("a path was taken for what is wanted")
	}
}
