package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/spf13/pflag"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/report"
)

// baselineSchema names the form of a baseline file, which only ever grows.
const baselineSchema = "handletrace-baseline/v1"

// baselineFlags name the baselines that are read and written.
type baselineFlags struct {
	baseline, write string
}

func (b *baselineFlags) add(f *pflag.FlagSet) {
	f.StringVar(&b.baseline, "baseline", "", "a `FILE` of known findings, which are not reported")
	f.StringVar(&b.write, "write-baseline", "", "write what is found to this `FILE`, as the baseline of later runs")
}

// baseline are findings that are known and accepted, by their identity. A nil
// baseline has none and takes none.
type baseline struct {
	known map[string]baselineEntry
}

// baselineFile is the form of the file.
type baselineFile struct {
	Schema   string          `json:"schema"`
	Findings []baselineEntry `json:"findings"`
}

// baselineEntry is a known finding. Its identity is what counts; the rest is
// for whoever reviews the file.
type baselineEntry struct {
	ID    string      `json:"id"`
	Rule  htrace.Rule `json:"rule"`
	Where string      `json:"where,omitempty"`
}

func newBaseline() *baseline { return &baseline{make(map[string]baselineEntry)} }

// read reads the file of --baseline; nil where there is none.
func (b *baselineFlags) read() (*baseline, error) {
	if b.baseline == "" {
		return nil, nil
	}
	text, err := readSmall(b.baseline)
	switch {
	case err != nil:
		return nil, fmt.Errorf("--baseline: %w; --write-baseline makes one", err)
	case len(bytes.TrimSpace(text)) == 0:
		return nil, fmt.Errorf("--baseline %s is empty: make one with --write-baseline, or leave it out", b.baseline)
	}
	var file baselineFile
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("--baseline %s: not a baseline as --write-baseline makes one: %w", b.baseline, err)
	}
	if file.Schema != baselineSchema {
		return nil, fmt.Errorf("--baseline %s: its schema is %q, want %q: make one with --write-baseline", b.baseline, file.Schema, baselineSchema)
	}
	list := newBaseline()
	for _, e := range file.Findings {
		list.known[e.ID] = e
	}
	return list, nil
}

// maxBaseline is how long a baseline may be: some million findings.
const maxBaseline = 256 << 20

// readSmall reads a file, which may be a pipe or a device.
func readSmall(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxBaseline+1))
	if err == nil && len(text) > maxBaseline {
		err = fmt.Errorf("%s has more than %d MiB", name, maxBaseline>>20)
	}
	return text, err
}

// split parts findings into those that are new and those that are known.
func (b *baseline) split(findings []htrace.Finding) (fresh, known []htrace.Finding) {
	if b == nil {
		return findings, nil
	}
	for _, f := range findings {
		if _, ok := b.known[f.ID]; ok {
			known = append(known, f)
		} else {
			fresh = append(fresh, f)
		}
	}
	return fresh, known
}

// add adds the findings of an input, the known ones too.
func (b *baseline) add(in *report.Input) {
	if b == nil {
		return
	}
	for _, f := range slices.Concat(in.Findings, in.Known) {
		where := ""
		if f.Where != (htrace.Frame{}) {
			where = htrace.StablePlace(f.Where)
		}
		b.known[f.ID] = baselineEntry{f.ID, f.Rule, where}
	}
}

// save writes the baseline, in an order that does not change. That of a run in
// which not all was read would lack what was not.
func (b *baseline) save(name string, complete bool) error {
	if !complete {
		return errors.New("--write-baseline: not all files were read, so no baseline is written")
	}
	file := baselineFile{Schema: baselineSchema, Findings: []baselineEntry{}}
	for _, id := range slices.Sorted(maps.Keys(b.known)) {
		file.Findings = append(file.Findings, b.known[id])
	}
	text, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return err
	}
	out := &outputFile{flag: "write-baseline", name: name}
	_, err = out.Write(append(text, '\n'))
	// What could not be written whole leaves an older file as it was.
	return errors.Join(err, out.finish(err))
}
