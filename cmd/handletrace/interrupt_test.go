package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// hanging is an input that never ends nor goes on.
func hanging(t *testing.T) io.Reader {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close(); r.Close() })
	return r
}

// begun runs a command whose context ends as by an interrupt once ready is
// closed, and returns its status and what it wrote.
func begun(t *testing.T, ready <-chan struct{}, stdin io.Reader, stdout io.Writer, args ...string) (status int, stderr string) {
	t.Helper()
	ctx, interrupt := context.WithCancel(t.Context())
	var errs bytes.Buffer
	done := make(chan int)
	go func() { done <- run(ctx, args, stdin, stdout, &errs) }()
	select {
	case <-ready:
	case <-time.After(time.Minute):
		t.Error("the command does not begin its work")
	}
	interrupt()
	select {
	case status = <-done:
	case <-time.After(time.Minute):
		t.Fatal("the command does not end")
	}
	return status, errs.String()
}

// reads tells when it is first read from.
type reads struct {
	io.Reader
	happened chan struct{}
	told     bool
}

func (r *reads) Read(b []byte) (int, error) {
	if !r.told {
		r.told = true
		close(r.happened)
	}
	return r.Reader.Read(b)
}

// Every command that may take long ends at an interrupt, wherever it is, says
// so, and fails.
func TestInterruptedCommands(t *testing.T) {
	for _, line := range []string{
		"info -", "trace -", "diff - x", "symbolize - 1", "symbolize --module " + filepath.Join(lab, "x64", "legacy.pdb"),
		"symbols list -", "symbols fetch --manifest -", "undname",
	} {
		t.Run(line, func(t *testing.T) {
			in := &reads{Reader: hanging(t), happened: make(chan struct{})}
			var out bytes.Buffer
			status, stderr := begun(t, in.happened, in, &out, strings.Fields(line)...)
			if want := "handletrace: interrupted before it was done\n"; status != exitFailed || stderr != want || out.Len() > 0 {
				t.Errorf("exit status %d, standard output %q, standard error %q", status, out.String(), stderr)
			}
		})
	}
}

// blocked takes the beginning of what is written, tells so, and then waits.
type blocked struct {
	bytes.Buffer
	begun, end chan struct{}
}

func (b *blocked) Write(p []byte) (int, error) {
	n, err := b.Buffer.Write(p[:1])
	close(b.begun)
	<-b.end
	return n, err
}

// What is on the screen already is said to be a part, also where whoever reads
// it has stopped to.
func TestInterruptedResults(t *testing.T) {
	for _, line := range []string{"trace", "info --all", "info --json"} {
		out := &blocked{begun: make(chan struct{}), end: make(chan struct{})}
		status, stderr := begun(t, out.begun, nil, out, append(strings.Fields(line), labDump(t, "handlelab-x64"))...)
		if close(out.end); status != exitFailed {
			t.Errorf("%s: exit status %d", line, status)
		}
		expect(t, stderr, "interrupted before it was done: the results above are only a part")
	}
}

// Of --output nothing is left behind, and an older file stays.
func TestInterruptedOutput(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "names.txt")
	if err := os.WriteFile(name, []byte("older"), 0o600); err != nil {
		t.Fatal(err)
	}
	// The answer to the first line is written before the second is read.
	in := &reads{Reader: hanging(t), happened: make(chan struct{})}
	both := io.MultiReader(strings.NewReader("1094\n"), in)
	status, stderr := begun(t, in.happened, both, nil, "symbolize", "--module", filepath.Join(lab, "x64", "legacy.pdb"), "-o", name)
	if status != exitFailed {
		t.Errorf("exit status %d", status)
	}
	expect(t, stderr, "interrupted before it was done")
	got, err := os.ReadFile(name)
	if files, _ := os.ReadDir(folder); err != nil || string(got) != "older" || len(files) != 1 {
		t.Errorf("the file holds %q (%v), the folder %v", got, err, files)
	}
}

// What was fetched stays, and is counted.
func TestInterruptedFetch(t *testing.T) {
	asked := make(chan struct{}, 100)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	ready := make(chan struct{})
	go func() { <-asked; close(ready) }()
	status, stderr := begun(t, ready, nil, io.Discard, "symbols", "fetch", "--symbols", "srv*"+t.TempDir()+"*"+server.URL, labDump(t, "handlelab-x64"))
	if status != exitFailed {
		t.Errorf("exit status %d", status)
	}
	expect(t, stderr, "interrupted before it was done: 0 of 11 files were found, and stay")
}
