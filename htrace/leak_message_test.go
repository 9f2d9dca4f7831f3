package htrace

import (
	"strings"
	"testing"
)

// The message of a leak tells what became of the others of the place, how fast
// they come and how old they are.
func TestLeakMessage(t *testing.T) {
	forgotten := repeat(5, "1 O 200 session.Open\n1 C 200 session.Close") + "\n1 O 300 session.Open\n" +
		repeat(5, "1 O 200 session.Open\n1 C 200 session.Close") + "\n1 O 304 session.Open\n" +
		repeat(5, "1 O 200 session.Open\n1 C 200 session.Close") + "\n1 O 308 session.Open\n" +
		repeat(5, "1 O 200 session.Open\n1 C 200 session.Close") + "\n1 O 30c session.Open\n" +
		repeat(5, "1 O 200 session.Open\n1 C 200 session.Close")
	for name, c := range map[string]struct {
		script string
		want   []string
	}{
		"some are closed": {forgotten, []string{"4 handles opened in session!Open+0x20", "25 others that were opened there were closed, most often in session!Close+0x20, after 1 operations at most"}},
		"none is":         {opened(12, 0x100, "legacy.Poll"), []string{"None that was opened there was closed", "One more came every 3 operations", "the oldest has been open for 36 operations"}},
	} {
		t.Run(name, func(t *testing.T) {
			stored, code := parseScript(t, c.script)
			found := Analyze(New(stored, Options{Order: OldestFirst}), AnalyzeOptions{Code: code})
			if len(found) != 1 {
				t.Fatalf("%q", verdicts(found))
			}
			for _, want := range c.want {
				if !strings.Contains(found[0].Message, want) {
					t.Errorf("%q is not in %q", want, found[0].Message)
				}
			}
		})
	}
}
