package html_test

import (
	"bytes"
	"fmt"
	"log"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/report"
	"github.com/handletrace/handletrace/report/html"
)

// A page about a trace. What is written here into memory is a file for any
// browser.
func Example() {
	trace := htrace.New([]htrace.Operation{
		{Handle: 0x10, Kind: htrace.KindOpen, ThreadID: 7, Stack: []uint64{0x401000}},
		{Handle: 0x10, Kind: htrace.KindClose, ThreadID: 7, Stack: []uint64{0x401100}},
		{Handle: 0x10, Kind: htrace.KindBadReference, ThreadID: 8, Stack: []uint64{0x402000}},
	}, htrace.Options{Order: htrace.OldestFirst})
	findings := htrace.Analyze(trace, htrace.AnalyzeOptions{})
	var page bytes.Buffer
	if err := html.Write(&page, []report.Input{{Path: "app.dmp", Trace: trace, Findings: findings}}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(findings[0].Rule, bytes.Contains(page.Bytes(), []byte(findings[0].ID)))
	// Output:
	// use-after-close true
}
