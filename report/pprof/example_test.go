package pprof_test

import (
	"bytes"
	"fmt"
	"log"

	"github.com/google/pprof/profile"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/report"
	"github.com/handletrace/handletrace/report/pprof"
)

// The handles that a program left open, as a profile. What is written here into
// memory is a file for go tool pprof.
func Example() {
	trace := htrace.New([]htrace.Operation{
		{Handle: 0x10, Kind: htrace.KindOpen, Stack: []uint64{0x401000, 0x400100}},
		{Handle: 0x14, Kind: htrace.KindOpen, Stack: []uint64{0x401000, 0x400100}},
		{Handle: 0x18, Kind: htrace.KindOpen, Stack: []uint64{0x402000}},
		{Handle: 0x18, Kind: htrace.KindClose, Stack: []uint64{0x402100}},
	}, htrace.Options{Order: htrace.OldestFirst})
	var file bytes.Buffer
	if err := pprof.Write(&file, []report.Input{{Path: "app.dmp", Trace: trace}}); err != nil {
		log.Fatal(err)
	}
	p, err := profile.Parse(&file)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range p.Sample {
		fmt.Println(s.Value[0], "open, opened at")
		for _, l := range s.Location {
			fmt.Println(" ", l.Line[0].Function.Name)
		}
	}
	// Output:
	// 2 open, opened at
	//   0x401000
	//   0x400100
}
