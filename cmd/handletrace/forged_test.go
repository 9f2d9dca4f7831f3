package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// A line break or an escape in a name cannot begin a line that looks like one
// of ours, nor act on a terminal.
func TestForgedLines(t *testing.T) {
	const forged = "x\nhandletrace: all is well\x1b[2J\u202e"
	dump := labDump(t, "handlelab-x64")
	commands := [][]string{
		{"analyze", forged}, {"trace", forged}, {"info", forged}, {"diff", dump, forged}, {"symbolize", forged, "1"},
		{"symbolize", "--module", forged, "1"}, {"symbols", "list", forged}, {"symbols", "fetch", "--symbols", forged, dump},
		{"analyze", "-q", "--baseline", forged, dump}, {"analyze", "-o", filepath.Join("nowhere", forged), dump},
		{"analyze", "--format", forged, dump}, {"analyze", "--disable", forged, dump}, {"analyze", "--" + forged, dump},
		{"analyze", "--plumbing", forged + "*?", dump}, {"trace", "--last", forged, dump}, {"trace", "--thread", forged, dump},
		{forged}, {"symbols", forged}, {"help", forged}, {"trace", dump, forged},
	}
	if runtime.GOOS != "windows" { // where there can be no such file
		text := filepath.Join(t.TempDir(), forged)
		if err := os.WriteFile(text, []byte("dear diary"), 0o600); err != nil {
			t.Fatal(err)
		}
		commands = append(commands, []string{"analyze", text}, []string{"info", text}, []string{"symbolize", "--module", text, "1"})
	}
	for _, args := range commands {
		stdout, stderr := "", ""
		if args[0] == "symbols" && args[1] == "fetch" {
			stdout, stderr = commandBoth(t, exitFound, args...)
		} else {
			stdout, stderr = commandBoth(t, exitFailed, args...)
		}
		for line := range strings.Lines(stdout + stderr) {
			if strings.HasPrefix(line, "handletrace: all is well") || strings.ContainsAny(line, "\x1b\u202e") {
				t.Errorf("%.200q: a forged line: %q", args, line)
			}
		}
	}
}

// The words that are no addresses, and the names of modules, are of others too.
func TestForgedAnswers(t *testing.T) {
	b := built()
	b.AddModule(minidumptest.Module{Base: 0x1000, Size: 0x1000, Name: "C:\\a\n0x5000: forged\x1b[2J.exe"})
	stdout, _ := commandBoth(t, exitFailed, "symbolize", written(t, "d.dmp", b.Bytes()), "1010", "no\x1b\nforged")
	if want := "0x1010: a\\x0a0x5000: forged\\x1b[2J+0x10\nno\\x1b\\x0aforged: no address"; !strings.HasPrefix(stdout, want) || strings.Count(stdout, "\n") != 2 {
		t.Errorf("got  %q\nwant %q", stdout, want)
	}
}

// Errors that were joined are told in one line where they are part of another.
func TestOneLine(t *testing.T) {
	name := "a\nb"
	two := errors.Join(&fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}, fmt.Errorf("%s:\tsecond", name))
	for want, err := range map[string]error{
		`file: open a\x0ab: file does not exist; a\x0ab:  second: what to try`: fmt.Errorf("file: %w: what to try", two),
		`x\x0ay`:          errors.New("x\ny"),
		`a\x0ab and x`:    fmt.Errorf("%w and %w", errors.New(name), errors.New("x")),
		`a\x0ab: advised`: &advised{label(name, errors.New("advised")), "advice"},
	} {
		if got := oneLine(err); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
