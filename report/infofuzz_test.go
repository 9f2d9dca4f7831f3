package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/report"
)

// FuzzInfo holds that of any file that opens info writes JSON and a text whose
// lines are plain, neither of them much longer than the file allows.
func FuzzInfo(f *testing.F) {
	for _, b := range infoDumps() {
		f.Add(b.Bytes())
	}
	f.Add(crowdedTokenDump().Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		dump, err := minidump.New(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		if out := infoJSON(t, dump); !json.Valid(out) {
			t.Errorf("no JSON: %q", out)
		}
		text := infoText(t, dump, true)
		for line := range strings.Lines(text) {
			line = strings.TrimSuffix(line, "\n")
			if plain := report.Plain(line); plain != line {
				t.Errorf("%q is not plain", line)
			}
		}
		// Each list may have so much, and each other section shows bytes of
		// the file a few times over.
		if most := 40 * (16<<20 + 16*len(data)); len(text) > most {
			t.Errorf("%d bytes of text of a file of %d", len(text), len(data))
		}
	})
}
