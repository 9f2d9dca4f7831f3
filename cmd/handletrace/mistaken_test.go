package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// What this program wrote is told by its form, with what to give instead.
func TestOwnOutputAsInput(t *testing.T) {
	dump := labDump(t, "handlelab-x64")
	base := filepath.Join(t.TempDir(), "base.json")
	command(t, exitClean, "analyze", "--write-baseline", base, dump)
	baseline, err := os.ReadFile(base)
	if err != nil {
		t.Fatal(err)
	}
	for want, text := range map[string]string{
		"these are the JSON lines of handletrace trace": command(t, exitClean, "trace", "--format", "jsonl", "--last", "3", dump),
		"this is a JSON report of handletrace:":         command(t, exitFound, "analyze", "--format", "json", dump),
		"this is a JSON report of handletrace diff":     command(t, exitClean, "diff", "--format", "json", dump, dump),
		"these are the facts of handletrace info":       command(t, exitClean, "info", "--json", dump),
		"this is a baseline: give it with --baseline":   string(baseline),
	} {
		for _, content := range [][]byte{[]byte(text), utf16le(text)} {
			_, stderr := commandBoth(t, exitFailed, "analyze", written(t, "x.json", content))
			expect(t, stderr, want)
		}
	}
}

// A file that was meant for another flag or command is told by what it is.
func TestMistakenFiles(t *testing.T) {
	dump := labDump(t, "handlelab-x64")
	_, stderr := commandBoth(t, exitFailed, "symbolize", "--module", dump, "1000")
	expect(t, stderr, "is a minidump: leave --module out")
	_, stderr = commandBoth(t, exitFailed, "symbolize", "--module", written(t, "x.pd_", []byte("MSCF\x00\x00\x00\x00")), "1000")
	expect(t, stderr, "is a cabinet", "expand.exe", "cabextract")
	_, stderr = commandBoth(t, exitFailed, "analyze", "--baseline", written(t, "b.json", []byte("\n")), dump)
	expect(t, stderr, "b.json is empty: make one with --write-baseline")
	if runtime.GOOS == "linux" {
		_, stderr = commandBoth(t, exitFailed, "analyze", "--baseline", os.DevNull, dump)
		expect(t, stderr, "is empty")
		_, stderr = commandBoth(t, exitFailed, "analyze", "--baseline", "/dev/zero", dump)
		expect(t, stderr, "/dev/zero has more than 256 MiB")
	}
}

// Numbers are hexadecimal, as !htrace prints them, and decimal after 0n.
func TestDecimalNumbers(t *testing.T) {
	dump := labDump(t, "handlelab-x64")
	for _, pair := range [][2]string{{"--handle=cc", "--handle=0n204"}, {"--thread=0x110", "--thread=0N272"}, {"--process=20", "--process=0n32"}} {
		want := command(t, exitClean, "trace", pair[0], dump)
		if got := command(t, exitClean, "trace", pair[1], dump); got != want || strings.Count(got, "Handle = ") == 0 {
			t.Errorf("%s is not %s", pair[1], pair[0])
		}
	}
	for _, word := range []string{"0nff", "0n", "0n0x10", "xyz", ""} {
		commandBoth(t, exitFailed, "trace", "--thread="+word, dump)
	}
	expect(t, command(t, exitClean, "symbolize", dump, "0n5368713216"), "0x140001000: handlelab+0x1000")
	expect(t, command(t, exitClean, "trace", "--help"), "as !htrace prints it: 1a4 or 0x1a4; 0n420 is decimal")
}
