// Command poolthreads adds a detector of one's own: objects that the threads of
// a pool opened (their names begin with PREFIX) and another thread closed.
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/minidump"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: poolthreads PREFIX DUMP")
	}
	if err := run(os.Stdout, os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func run(w io.Writer, prefix, name string) error {
	dump, err := minidump.Open(name)
	if err != nil {
		return err
	}
	defer dump.Close()
	trace, err := htrace.FromDump(dump, htrace.Options{})
	if err != nil {
		return err
	}
	detectors := append(htrace.Detectors(), detector{prefix})
	for _, f := range htrace.Analyze(trace, htrace.AnalyzeOptions{Detectors: detectors, Dump: dump}) {
		fmt.Fprintf(w, "%s, operation %d: %s\n", f.Rule, f.Culprit.Index, f.Message)
	}
	return nil
}

type detector struct{ prefix string }

func (detector) Rule() htrace.Rule { return "closed-outside-pool" }

func (d detector) Detect(a *htrace.Analysis) (list []htrace.Finding) {
	names, _ := a.Dump().ThreadNames() // where there are none, no thread is the pool's
	inPool := make(map[uint32]bool)
	for _, n := range names {
		inPool[n.ThreadID] = strings.HasPrefix(n.Name, d.prefix)
	}
	for l := range a.Lifetimes() {
		if l.Open != nil && l.Close != nil && inPool[l.Open.ThreadID] && !inPool[l.Close.ThreadID] {
			text := fmt.Sprintf("thread %d closed what thread %d of the pool opened", l.Close.ThreadID, l.Open.ThreadID)
			list = append(list, a.NewFinding("", htrace.Possible, l.Close, text))
		}
	}
	return list
}
