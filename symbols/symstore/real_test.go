package symstore

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/handletrace/handletrace/symbols/pdb"
)

// A store of others, in the folder that HANDLETRACE_PDBS names, serves both
// plain and compressed files.
func TestRealStore(t *testing.T) {
	root := os.Getenv("HANDLETRACE_PDBS")
	if root == "" {
		return
	}
	root = filepath.Join(root, "store")
	near := t.TempDir()
	for _, path := range []string{"srv*" + root, "srv*" + near + "*" + root} {
		l := locator(t, path, Options{})
		file, err := l.FindPDB(t.Context(), `C:\build\showsseconfig.pdb`, "A62592418D7807494C4C44205044422E1")
		if err != nil {
			t.Fatal(err)
		}
		f, err := pdb.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
		if _, err := l.FindImage(t.Context(), "ShowSSEConfig.exe", 0x63E6C7F7, 0x8000); err != nil {
			t.Error(err)
		}
	}
	// The compressed ones alone.
	for _, name := range []string{"ShowSSEConfig.pdb/A62592418D7807494C4C44205044422E1/ShowSSEConfig.pd_", "ShowSSEConfig.exe/63E6C7F78000/ShowSSEConfig.ex_"} {
		data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		packed := "srv*" + tree(t, map[string][]byte{name: data})
		if filepath.Ext(name) == ".pd_" {
			_, err = locator(t, packed, Options{}).FindPDB(t.Context(), "ShowSSEConfig.pdb", "A62592418D7807494C4C44205044422E1")
		} else {
			_, err = locator(t, packed, Options{}).FindImage(t.Context(), "ShowSSEConfig.exe", 0x63E6C7F7, 0x8000)
		}
		if err != nil {
			t.Error(err)
		}
	}
}
