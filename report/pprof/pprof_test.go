package pprof

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/report"
	"github.com/handletrace/handletrace/symbols"
)

func TestWrite(t *testing.T) {
	dump, err := minidump.Open("../../testdata/handlelab/handlelab-x64.dmp")
	if err != nil {
		t.Fatal(err)
	}
	defer dump.Close()
	trace, err := htrace.FromDump(dump, htrace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	code, err := symbols.New(symbols.FromDump(dump), symbols.Options{Directories: []string{"../../testdata/handlelab/x64"}})
	if err != nil {
		t.Fatal(err)
	}
	defer code.Close()
	in := report.Input{Path: "lab.dmp", Trace: trace, Code: code, Findings: htrace.Analyze(trace, htrace.AnalyzeOptions{Code: code})}
	var b bytes.Buffer
	if err := Write(&b, []report.Input{in, {Path: "other.dmp", Err: errors.New("no trace")}}); err != nil {
		t.Fatal(err)
	}
	p, err := profile.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	var open, leaked int64
	found := false
	for _, s := range p.Sample {
		open += s.Value[openHandles]
		leaked += s.Value[leakedHandles]
		for _, l := range s.Location {
			for _, line := range l.Line {
				if line.Function.Name == "settings!OpenSettings" && line.Line > 0 && s.Value[leakedHandles] == 24 {
					found = true
				}
			}
		}
	}
	if leaked != 24 || open < leaked || !found {
		t.Errorf("%d handles are open and %d leaked, want 24 by settings!OpenSettings (found: %v)", open, leaked, found)
	}
	if len(p.Comments) != 1 {
		t.Errorf("comments %q, want one about the file that failed", p.Comments)
	}
}
