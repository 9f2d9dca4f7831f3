package report_test

import (
	"bytes"
	"encoding/json"
	"io"
	"runtime"
	"testing"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/report"
)

// What is written piece by piece is the document that encoding/json would
// write: valid, indented alike, with every member once.
func TestJSONForm(t *testing.T) {
	for name, inputs := range map[string][]report.Input{
		"none": nil,
		"one":  {*hostileInput()},
		"two":  {*hostileInput(), {Path: "x", Err: io.ErrUnexpectedEOF}},
	} {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := report.WriteJSON(&got, inputs); err != nil {
				t.Fatal(err)
			}
			var want bytes.Buffer
			if err := json.Indent(&want, got.Bytes(), "", "  "); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want.Bytes()) {
				t.Errorf("got\n%s\nwant\n%s", got.String(), want.String())
			}
		})
	}
}

// A failed write is reported, wherever it fails.
func TestJSONToAFullDisk(t *testing.T) {
	inputs := []report.Input{*hostileInput()}
	var whole bytes.Buffer
	if err := report.WriteJSON(&whole, inputs); err != nil {
		t.Fatal(err)
	}
	for n := 0; n < whole.Len(); n += 97 {
		if err := report.WriteJSON(&limited{n}, inputs); err == nil {
			t.Fatalf("no error after %d bytes", n)
		}
	}
}

// limited takes a number of bytes.
type limited struct{ left int }

func (l *limited) Write(b []byte) (int, error) {
	if len(b) > l.left {
		n := l.left
		l.left = 0
		return n, io.ErrShortWrite
	}
	l.left -= len(b)
	return len(b), nil
}

// A finding of a hundred thousand operations is not held as text.
func TestJSONIsStreamed(t *testing.T) {
	const n = 100_000
	ops := make([]htrace.Operation, n)
	stack := []uint64{1, 2, 3, 4, 5, 6, 7, 8}
	for i := range ops {
		ops[i] = htrace.Operation{Handle: uint64(i) * 4, Kind: htrace.KindOpen, Stack: stack}
	}
	trace := htrace.New(ops, htrace.Options{})
	f := htrace.Finding{Rule: htrace.Leak, Confidence: htrace.Possible, Culprit: &trace.Operations[0], Count: n}
	for i := range trace.Operations {
		f.Related = append(f.Related, &trace.Operations[i])
	}
	in := report.Input{Path: "x", Kind: report.Minidump, Trace: trace, Findings: []htrace.Finding{f}}
	counted := &watching{}
	if err := report.WriteJSON(counted, []report.Input{in}); err != nil {
		t.Fatal(err)
	}
	const most = 32 << 20
	if counted.written < most {
		t.Fatalf("%d bytes of JSON are too few to tell", counted.written)
	}
	if counted.heap > most {
		t.Errorf("the heap grew to %d bytes for %d bytes of JSON", counted.heap, counted.written)
	}
}

// watching counts what is written, and how large the heap becomes meanwhile.
type watching struct {
	written   int
	heap      uint64
	base      uint64
	countdown int
}

func (w *watching) Write(b []byte) (int, error) {
	w.written += len(b)
	if w.countdown--; w.countdown < 0 {
		w.countdown = 100
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if w.base == 0 {
			w.base = m.HeapAlloc
		}
		w.heap = max(w.heap, m.HeapAlloc-min(w.base, m.HeapAlloc))
	}
	return len(b), nil
}
