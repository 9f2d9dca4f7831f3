// Command walk goes through the threads and the memory of a dump: where each
// thread stands, what its stack pointer points at, and how much memory of
// which protection the dump holds.
package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"slices"

	"github.com/handletrace/handletrace/minidump"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: walk DUMP")
	}
	if err := run(os.Stdout, os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func run(w io.Writer, name string) error {
	f, err := minidump.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	memory, err := f.Memory()
	if err != nil {
		return err
	}
	if err := threads(w, f, memory); err != nil {
		return err
	}
	return protections(w, f, memory)
}

func threads(w io.Writer, f *minidump.File, memory *minidump.Memory) error {
	list, err := f.Threads()
	if err != nil {
		return err
	}
	for i := range list {
		t := &list[i]
		context, err := f.ThreadContext(t)
		if err != nil {
			fmt.Fprintf(w, "thread %d: %v\n", t.ThreadID, err)
			continue
		}
		fmt.Fprintf(w, "thread %d at %#x, stack pointer %#x", t.ThreadID, context.IP(), context.SP())
		if top, err := memory.Pointer(context.SP()); err == nil {
			fmt.Fprintf(w, " -> %#x", top)
		}
		fmt.Fprintln(w)
	}
	return nil
}

// protections sums the committed memory up by its protection, and how much of
// it the dump holds.
func protections(w io.Writer, f *minidump.File, memory *minidump.Memory) error {
	regions, err := f.MemoryInfoList()
	if errors.Is(err, minidump.ErrNoStream) {
		fmt.Fprintln(w, "the dump does not tell how memory was protected")
		return nil
	}
	if err != nil {
		return err
	}
	committed := make(map[minidump.Protection]uint64)
	for _, r := range regions {
		if r.State == minidump.MemCommit {
			committed[r.Protect] += r.RegionSize
		}
	}
	held := make(map[minidump.Protection]uint64)
	for r := range memory.Ranges() {
		if info, err := f.MemoryInfo(r.Start); err == nil {
			held[info.Protect] += r.Size
		}
	}
	for _, p := range slices.Sorted(maps.Keys(committed)) {
		fmt.Fprintf(w, "%v: %d bytes committed, %d in the dump\n", p, committed[p], held[p])
	}
	return nil
}
