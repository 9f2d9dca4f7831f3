package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/symbols/symstore"
)

// Progress goes to terminals alone, on one line that is gone at the end.
func TestMeter(t *testing.T) {
	var file bytes.Buffer
	key, err := symstore.PDBKey("app.pdb", "3249D99D0C4049318610F4E4FB0B69361")
	if err != nil {
		t.Fatal(err)
	}
	news := symstore.Progress{Key: key, Source: "https://symbols.example/app.pdb", Received: 1500000, Total: 3000000}
	m := newMeter(&file)
	m.report(news)
	m.end()
	if file.Len() > 0 {
		t.Errorf("a file has %q", &file)
	}
	m.w = &file // as if it were a terminal
	m.report(news)
	if got := file.String(); !strings.HasSuffix(got, "symbols: 0 downloaded, 1 under way: app.pdb 1.5 MB of 3.0") || strings.Contains(got, "\n") {
		t.Errorf("shown: %q", got)
	}
	news.Done = true
	m.report(news)
	m.end()
	if m.done != 1 || !strings.HasSuffix(file.String(), eraseLine) {
		t.Errorf("at the end: %q", &file)
	}
}
