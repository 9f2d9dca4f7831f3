package main

import (
	"strings"
	"testing"
)

func TestWalk(t *testing.T) {
	var out strings.Builder
	if err := run(&out, "../../testdata/handlelab/handlelab-x64.dmp"); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "stack pointer 0x"); n != 7 {
		t.Errorf("%d threads stand somewhere, want 7:\n%s", n, &out)
	}
	if !strings.Contains(out.String(), "\nReadWrite: ") || !strings.Contains(out.String(), " -> 0x") {
		t.Errorf("no writable memory, or no stack that could be read:\n%s", &out)
	}
}
