// Check holds a dump of the lab against what the lab says is true of it, and
// against itself: it replays the handle operations, looks for them in the
// truth and in the handle table, and looks at each frame of each stack.
//
//	go run ./testdata/handlelab/check [-forbid LIST] DUMP TRUTH [FILE]...
//
// It shares no code with handletrace, whose tests these files are.
package main

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"unicode/utf16"
)

var failures int

func failf(format string, args ...any) {
	failures++
	fmt.Printf("FAIL: "+format+"\n", args...)
}

func main() {
	list := flag.String("forbid", "", "`file` of strings, each ended by a zero byte, that must be in no file")
	flag.Parse()
	if flag.NArg() < 2 {
		fmt.Fprintln(os.Stderr, "usage: check [-forbid LIST] DUMP TRUTH [FILE]...")
		os.Exit(2)
	}
	data, err := os.ReadFile(flag.Arg(0))
	if err != nil {
		fmt.Fprintln(os.Stderr, "check:", err)
		os.Exit(2)
	}
	truth, err := readTruth(flag.Arg(1))
	if err != nil {
		fmt.Fprintln(os.Stderr, "check:", err)
		os.Exit(2)
	}
	d := parseDump(data)
	checkOperations(d, truth)
	checkTable(d, truth)
	checkIncidents(truth)
	checkStacks(d, truth)
	checkThreads(d)
	if *list != "" {
		checkForbidden(*list, flag.Args())
	}
	fmt.Printf("%s: %d operations, %d handles, %d modules, %d threads, %d incidents, %d failures\n",
		flag.Arg(0), len(d.operations), len(d.handles), len(d.modules), len(d.threads),
		len(truth.incidents), failures)
	if failures > 0 {
		os.Exit(1)
	}
}

// checkOperations: stream 18 is the truth's operations, newest first.
func checkOperations(d *dump, t *truth) {
	if len(d.operations) != len(t.operations) {
		failf("%d operations in the dump, %d in the truth", len(d.operations), len(t.operations))
		return
	}
	for i, want := range t.operations {
		if want.index != len(t.operations)-1-i {
			failf("operation %d has index %d", i, want.index)
			continue
		}
		got := d.operations[want.index]
		if got.handle != want.handle || got.thread != want.thread || got.kind != want.kind {
			failf("operation #%d: %+v in the dump, %+v in the truth", want.index, got, want)
		}
	}
}

// checkTable: what was open before, with the operations applied, is what the
// dump's handle table holds.
func checkTable(d *dump, t *truth) {
	open := map[uint64]bool{}
	for _, h := range t.before {
		open[h] = true
	}
	for _, o := range t.operations {
		if open[o.handle] != (o.kind == closeOp) {
			failf("operation #%d: %s of 0x%x cannot be", o.index, o.op, o.handle)
		}
		switch o.kind {
		case openOp:
			open[o.handle] = true
		case closeOp:
			delete(open, o.handle)
		}
	}
	for _, h := range d.handles {
		if !open[h.value] {
			failf("handle 0x%x is in the table, but was closed", h.value)
		}
		if h.typeName == "" {
			failf("handle 0x%x has no type", h.value)
		}
		delete(open, h.value)
	}
	for h := range open {
		failf("handle 0x%x is open, but not in the table", h)
	}
}

func checkThreads(d *dump) {
	for _, t := range d.threads {
		if t.contextSize == 0 {
			failf("thread 0x%x has no context", t.id)
		}
	}
}

// checkForbidden: nothing in the files tells of the machine that made them,
// in ASCII or UTF-16. The strings may be secrets, so they are not shown.
func checkForbidden(list string, files []string) {
	forbidden, err := os.ReadFile(list)
	if err != nil {
		failf("%v", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			failf("%v", err)
		}
		for i, s := range bytes.Split(forbidden, []byte{0}) {
			if len(s) > 0 && (bytes.Contains(data, s) || bytes.Contains(data, wide(s))) {
				failf("string %d of %s is in %s", i+1, list, name)
			}
		}
	}
}

func wide(s []byte) []byte {
	var w []byte
	for _, u := range utf16.Encode([]rune(string(s))) {
		w = binary.LittleEndian.AppendUint16(w, u)
	}
	return w
}
