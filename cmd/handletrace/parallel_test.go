package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// entries are the inputs of a JSON report, in short.
type entry struct {
	Path, Kind, Error string
	Findings          []struct{ Rule string }
	Trace             *struct{ Operations int }
}

func entriesOf(t *testing.T, document string) []entry {
	t.Helper()
	var r struct{ Inputs []entry }
	if err := json.Unmarshal([]byte(document), &r); err != nil {
		t.Fatal(err)
	}
	return r.Inputs
}

// The reports are in the order given, whichever file is done first, each file
// has its own entry, and the exit status is the worst.
func TestManyFiles(t *testing.T) {
	big, small, healthy := labDump(t, "cascade-x64"), written(t, "s.dmp", built(doubleClose...).Bytes()), labDump(t, "healthy-x64")
	broken := written(t, "broken.dmp", []byte("MDMP"))
	names := []string{big, small, broken, healthy, small, filepath.Join(t.TempDir(), "none.dmp"), big}
	stdout, stderr := commandBoth(t, exitFailed, append([]string{"analyze", "--format", "json"}, names...)...)
	entries := entriesOf(t, stdout)
	var got []string
	for _, e := range entries {
		got = append(got, e.Path)
		if failed := e.Path == broken || strings.HasSuffix(e.Path, "none.dmp"); failed != (e.Error != "") || failed == (e.Trace != nil) {
			t.Errorf("%s: error %q, trace %v", e.Path, e.Error, e.Trace)
		}
	}
	if diff := cmp.Diff(names, got); diff != "" {
		t.Errorf("inputs (-want +got):\n%s", diff)
	}
	if n := strings.Count(stderr, "\n"); n != 2 {
		t.Errorf("%d lines of errors, want one for each file that failed:\n%s", n, stderr)
	}
	text, _ := commandBoth(t, exitFailed, append([]string{"analyze"}, names...)...)
	at := -1
	for _, name := range []string{big, small, healthy, small, big} {
		next := strings.Index(text[at+1:], name+": minidump")
		if next < 0 {
			t.Fatalf("%s is not reported in its place:\n%s", name, text)
		}
		at += next + 1
	}
	command(t, exitFound, "analyze", healthy, small)
	command(t, exitClean, "analyze", healthy, healthy)
}

// An interrupt ends the work: what was done is reported, what was not says so,
// and the status tells that it is not all.
func TestInterrupt(t *testing.T) {
	small := written(t, "s.dmp", built(doubleClose...).Bytes())
	// A pipe that nobody writes to is never read to its end.
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	ctx, interrupt := context.WithCancel(context.Background())
	defer interrupt()
	out := &firstWrite{happened: make(chan struct{})}
	var errs bytes.Buffer
	status := make(chan int)
	go func() {
		status <- run(ctx, []string{"analyze", "--format", "json", small, "-"}, r, out, &errs)
	}()
	select {
	case <-out.happened:
	case <-time.After(time.Minute):
		t.Fatal("the file that is done is not reported while the other is worked on")
	}
	interrupt()
	if got := <-status; got != exitFailed {
		t.Errorf("exit status %d", got)
	}
	entries := entriesOf(t, out.String())
	if len(entries) != 2 || len(entries[0].Findings) == 0 || !strings.Contains(entries[1].Error, "interrupted") {
		t.Errorf("inputs: %+v", entries)
	}
	expect(t, errs.String(), "interrupted: 1 of 2 files were done")
}

// firstWrite tells when something is first written.
type firstWrite struct {
	bytes.Buffer
	happened chan struct{}
	told     bool
}

func (f *firstWrite) Write(b []byte) (int, error) {
	if !f.told {
		f.told = true
		close(f.happened)
	}
	return f.Buffer.Write(b)
}

// A report that cannot be written ends the command.
func TestFullDisk(t *testing.T) {
	small := written(t, "s.dmp", built(doubleClose...).Bytes())
	var errs bytes.Buffer
	if status := run(context.Background(), []string{"analyze", small, small}, nil, full{}, &errs); status != exitFailed {
		t.Errorf("exit status %d", status)
	}
	if n := strings.Count(errs.String(), "no space"); n != 1 {
		t.Errorf("it is told %d times:\n%s", n, errs.String())
	}
}

type full struct{}

func (full) Write([]byte) (int, error) {
	return 0, &os.PathError{Op: "write", Path: "x", Err: errNoSpace{}}
}

type errNoSpace struct{}

func (errNoSpace) Error() string { return "no space left on device" }

// A pattern stands for the files that it matches, as shells of Windows expect
// of programs.
func TestExpand(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"a.dmp", "b.dmp", "c.txt"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(folder)
	got := expand([]string{"-", "*.dmp", "none*", "?.txt", "[x"})
	if diff := cmp.Diff([]string{"-", "a.dmp", "b.dmp", "none*", "c.txt", "[x"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
