package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/handletrace/handletrace/callstack"
)

// Words are whole however the reads cut the text, and one read's words are
// answered before the next read.
func TestReadWords(t *testing.T) {
	var text strings.Builder
	for i := range 40000 { // more than is read at a time
		fmt.Fprintf(&text, "%x%c", i*7919, " \n\t"[i%3])
	}
	want := strings.Fields(text.String())
	for name, r := range map[string]io.Reader{
		"whole":   strings.NewReader(text.String()),
		"halves":  iotest.HalfReader(strings.NewReader(text.String())),
		"no end":  strings.NewReader(strings.TrimSpace(text.String())),
		"bytes":   iotest.OneByteReader(strings.NewReader(text.String()[:4000])),
		"at once": iotest.DataErrReader(strings.NewReader(text.String())),
	} {
		var got []string
		err := readWords(r, func(words []string) bool { got = append(got, words...); return true })
		if err != nil || len(got) == 0 || strings.Join(got[:len(got)-1], " ") != strings.Join(want[:len(got)-1], " ") {
			t.Errorf("%s: %d words, error %v", name, len(got), err)
		}
		if name != "bytes" && len(got) != len(want) {
			t.Errorf("%s: %d words, want %d", name, len(got), len(want))
		}
	}
	err := readWords(iotest.TimeoutReader(strings.NewReader(text.String())), func([]string) bool { return true })
	if !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("error %v", err)
	}
}

// echo names every address by itself.
type echo struct{}

func (echo) ResolveAt(ctx context.Context, addresses []uint64) ([][]callstack.Frame, error) {
	answers := make([][]callstack.Frame, len(addresses))
	for i, a := range addresses {
		answers[i] = []callstack.Frame{{Address: a, Function: fmt.Sprintf("f%x", a)}}
	}
	return answers, ctx.Err()
}

func (echo) Close() error { return nil }

// Who writes a line and waits for its answer gets it, and an interrupt loses
// no answer.
func TestAnswerAsAsked(t *testing.T) {
	in, words := io.Pipe()
	answers, out := io.Pipe()
	ctx, interrupt := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- newAnswerer(echo{}, out, false).answerAll(ctx, in) }()
	buf := make([]byte, 100)
	for _, word := range []string{"10", "nonsense", "20"} {
		io.WriteString(words, word+"\n")
		n, err := answers.Read(buf)
		if err != nil || !strings.HasSuffix(string(buf[:n]), "\n") || !strings.Contains(string(buf[:n]), word) {
			t.Errorf("%s: %q, %v", word, buf[:n], err)
		}
	}
	interrupt()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// A word that is no address costs no other answer; the exit status tells.
func TestBadWords(t *testing.T) {
	dump := labDump(t, "handlelab-x64")
	out, errs := commandBoth(t, exitFailed, "symbolize", "--json", dump, "0x1", "<what>", "0x2")
	want := `{"address":"0x1","frames":[]}
{"address":"<what>","error":"no address: give it in hexadecimal, as in 0x7ff6d1c01234"}
{"address":"0x2","frames":[]}
`
	if out != want || !strings.Contains(errs, "no addresses: 1") {
		t.Errorf("got\n%s%s", out, errs)
	}
	var stdout, stderr bytes.Buffer
	status := run(t.Context(), []string{"symbolize", dump}, strings.NewReader("1 what\n2"), &stdout, &stderr)
	if status != exitFailed || !strings.HasPrefix(stdout.String(), "0x1\nwhat: ") || !strings.HasSuffix(stdout.String(), "\n0x2\n") {
		t.Errorf("status %d, got\n%s", status, stdout.String())
	}
}

// The dump may come on standard input; the addresses are then arguments.
func TestSymbolizeStandardInput(t *testing.T) {
	dump, err := os.ReadFile(labDump(t, "handlelab-x64"))
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	status := run(t.Context(), []string{"symbolize", "-", "140001000"}, bytes.NewReader(dump), &stdout, &stderr)
	if got := stdout.String(); status != exitClean || got != "0x140001000: handlelab+0x1000\n" {
		t.Errorf("status %d, got %q, %s", status, got, stderr.String())
	}
	if _, errs := commandBoth(t, exitFailed, "symbolize", "-"); !strings.Contains(errs, "on the command line") {
		t.Errorf("error %q", errs)
	}
}

// A named pipe that nobody writes to must not be waited for.
func TestModuleIsAPipe(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Log("named pipes of Windows are not in folders")
		return
	}
	pipe := filepath.Join(t.TempDir(), "app.pdb")
	if err := exec.Command("mkfifo", pipe).Run(); err != nil {
		t.Log("no pipe to be had:", err)
		return
	}
	done := make(chan string, 1)
	go func() {
		_, errs := commandBoth(t, exitFailed, "symbolize", "--module", pipe, "1000")
		done <- errs
	}()
	select {
	case errs := <-done:
		if !strings.Contains(errs, "pipe") {
			t.Errorf("error %q", errs)
		}
	case <-time.After(time.Minute):
		t.Fatal("the command waits for a pipe")
	}
}
