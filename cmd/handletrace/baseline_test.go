package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// rulesOf returns the rules of the findings in a JSON report of one file.
func rulesOf(t *testing.T, status int, args ...string) string {
	t.Helper()
	var list []string
	for _, f := range analyzeJSON(t, status, args...).Inputs[0].Findings {
		list = append(list, f.Rule+" "+f.Confidence)
	}
	return strings.Join(list, ", ")
}

// What the baseline holds is not reported again, in another run with other
// handles and other addresses; what is new is.
func TestBaseline(t *testing.T) {
	name := filepath.Join(t.TempDir(), "known.json")
	lab64 := labDump(t, "handlelab-x64")
	command(t, exitClean, "analyze", "--write-baseline", name, lab64)
	first, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	out := command(t, exitClean, "analyze", "--baseline", name, lab64)
	expect(t, out, "Nothing was found beyond 4 findings of the baseline.")
	if got := rulesOf(t, exitClean, "--baseline", name, lab64); got != "" {
		t.Errorf("findings: %s", got)
	}
	out = command(t, exitClean, "analyze", "--baseline", name, "--format", "json", lab64)
	expect(t, out, `"known": [`, `"rule": "stolen-close"`)

	command(t, exitClean, "analyze", "--disable", "leak", "--write-baseline", name, lab64)
	if got := rulesOf(t, exitFound, "--baseline", name, lab64); got != "leak likely" {
		t.Errorf("new findings: %s", got)
	}
	out = command(t, exitFound, "analyze", "--baseline", name, lab64)
	expect(t, out, "1 finding that the baseline does not have, besides 3 that it has")

	// A baseline that is extended keeps what it had, and does not change
	// otherwise.
	command(t, exitClean, "analyze", "--baseline", name, "--write-baseline", name, lab64)
	second, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(first) != string(second) {
		t.Errorf("first:\n%s\nsecond:\n%s", first, second)
	}
}

// A run that did not see all files writes no baseline.
func TestNoBaselineOfAPart(t *testing.T) {
	name := filepath.Join(t.TempDir(), "known.json")
	_, stderr := commandBoth(t, exitFailed, "analyze", "--write-baseline", name, labDump(t, "handlelab-x64"), name+".dmp")
	expect(t, stderr, "no baseline is written")
	if _, err := os.Stat(name); err == nil {
		t.Error("the baseline was written")
	}
}

func TestRules(t *testing.T) {
	name := labDump(t, "handlelab-x64")
	const all = "stolen-close certain, double-close certain, use-after-close certain, leak likely"
	for _, c := range []struct {
		args   []string
		status int
		want   string
	}{
		{nil, exitFound, all},
		{[]string{"--disable", "stolen-close,leak"}, exitFound, "double-close certain, use-after-close certain"},
		{[]string{"--disable", "leak", "--disable", "double-close"}, exitFound, "stolen-close certain, use-after-close certain"},
		{[]string{"--grade", "leak=certain", "--grade", "stolen-close=possible"}, exitFound, "double-close certain, use-after-close certain, leak certain, stolen-close possible"},
		{[]string{"--grade", "stolen-close=off,double-close=possible,use-after-close=possible,leak=possible"}, exitClean, "double-close possible, use-after-close possible, leak possible"},
	} {
		if got := rulesOf(t, c.status, append(c.args, name)...); got != c.want {
			t.Errorf("%q: %s, want %s", c.args, got, c.want)
		}
	}
}
