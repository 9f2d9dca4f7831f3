package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestGate(t *testing.T) {
	folder := t.TempDir()
	dump, err := os.ReadFile("../../testdata/handlelab/handlelab-x64.dmp")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "crash.dmp"), dump, 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	n, err := gate(&out, folder, nil)
	if err != nil {
		t.Fatal(err)
	}
	if n != 4 || !strings.Contains(out.String(), "stolen-close (certain)") {
		t.Fatalf("%d findings, want 4:\n%s", n, &out)
	}

	// What it prints after "baseline:" makes it pass the next time.
	baseline := filepath.Join(folder, "baseline.txt")
	var lines strings.Builder
	for line := range strings.Lines(out.String()) {
		if id, ok := strings.CutPrefix(line, "  baseline: "); ok {
			lines.WriteString(id)
		}
	}
	if err := os.WriteFile(baseline, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	known, err := readBaseline([]string{baseline})
	if err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if n, err = gate(&out, folder, known); n != 0 || err != nil || out.Len() != 0 {
		t.Errorf("with the baseline: %d findings, %v:\n%s", n, err, &out)
	}
}
