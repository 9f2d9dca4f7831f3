package cab

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The compressed files of real stores in the folder that HANDLETRACE_PDBS
// names are what cabextract makes of them.
func TestStore(t *testing.T) {
	root, tool := os.Getenv("HANDLETRACE_PDBS"), ""
	if root == "" {
		return
	}
	tool, _ = exec.LookPath("cabextract")
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_") && !strings.HasSuffix(path, ".cab") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		c := open(t, b)
		for i, f := range c.Files {
			got, err := content(c, i)
			if err != nil {
				t.Errorf("%s: %v", path, err)
				continue
			}
			if tool == "" {
				continue
			}
			want, err := exec.Command(tool, "-q", "-p", "-F", f.Name, path).Output()
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: %s has other bytes than cabextract's: %v", path, f.Name, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
