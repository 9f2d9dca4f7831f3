package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// --output replaces a file by whole results, and leaves it as it was where
// there are none.
func TestOutputFile(t *testing.T) {
	dump := labDump(t, "handlelab-x64")
	name := filepath.Join(t.TempDir(), "report.txt")
	content := func() string {
		t.Helper()
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	want := command(t, exitFound, "analyze", dump)
	for range 2 {
		if out := command(t, exitFound, "analyze", "--output", name, dump); out != "" {
			t.Errorf("standard output: %q", out)
		}
		if content() != want {
			t.Errorf("the file holds %q", content())
		}
	}
	commandBoth(t, exitFailed, "analyze", "-o", name, dump+"x")
	if content() != want {
		t.Error("a failure changed the file")
	}
	commandBoth(t, exitFailed, "analyze", "-o", name, dump+"x", labDump(t, "healthy-x64"))
	if got := content(); got == want || !strings.Contains(got, "healthy-x64") {
		t.Errorf("the results of the other file are lost: %q", got)
	}
	if left, err := os.ReadDir(filepath.Dir(name)); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
	_, errs := commandBoth(t, exitFailed, "analyze", "-o", filepath.Join(name, "x"), dump)
	if n := strings.Count(errs, "--output"); n != 1 {
		t.Errorf("the error is told %d times: %q", n, errs)
	}
}
