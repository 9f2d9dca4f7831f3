package minidump_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/minidump"
)

// WinDbg's .dump /b leaves the dump in a cabinet.
func TestCabinet(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	f, err := minidump.Open(filepath.Join("testdata", "cabinet", "dump.cab"))
	if err != nil {
		t.Fatal(err)
	}
	misc, err := f.MiscInfo()
	if err != nil || misc.ProcessID != 4711 {
		t.Errorf("process %+v, %v; want 4711", misc, err)
	}
	ops, err := f.HandleOperationList()
	if err != nil || ops.Len() != 1 {
		t.Errorf("handle operations: %v, %v; want one", ops, err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(os.Getenv("TMPDIR")); len(left) > 0 {
		t.Errorf("%d files stay behind", len(left))
	}
}

func TestDamagedCabinets(t *testing.T) {
	whole, err := os.ReadFile(filepath.Join("testdata", "cabinet", "dump.cab"))
	if err != nil {
		t.Fatal(err)
	}
	empty, err := os.ReadFile(filepath.Join("testdata", "cabinet", "empty.cab"))
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(whole)
	flipped[len(flipped)-20] ^= 0x40
	for _, c := range []struct {
		name, want string
		content    []byte
	}{
		{"no dump", "none of the 1 files in the cabinet is a minidump", empty},
		{"cut in the header", "cabinet", whole[:20]},
		{"cut in the data", "cabinet", whole[:len(whole)-30]},
		{"a wrong bit", "cabinet", flipped},
	} {
		if f, err := minidump.New(bytes.NewReader(c.content), int64(len(c.content))); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %v; want an error with %q", c.name, f, err, c.want)
		}
	}
}
