package report_test

import (
	"log"
	"os"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/report"
)

// The report of a trace that a program made itself, without a dump, with the
// story of one handle.
func Example() {
	trace := htrace.New([]htrace.Operation{
		{Handle: 0x10, Kind: htrace.KindOpen, ThreadID: 7, Stack: []uint64{0x401000}},
		{Handle: 0x10, Kind: htrace.KindClose, ThreadID: 7, Stack: []uint64{0x401100}},
		{Handle: 0x10, Kind: htrace.KindOpen, ThreadID: 8, Stack: []uint64{0x402000}},
	}, htrace.Options{Order: htrace.OldestFirst})
	analysis := htrace.NewAnalysis(trace, htrace.AnalyzeOptions{})
	in := report.Input{
		Path:     "my trace",
		Kind:     report.Transcript,
		Trace:    trace,
		Findings: analysis.Findings(),
		Story:    report.NewStory(analysis, 0x10),
	}
	if err := report.WriteText(os.Stdout, []report.Input{in}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// my trace: transcript, 3 handle operations (2 opens, 1 close, 0 bad references), stored oldest first
	//
	// No misuse of handle 0x10 was found in this trace.
	//
	// The story of handle 0x10: 2 objects had this value, one after the other
	//
	//    1. opened: #0 by thread 0x7 in 0x401000
	//       closed: #1 by thread 0x7 in 0x401100
	//
	//    2. opened: #2 by thread 0x8 in 0x402000
	//       no close is recorded
	//
	//    At the end the newest object held the value, as far as the trace tells.
	//
	//    The newest open: #2 open of 0x10 by thread 0x8
	//       0x402000
}
