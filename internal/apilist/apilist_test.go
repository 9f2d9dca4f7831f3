package apilist

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the api folder anew")

// The API of every public package is what the api folder says. A deliberate
// change is written there with
//
//	go test ./internal/apilist -update
//
// and reviewed with the code.
func TestAPIIsWrittenDown(t *testing.T) {
	root := filepath.Join("..", "..")
	lists, err := Load(root, "./...")
	if err != nil {
		t.Fatal(err)
	}
	if len(lists) == 0 {
		t.Fatal("no public package was found")
	}
	written := map[string]bool{}
	for name, lines := range lists {
		file := filepath.Join(root, "api", strings.ReplaceAll(name, "/", "-")+".txt")
		written[filepath.Base(file)] = true
		text := strings.Join(lines, "\n") + "\n"
		if *update {
			if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
			continue
		}
		old, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("package %s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(strings.Split(string(old), "\n"), strings.Split(text, "\n")); diff != "" {
			t.Errorf("the API of %s differs from %s (-):\n%s", name, file, diff)
		}
	}
	files, err := filepath.Glob(filepath.Join(root, "api", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !written[filepath.Base(f)] {
			t.Errorf("%s is of a package that is not there", f)
		}
	}
}
