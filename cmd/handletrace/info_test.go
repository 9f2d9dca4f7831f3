package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// info shows a dump of the lab in all its forms.
func TestInfo(t *testing.T) {
	dump := labDump(t, "handlelab-x64")
	short, all := command(t, exitClean, "info", dump), command(t, exitClean, "info", "--all", dump)
	for _, want := range []string{"handle trace  539 operations", "SessionStore", "handlelab.exe", "more (--all shows them)"} {
		if !strings.Contains(short, want) {
			t.Errorf("info lacks %q", want)
		}
	}
	if len(all) <= len(short) || strings.Contains(all, "--all shows") {
		t.Error("info --all does not show all")
	}
	if out := command(t, exitClean, "info", "--json", dump); !json.Valid([]byte(out)) {
		t.Error("info --json writes no JSON")
	}
}

// A file that is no dump is an error that says so, in every form.
func TestInfoOfNoDump(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.dmp")
	if err := os.WriteFile(name, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"info", name}, {"info", "--all", name}, {"info", "--json", name}} {
		out, errs := commandBoth(t, exitFailed, args...)
		if out != "" || !strings.Contains(errs, "not a minidump") {
			t.Errorf("%v: %q, %q", args, out, errs)
		}
	}
}
