// Command cigate goes through a folder of dumps, as a test run leaves them
// behind, and fails with a readable report if one shows the misuse of a handle
// that the baseline does not know yet.
//
//	go run ./examples/cigate FOLDER [BASELINE]
//
// A baseline holds the identity of one known finding in each line; what stands
// behind it is a comment.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/symbols"
)

func main() {
	if len(os.Args) < 2 || len(os.Args) > 3 {
		log.Fatal("usage: cigate FOLDER [BASELINE]")
	}
	known, err := readBaseline(os.Args[2:])
	if err != nil {
		log.Fatal(err)
	}
	unknown, err := gate(os.Stdout, os.Args[1], known)
	if err != nil {
		log.Fatal(err)
	}
	if unknown > 0 {
		os.Exit(1)
	}
}

func readBaseline(names []string) (map[string]bool, error) {
	known := make(map[string]bool)
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			if id, _, _ := strings.Cut(lines.Text(), " "); id != "" {
				known[id] = true
			}
		}
		if err := lines.Err(); err != nil {
			return nil, err
		}
	}
	return known, nil
}

// gate reports on every dump in a folder, and returns how many findings are
// likely at least and not known.
func gate(w io.Writer, folder string, known map[string]bool) (unknown int, err error) {
	err = filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || filepath.Ext(name) != ".dmp" {
			return err
		}
		findings, err := analyze(name)
		if errors.Is(err, minidump.ErrNoStream) {
			fmt.Fprintf(w, "%s: no handle trace\n", name)
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		for _, f := range findings {
			if f.Confidence < htrace.Likely || known[f.ID] {
				continue
			}
			unknown++
			fmt.Fprintf(w, "%s: %s (%v)\n  %s\n  baseline: %s %s in %v\n", name, f.Rule, f.Confidence, f.Message, f.ID, f.Rule, f.Where)
		}
		return nil
	})
	return unknown, err
}

func analyze(name string) ([]htrace.Finding, error) {
	dump, err := minidump.Open(name)
	if err != nil {
		return nil, err
	}
	defer dump.Close()
	trace, err := htrace.FromDump(dump, htrace.Options{})
	if err != nil {
		return nil, err
	}
	code, err := symbols.New(symbols.FromDump(dump), symbols.Options{})
	if err != nil {
		return nil, err
	}
	defer code.Close()
	return htrace.Analyze(trace, htrace.AnalyzeOptions{Code: code, Dump: dump}), nil
}
