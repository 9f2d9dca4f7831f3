package symstore

import (
	"os"
	"syscall"
	"testing"
)

// A full disk is a store that cannot be written: nothing half written is left
// on it, and another store takes the file. It takes the right to mount a small
// disk, which root has in most containers.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=64k"); err != nil {
		t.Logf("no small disk can be mounted here: %v", err)
		return
	}
	defer syscall.Unmount(disk, 0)
	s := thePDB(t)
	if len(s.data) <= 64<<10 {
		t.Fatalf("the sample of %d bytes fits", len(s.data))
	}
	packed, plain := cabinet(t, "Sample.pdb", s.data), s.data
	for _, from := range []string{
		newWeb(t, map[string][]byte{s.key(t).String(): packed}).URL,
		newWeb(t, map[string][]byte{s.key(t).String(): plain}).URL,
		tree(t, map[string][]byte{s.key(t).String(): packed}),
	} {
		fallback := t.TempDir()
		r := found(t, locator(t, "srv*"+disk+"*"+from, Options{DefaultStore: fallback}), s.key(t), s.data)
		if !isBelow(r.Path, fallback) {
			t.Errorf("found %s", r.Path)
		}
		outcome(t, r.Attempts, Unwritable)
		if got := filesIn(t, disk); len(got) != 0 {
			t.Errorf("the full disk has %q", got)
		}
		if _, err := os.Stat(disk); err != nil {
			t.Error(err)
		}
	}
}
