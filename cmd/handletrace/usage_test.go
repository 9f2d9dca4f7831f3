package main

import (
	"strings"
	"testing"
)

// A command line that is wrong ends with status 2 and one sentence that says
// what to try, in the same words wherever it is wrong.
func TestWrongCommandLines(t *testing.T) {
	for line, want := range map[string]string{
		"nosuch":                        `there is no command "nosuch"; handletrace --help lists`,
		"analyse --format json x":       `there is no command "analyse"; did you mean analyze? handletrace --help`,
		"symbols foo":                   `there is no command "symbols foo"; handletrace symbols --help`,
		"symbols lst --json":            `there is no command "symbols lst"; did you mean list?`,
		"completion nosuch":             `there is no command "completion nosuch"`,
		"completion bash x":             `completion bash takes no arguments, and "x" is one`,
		"help nosuch":                   `there is no command "nosuch"`,
		"help symbols nosuch":           `there is no command "symbols nosuch"`,
		"help trace nosuch":             `there is no command "trace nosuch"`,
		"man trace nosuch":              `there is no command "trace nosuch"`,
		"analyze":                       "analyze needs a FILE: a minidump or the text of !htrace",
		"trace":                         "trace needs a FILE: a minidump or the text of !htrace",
		"trace a b":                     `trace takes no more than 1 argument, and "b" is one more`,
		"info":                          "info needs a FILE: a minidump, or - for standard input; see handletrace info --help",
		"diff a":                        "diff needs two files, OLD and NEW",
		"symbols list":                  "symbols list needs a DUMP",
		"symbols fetch":                 "symbols fetch needs a DUMP",
		"symbolize":                     "symbolize needs a DUMP and addresses",
		"analyze --foo x":               `there is no flag "--foo" here; handletrace analyze --help lists`,
		"analyze -qx x":                 `there is no flag "-x" here`,
		"analyze x --format":            "--format needs a value: FORM of the report",
		"analyze x -o":                  "--output needs a value",
		"trace --last x y":              `--last "x": it takes a whole number, as in 20`,
		"trace --last 1 --first 1 x":    "--first and --last contradict each other",
		"info -q -v x":                  "--quiet and --verbose contradict each other",
		"analyze --symbols-time soon x": `--symbols-time "soon": it takes a time, as in 30s or 5m`,
		"info --json=7 x":               `--json "7": it takes true or false`,
	} {
		t.Run(line, func(t *testing.T) {
			stdout, stderr := commandBoth(t, exitFailed, strings.Fields(line)...)
			expect(t, stderr, "handletrace: "+want)
			if stdout != "" || strings.Count(stderr, "\n") != 1 {
				t.Errorf("standard output: %q\nstandard error: %q", stdout, stderr)
			}
		})
	}
}

// Help is a result for who asks for it. Where a command is missing it stands
// on standard error, and the exit status says that nothing was done.
func TestHelp(t *testing.T) {
	for _, line := range []string{"", "-v", "symbols", "completion"} {
		stdout, stderr := commandBoth(t, exitFailed, strings.Fields(line)...)
		if expect(t, stderr, "Available Commands:", "handletrace: no command is named"); stdout != "" {
			t.Errorf("%q: standard output: %q", line, stdout)
		}
	}
	for _, line := range []string{"--help", "-h", "help", "help symbols", "symbols --help", "completion --help"} {
		stdout, stderr := commandBoth(t, exitClean, strings.Fields(line)...)
		if expect(t, stdout, "Available Commands:"); stderr != "" {
			t.Errorf("%q: standard error: %q", line, stderr)
		}
	}
	expect(t, command(t, exitClean, "help", "symbols", "fetch"), "--manifest", "-h, --help")
}
