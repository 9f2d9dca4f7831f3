package main

import (
	"os"
	"path/filepath"
	"testing"
)

// No flag for a result overwrites what is read, nor the other result.
func TestOutputsOverwriteNothing(t *testing.T) {
	dump, err := os.ReadFile(labDump(t, "handlelab-x64"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	name, known, fresh := filepath.Join(dir, "x.dmp"), filepath.Join(dir, "known.json"), filepath.Join(dir, "new.json")
	if err := os.WriteFile(name, dump, 0o666); err != nil {
		t.Fatal(err)
	}
	command(t, exitClean, "analyze", "--write-baseline", known, name)
	accepted, err := os.ReadFile(known)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--write-baseline", name, name}, "--write-baseline " + name + " would overwrite"},
		{[]string{"--write-baseline", name, filepath.Join(dir, "*.dmp")}, "would overwrite"},
		{[]string{"--output", name, filepath.Join(dir, "*.dmp")}, "would overwrite"},
		{[]string{"--baseline", known, "--output", known, name}, "would overwrite"},
		{[]string{"--write-baseline", known, "--output", known, name}, "give each a file of its own"},
		{[]string{"--write-baseline", fresh, "--output", filepath.Join(dir, ".", "new.json"), name}, "give each a file of its own"},
		{[]string{"--write-baseline", dir, name}, "is a directory"},
		{[]string{"--write-baseline", filepath.Join(dir, "no", "x"), name}, "make the folder first"},
		{[]string{"--write-baseline", "-", name}, "name a file"},
	} {
		_, stderr := commandBoth(t, exitFailed, append([]string{"analyze"}, c.args...)...)
		expect(t, stderr, c.want)
	}
	for file, want := range map[string][]byte{name: dump, known: accepted} {
		if got, err := os.ReadFile(file); err != nil || string(got) != string(want) {
			t.Errorf("%s was changed (%v)", file, err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

// As for FILE, - is the standard stream.
func TestOutputToStandardOutput(t *testing.T) {
	name, err := filepath.Abs(labDump(t, "handlelab-x64"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if got, want := command(t, exitFound, "analyze", "-o", "-", name), command(t, exitFound, "analyze", name); got != want {
		t.Errorf("standard output holds %q", got)
	}
	if _, err := os.Stat("-"); err == nil {
		t.Error("a file - was made")
	}
}

// An empty word, as of an unset variable, is not taken for none.
func TestEmptyFlags(t *testing.T) {
	name := labDump(t, "handlelab-x64")
	for _, args := range [][]string{
		{"analyze", "-o", "", name},
		{"analyze", "--handle", "", name},
		{"analyze", "--write-baseline", "", name},
		{"trace", "--thread", "", name},
		{"symbolize", "--module", "", "0x1000"},
	} {
		_, stderr := commandBoth(t, exitFailed, args...)
		expect(t, stderr, "is empty: give it a value")
	}
}

// What contradicts itself or says nothing is refused, with what to try.
func TestFlagsThatSayNothing(t *testing.T) {
	name := labDump(t, "handlelab-x64")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--symbols-time", "-1s"}, "give a time from 0 on"},
		{[]string{"--map-path", "nowhere"}, "give a Windows path and a folder"},
		{[]string{"--map-path", "=/mnt"}, "give a Windows path and a folder"},
		{[]string{"--disable", "leak", "--grade", "leak=certain"}, "contradict each other"},
	} {
		_, stderr := commandBoth(t, exitFailed, append([]string{"analyze", name}, c.args...)...)
		expect(t, stderr, c.want)
	}
}
