package main

import (
	"strings"
	"testing"
)

const dump = "../../testdata/handlelab/handlelab-x64.dmp"

// The two workers of the pool hand objects to each other, which is no fault of
// the pool as a whole; the session's thread is robbed by another.
func TestPools(t *testing.T) {
	for prefix, want := range map[string][]string{
		"PoolWorker":   nil,
		"SessionStore": {"closed-outside-pool, operation 211: thread 272 closed what thread 276 of the pool opened"},
	} {
		var out strings.Builder
		if err := run(&out, prefix, dump); err != nil {
			t.Fatal(err)
		}
		var got []string
		for line := range strings.Lines(out.String()) {
			if strings.HasPrefix(line, "closed-outside-pool") {
				got = append(got, strings.TrimSpace(line))
			}
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("pool %s: %q, want %q", prefix, got, want)
		}
		if !strings.Contains(out.String(), "stolen-close, operation 211") {
			t.Errorf("pool %s: the detectors of the package did not run:\n%s", prefix, &out)
		}
	}
}
