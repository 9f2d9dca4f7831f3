package htrace_test

import (
	"fmt"
	"log"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/symbols"
)

func Example() {
	dump, err := minidump.Open("../testdata/handlelab/handlelab-x64.dmp")
	if err != nil {
		log.Fatal(err)
	}
	defer dump.Close()
	trace, err := htrace.FromDump(dump, htrace.Options{})
	if err != nil {
		log.Fatal(err)
	}
	code, err := symbols.New(symbols.FromDump(dump), symbols.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range htrace.Analyze(trace, htrace.AnalyzeOptions{Code: code}) {
		fmt.Printf("%s (%v): operation %d on handle %#x\n", f.Rule, f.Confidence, f.Culprit.Index, f.Value)
		fmt.Println("  in", f.Where)
	}
	// Output:
	// stolen-close (certain): operation 211 on handle 0xcc
	//   in legacy!LegacyCleanup_CloseEvent+0x30
	// double-close (certain): operation 95 on handle 0xe0
	//   in broker+0x10d0
	// use-after-close (certain): operation 344 on handle 0xb8
	//   in telemetry!Telemetry_Flush+0x31
	// leak (likely): operation 8 on handle 0xf0
	//   in settings+0x10d2
}
