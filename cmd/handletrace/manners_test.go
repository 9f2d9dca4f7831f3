package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// visible returns the root and all commands below it that users see.
func visible(cmd *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{cmd}
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			list = append(list, visible(c)...)
		}
	}
	return list
}

// Each command that takes arguments has examples in its help, which name a
// command that there is, with flags that there are.
func TestExamples(t *testing.T) {
	for _, c := range visible(newRoot(new(globals))) {
		if c.HasSubCommands() && c.HasParent() {
			continue
		}
		if c.Example == "" {
			t.Errorf("%s has no examples", c.CommandPath())
		}
		for line := range strings.Lines(c.Example) {
			words := strings.Fields(line)
			if len(words) == 0 || words[0] != "handletrace" {
				t.Errorf("%s: the example %q does not begin with the program", c.CommandPath(), line)
				continue
			}
			found, rest, err := newRoot(new(globals)).Find(words[1:])
			if err != nil {
				t.Errorf("%q: %v", line, err)
				continue
			}
			for _, w := range rest {
				name, _, _ := strings.Cut(strings.TrimPrefix(w, "--"), "=")
				if strings.HasPrefix(w, "--") && found.Flag(name) == nil {
					t.Errorf("%q: there is no flag %s", line, w)
				}
			}
		}
	}
}

// There is a manual page of each command, with all its flags, in which nothing
// of the text is taken for a macro.
func TestManPages(t *testing.T) {
	macros := map[string]bool{"TH": true, "SH": true, "PP": true, "TP": true, "nf": true, "fi": true}
	for _, c := range visible(newRoot(new(globals))) {
		words := strings.Fields(c.CommandPath())[1:]
		page := command(t, exitClean, append([]string{"man"}, words...)...)
		if !strings.HasPrefix(page, `.TH "`+strings.ToUpper(strings.Join(append([]string{"handletrace"}, words...), `\-`))) {
			t.Errorf("%s begins %q", c.CommandPath(), page[:min(len(page), 60)])
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden && !strings.Contains(page, strings.ReplaceAll("--"+f.Name, "-", `\-`)) {
				t.Errorf("%s: --%s is not on the page", c.CommandPath(), f.Name)
			}
		})
		for line := range strings.Lines(page) {
			if name, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "."), " "); strings.HasPrefix(line, ".") && !macros[name] {
				t.Errorf("%s: %q is no macro", c.CommandPath(), line)
			}
		}
	}
}

func TestCompletion(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if out := command(t, exitClean, "completion", shell); !strings.Contains(out, "handletrace") {
			t.Errorf("%s: %d bytes", shell, len(out))
		}
	}
	file := filepath.Join(t.TempDir(), "completion")
	command(t, exitClean, "completion", "bash", "--output", file)
	if info, err := os.Stat(file); err != nil || info.Size() == 0 {
		t.Errorf("--output: %v (%v)", info, err)
	}
	expect(t, command(t, exitClean, cobra.ShellCompRequestCmd, "analyze", "--fail-on", ""), "certain")
	expect(t, command(t, exitClean, cobra.ShellCompRequestCmd, "trace", "--format", ""), "jsonl")
}

func TestVersion(t *testing.T) {
	expect(t, command(t, exitClean, "--version"), "handletrace version ", "go1.")
	for want, info := range map[string]*debug.BuildInfo{
		"v1.2.3":            {Main: debug.Module{Version: "v1.2.3"}},
		"(devel)":           {Main: debug.Module{Version: "(devel)"}},
		"(devel) 012345678": {Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "012345678"}}},
		"(devel) 0123456789ab with changes": {Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "true"}}},
	} {
		if got := describeBuild(info); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// --output takes what would go to standard output. A command that fails leaves
// an older file as it was.
func TestOutput(t *testing.T) {
	name := labDump(t, "handlelab-x64")
	file := filepath.Join(t.TempDir(), "report.txt")
	want := command(t, exitFound, "analyze", name)
	if out := command(t, exitFound, "analyze", "--output", file, name); out != "" {
		t.Errorf("standard output: %q", out)
	}
	commandBoth(t, exitFailed, "analyze", "-o", file, name+".none")
	got, err := os.ReadFile(file)
	if err != nil || string(got) != want {
		t.Errorf("the file has %d bytes, want %d (%v)", len(got), len(want), err)
	}
	command(t, exitClean, "trace", "--thread", "1", "--format", "jsonl", "-o", file, name)
	if got, err := os.ReadFile(file); err != nil || len(got) != 0 {
		t.Errorf("the file has %q (%v)", got, err)
	}
}

// What is done is said on request, and on standard error.
func TestVerbose(t *testing.T) {
	name := labDump(t, "handlelab-x64")
	out, errs := commandBoth(t, exitFound, "analyze", "--verbose", name)
	expect(t, errs, "operations=539", "module=broker.dll")
	if out != command(t, exitFound, "analyze", name) {
		t.Error("--verbose changes the report")
	}
}

// Symbols that are of no use are told of once: folders on standard error, PDBs
// of another build in the report.
func TestUselessSymbols(t *testing.T) {
	name := labDump(t, "handlelab-x64")
	_, errs := commandBoth(t, exitFound, "analyze", "--symbols", filepath.Join(lab, "none")+";"+name, name)
	expect(t, errs, "there is no folder", "is not a folder")
	if _, errs := commandBoth(t, exitFound, "analyze", "-q", "--symbols", filepath.Join(lab, "none"), name); errs != "" {
		t.Errorf("--quiet: %q", errs)
	}
	folder := t.TempDir()
	for _, c := range []struct {
		change func([]byte) []byte
		want   string
	}{
		{func(b []byte) []byte { return b[:len(b)/2] }, "warning: names of broker.dll:"},
		{nil, "no matching PDB"},
	} {
		from := filepath.Join(lab, "x64", "broker.pdb")
		if c.change == nil {
			from = filepath.Join(lab, "x86", "broker.pdb")
		}
		content, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if c.change != nil {
			content = c.change(content)
		}
		if err := os.WriteFile(filepath.Join(folder, "broker.pdb"), content, 0o600); err != nil {
			t.Fatal(err)
		}
		out := command(t, exitFound, "analyze", "--symbols", folder, name)
		expect(t, out, c.want)
		if n := strings.Count(out, "names of broker.dll"); n != 1 {
			t.Errorf("%d warnings about one module:\n%s", n, out)
		}
	}
	expect(t, command(t, exitFound, "analyze", name), "note: names of 6 of the program's 6 modules")
	if out := command(t, exitFound, "analyze", "--symbols", filepath.Join(lab, "x64"), name); strings.Contains(out, "note:") {
		t.Errorf("a note where all names are known:\n%s", out)
	}
}

func TestColors(t *testing.T) {
	env := func(pairs ...string) func(string) string {
		return func(name string) string {
			for i := 0; i < len(pairs); i += 2 {
				if pairs[i] == name {
					return pairs[i+1]
				}
			}
			return ""
		}
	}
	if !hasColors(env("TERM", "xterm")) || hasColors(env("TERM", "xterm", "NO_COLOR", "1")) {
		t.Error("NO_COLOR is not what decides")
	}
	if isTerminal(new(bytes.Buffer)) {
		t.Error("a buffer is no terminal")
	}
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	if isTerminal(null) {
		t.Error("the null device is no terminal")
	}
}

// The line of progress tells name, bytes and time, and a hostile name does
// nothing to the terminal.
func TestProgressLine(t *testing.T) {
	p := newProgress(new(bytes.Buffer))
	p.ticking = true // no line by itself
	task := p.begin("a\x1b[2J.log")
	task.total(500e6)
	n, err := task.reader(bytes.NewReader(make([]byte, 120e6))).Read(make([]byte, 120e6))
	if n != 120e6 || err != nil {
		t.Fatal(n, err)
	}
	p.begin("other")
	if got, want := p.line(3*time.Second), `handletrace: a\x1b[2J.log, 120.0 of 500.0 MB read, 3 s, 1 more at work`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	task.end()
	if len(p.tasks) != 1 {
		t.Errorf("%d tasks", len(p.tasks))
	}
	var none *progress
	none.begin("x").end()
	none.pause()()
	if err := none.aside(func() error { return context.Canceled }); err != context.Canceled {
		t.Error(err)
	}
}
