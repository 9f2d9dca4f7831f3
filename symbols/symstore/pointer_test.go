package symstore

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

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
