package symstore

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/symbols"
)

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
	found(t, locator(t, tree(t, map[string][]byte{"Sample.pd_": cabinet(t, "Sample.pdb", s.data)}), Options{}), s.key(t), s.data)
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

// A folder that is not there is told from one that lacks the file.
func TestNoFolder(t *testing.T) {
	s := thePDB(t)
	gone := filepath.Join(t.TempDir(), "gone")
	outcome(t, notFound(t, locator(t, gone, Options{}), s.key(t)).Attempts, Unreachable)
	outcome(t, notFound(t, locator(t, "srv*"+gone, Options{}), s.key(t)).Attempts, Missing)
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
