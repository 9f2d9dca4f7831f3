package main

import (
	"bytes"
	"context"
	"testing"
)

// command runs handletrace in this process and returns its standard output.
// The exit status must be the one expected.
func command(t *testing.T, status int, args ...string) string {
	t.Helper()
	stdout, _ := commandBoth(t, status, args...)
	return stdout
}

func commandBoth(t *testing.T, status int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	if got := run(context.Background(), args, bytes.NewReader(nil), &out, &errs); got != status {
		t.Fatalf("handletrace %q: exit status %d, want %d\n%s", args, got, status, errs.String())
	}
	return out.String(), errs.String()
}
