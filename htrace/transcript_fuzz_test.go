package htrace

import (
	"bytes"
	"os"
	"testing"
)

// FuzzReadTranscript reads anything: it must not panic, what it returns must
// be sound, and reading it must not take more than its size allows.
func FuzzReadTranscript(f *testing.F) {
	for _, name := range goldenTranscripts(f) {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, form := range textForms {
		text := makeTextTrace(4, 1, form.digits == 16).text(form)
		for _, d := range dresses {
			f.Add(d.wear(text))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		IsTranscript(text)
		got, err := ReadTranscript(bytes.NewReader(text), Options{})
		if err != nil {
			if got != nil {
				t.Fatal("a transcript beside an error")
			}
			return
		}
		checkTranscript(t, got)
		// A wrapped line alone is too little to tell it by.
		if got.Counts.Wrapped == 0 && !IsTranscript(text) {
			t.Fatalf("read, but not taken for a transcript: %+v", got.Counts)
		}
		frames, ops := 0, 0
		for _, g := range append(got.Others, got) {
			ops += len(g.Trace.Operations)
			for i := range g.Trace.Operations {
				frames += len(g.Trace.Operations[i].Stack)
			}
		}
		if ops > got.Counts.Entries || frames > got.Counts.Frames {
			t.Fatalf("%d operations with %d frames: %+v", ops, frames, got.Counts)
		}
		Analyze(got.Trace, AnalyzeOptions{Code: got})
	})
}
