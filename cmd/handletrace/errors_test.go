package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// What cannot be done ends with status 2, nothing on standard output, and a
// first line that says what was wrong and what to try.
func TestWhatCannotBeDone(t *testing.T) {
	folder := t.TempDir()
	file := func(name string, content []byte) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	dump := minidumptest.New(minidump.ProcessorArchitectureAMD64).Bytes()
	linux := minidumptest.New(minidump.ProcessorArchitectureAMD64)
	linux.AddSystemInfo(minidumptest.SystemInfo{Architecture: minidump.ProcessorArchitectureAMD64, Platform: minidump.PlatformLinux})
	for _, c := range []struct {
		name string
		args []string
		want []string
	}{
		{"no such file", []string{"analyze", filepath.Join(folder, "none.dmp")}, []string{"none.dmp", "no such file"}},
		{"a folder", []string{"info", folder}, []string{folder, "directory"}},
		{"an empty file", []string{"analyze", file("empty.dmp", nil)}, []string{"empty.dmp", "the file is empty"}},
		{"a kernel dump", []string{"analyze", file("kernel.dmp", []byte("PAGEDU64\x0f\x00\x00\x00"))}, []string{"64-bit kernel memory dump", "WinDbg"}},
		{"an old kernel dump", []string{"info", file("kernel32.dmp", []byte("PAGEDUMP\x0f\x00\x00\x00"))}, []string{"32-bit kernel memory dump", "WinDbg"}},
		{"an old user dump", []string{"trace", file("user.dmp", []byte("USERDUMPxxxx"))}, []string{"Windows 2000", ".dump /ma"}},
		{"an old 64-bit user dump", []string{"trace", file("user64.dmp", []byte("USERDU64xxxx"))}, []string{"Windows 2000", ".dump /ma"}},
		{"zeros", []string{"analyze", file("zeros.dmp", make([]byte, 4096))}, []string{"begins with zeros"}},
		{"something else", []string{"analyze", file("text.dmp", []byte("hello, world"))}, []string{"not a minidump", "MDMP"}},
		{"a cut header", []string{"analyze", file("cut.dmp", dump[:20])}, []string{"cut.dmp", "ends inside", "get a whole copy"}},
		{"a cut directory", []string{"analyze", file("cut2.dmp", dump[:32])}, []string{"directory", "get a whole copy"}},
		{"no trace", []string{"analyze", file("plain.dmp", dump)}, []string{"plain.dmp", "no handle trace", "appverif.exe -enable Handles", "!htrace -enable", ".dump /ma", "procdump -ma", "-disable"}},
		{"no trace on Linux", []string{"trace", file("linux.dmp", linux.Bytes())}, []string{"no handle trace", "Linux"}},
		{"no file", []string{"analyze"}, []string{"analyze needs a FILE: a minidump or the text of !htrace, or - for standard input; see handletrace analyze --help"}},
		{"a bad format", []string{"analyze", "--format", "xml", "x"}, []string{"--format", "json", "text"}},
		{"a bad threshold", []string{"analyze", "--fail-on", "sure", "x"}, []string{"--fail-on", "certain"}},
		{"a bad order", []string{"trace", "--order", "up", "x"}, []string{"--order", "newest-first"}},
		{"a bad handle", []string{"trace", "--handle", "xyz", "x"}, []string{"--handle", "0x33c"}},
		{"an unknown command", []string{"analyse", "--format", "json", "x"}, []string{`no command "analyse"`, "did you mean analyze?", "handletrace --help"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			stdout, stderr := commandBoth(t, exitFailed, c.args...)
			if stdout != "" {
				t.Errorf("standard output: %q", stdout)
			}
			for _, w := range c.want {
				if !strings.Contains(stderr, w) {
					t.Errorf("the error does not say %q:\n%s", w, stderr)
				}
			}
		})
	}
}

// One bad file among several does not lose the others' results, and the status
// tells that not all was done.
func TestOneOfSeveralFilesIsBad(t *testing.T) {
	good := labDump(t, "handlelab-x64")
	stdout, stderr := commandBoth(t, exitFailed, "analyze", filepath.Join(t.TempDir(), "none.dmp"), good)
	if !strings.Contains(stdout, "stolen-close") || !strings.Contains(stderr, "none.dmp") {
		t.Errorf("stdout:\n%s\nstderr:\n%s", stdout, stderr)
	}
}

func TestStandardInput(t *testing.T) {
	dump, err := os.ReadFile(labDump(t, "handlelab-x64"))
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if status := run(context.Background(), []string{"analyze", "-"}, bytes.NewReader(dump), &out, &errs); status != exitFound {
		t.Fatalf("exit status %d: %s", status, errs.String())
	}
	if !strings.Contains(out.String(), "stolen-close (certain)") {
		t.Errorf("output:\n%s", out.String())
	}
}

func TestFailOn(t *testing.T) {
	name := labDump(t, "handlelab-x64")
	command(t, exitClean, "analyze", "--fail-on", "never", name)
	command(t, exitFound, "analyze", "--fail-on", "certain", name)
	// The leak is likely, not certain.
	command(t, exitClean, "analyze", "--fail-on", "certain", "--handle", "0xf0", name)
	command(t, exitFound, "analyze", "--fail-on", "likely", "--handle", "0xf0", name)
}
