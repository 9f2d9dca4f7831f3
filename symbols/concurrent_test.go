package symbols_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/symbols"
)

// One open dump, its memory and one resolver over it serve many goroutines from
// the start, while everything is still to be decoded and opened. They all get
// the same answers.
func TestConcurrentDumpAndResolver(t *testing.T) {
	dump, err := minidump.Open(story)
	if err != nil {
		t.Fatal(err)
	}
	defer dump.Close()
	code, err := symbols.New(symbols.FromDump(dump), symbols.Options{Directories: []string{labPDBs}})
	if err != nil {
		t.Fatal(err)
	}
	defer code.Close()
	answers := make([][]string, 8)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = askAll(t, dump, code) })
	}
	all.Wait()
	for i, a := range answers {
		if len(a) < 100 || !slices.Equal(a, answers[0]) {
			t.Errorf("goroutine %d has %d answers, other than the %d of the first", i, len(a), len(answers[0]))
		}
	}
}

// askAll reads streams and memory and names the stacks of the trace.
func askAll(t *testing.T, dump *minidump.File, code *symbols.Resolver) []string {
	operations, err := dump.HandleOperationList()
	if err != nil {
		t.Error(err)
		return nil
	}
	memory, err := dump.Memory()
	if err != nil {
		t.Error(err)
		return nil
	}
	var answers []string
	for i, operation := range operations.All() {
		for _, address := range operation.ReturnAddresses {
			var instruction [8]byte
			n, err := memory.Read(address, instruction[:])
			answers = append(answers, fmt.Sprint(i, code.Frames(address), code.IsSystem(address), instruction[:n], err))
		}
	}
	for m := range code.Modules() {
		answers = append(answers, m.Module.Name())
	}
	return answers
}
