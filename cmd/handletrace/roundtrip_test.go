package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What trace prints can be read back, and the findings are the same: rules,
// confidences, handles and culprits, whose indices count from the newest in
// both.
func TestTraceReadsBack(t *testing.T) {
	for _, name := range []string{"handlelab-x64", "handlelab-x86", "cascade-x64", "cascade-x86", "healthy-x64"} {
		t.Run(name, func(t *testing.T) {
			dump := labDump(t, name)
			text := filepath.Join(t.TempDir(), "trace.txt")
			if err := os.WriteFile(text, []byte(command(t, exitClean, "trace", dump)), 0o600); err != nil {
				t.Fatal(err)
			}
			want := found(analyzeJSON(t, statusOf(name), dump))
			r := analyzeJSON(t, statusOf(name), text)
			if r.Inputs[0].Kind != "transcript" {
				t.Errorf("kind %q", r.Inputs[0].Kind)
			}
			if diff := cmp.Diff(want, found(r)); diff != "" {
				t.Errorf("the dump (-) and its text (+) differ:\n%s", diff)
			}
		})
	}
}

func statusOf(name string) int {
	if strings.HasPrefix(name, "healthy") {
		return exitClean
	}
	return exitFound
}

// The text has the form of !htrace: rules of 38 dashes, padded numbers, the
// newest first, and the two figures at the end.
func TestTraceForm(t *testing.T) {
	for name, digits := range map[string]string{"handlelab-x64": "16", "handlelab-x86": "8"} {
		out := command(t, exitClean, "trace", "--handle", "0xcd", "--last", "3", labDump(t, name))
		entry := `-{38}
Handle = 0x0*cc - (OPEN|CLOSE|\*\*\* BAD REFERENCE \*\*\*)
Thread ID = 0x[0-9a-f]{N}, Process ID = 0x[0-9a-f]{N}

(0x[0-9a-f]{N}: \S+\+0x[0-9a-f]{N}
)+`
		form := strings.ReplaceAll(`^(`+entry+`){3}-{38}
Parsed 0x21B stack traces\.
Dumped 0x3 stack traces\.
$`, "{N}", "{"+digits+"}")
		if !regexp.MustCompile(form).MatchString(out) {
			t.Errorf("%s:\n%s", name, out)
		}
	}
}

// Names, inlined functions among them, are read back as they were printed.
func TestNamedTraceReadsBack(t *testing.T) {
	text := filepath.Join(t.TempDir(), "trace.txt")
	printed := command(t, exitClean, "trace", "--symbols", filepath.Join(lab, "x64"), labDump(t, "handlelab-x64"))
	if !strings.Contains(printed, "(Inline Function): handlelab!PrepareSettings+0x") {
		t.Error("no inlined function")
	}
	if err := os.WriteFile(text, []byte(printed), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := command(t, exitClean, "trace", text); got != printed {
		t.Errorf("(-printed +again):\n%s", cmp.Diff(strings.Split(printed, "\n"), strings.Split(got, "\n")))
	}
	if got := command(t, exitFound, "analyze", text); strings.Contains(got, "warning") {
		t.Error(got)
	}
}
