//go:build unix

package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A pipe with a name is read like standard input, and its copy leaves nothing
// behind.
func TestPipe(t *testing.T) {
	dump, err := os.ReadFile(labDump(t, "handlelab-x64"))
	if err != nil {
		t.Fatal(err)
	}
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- os.WriteFile(pipe, dump, 0o600) }()
	out := command(t, exitFound, "analyze", pipe)
	if err := <-done; err != nil {
		t.Error(err)
	}
	expect(t, out, "stolen-close (certain)")
	left, err := os.ReadDir(temporary)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}
