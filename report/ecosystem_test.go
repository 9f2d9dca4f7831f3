package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/report"
	"github.com/handletrace/handletrace/symbols"
)

// analyzedLab is the lab's dump with the names of its PDBs.
func analyzedLab(t *testing.T) report.Input {
	t.Helper()
	dump, err := minidump.Open("../testdata/handlelab/handlelab-x64.dmp")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dump.Close() })
	trace, err := htrace.FromDump(dump, htrace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	code, err := symbols.New(symbols.FromDump(dump), symbols.Options{Directories: []string{"../testdata/handlelab/x64"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { code.Close() })
	return report.Input{Path: "lab.dmp", Kind: report.Minidump, Trace: trace, Code: code, Findings: htrace.Analyze(trace, htrace.AnalyzeOptions{Code: code})}
}

// sarifFile is what is read back of a SARIF log.
type sarifFile struct {
	Version string
	Runs    []struct {
		Tool struct {
			Driver struct {
				Name  string
				Rules []struct{ ID string }
			}
		}
		Invocations []struct {
			ExecutionSuccessful        bool
			ToolExecutionNotifications []struct{ Level string }
		}
		Results []struct {
			RuleID              string
			RuleIndex           int
			Level               string
			PartialFingerprints map[string]string
			Locations           []sarifPlace
			RelatedLocations    []sarifPlace
			Stacks              []struct{ Frames []any }
		}
	}
}

type sarifPlace struct {
	PhysicalLocation struct {
		ArtifactLocation struct{ URI string }
		Region           struct{ StartLine int }
	}
}

func TestSARIF(t *testing.T) {
	lab := analyzedLab(t)
	failed := report.Input{Path: "other.dmp", Err: errors.New("no trace"), Trace: &htrace.Trace{}}
	var b bytes.Buffer
	if err := (report.SARIFOptions{SourceRoots: []string{`X:\handlelab`}}).Write(&b, []report.Input{lab, failed}); err != nil {
		t.Fatal(err)
	}
	var log sarifFile
	if err := json.Unmarshal(b.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || len(log.Runs) != 1 {
		t.Fatalf("version %q, %d runs", log.Version, len(log.Runs))
	}
	run := log.Runs[0]
	if len(run.Results) != len(lab.Findings) {
		t.Fatalf("%d results of %d findings", len(run.Results), len(lab.Findings))
	}
	for i, r := range run.Results {
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID || r.RuleID != string(lab.Findings[i].Rule) {
			t.Errorf("result %d is of rule %s, number %d", i, r.RuleID, r.RuleIndex)
		}
		if r.PartialFingerprints["handletrace/v1"] != lab.Findings[i].ID || len(r.Stacks) == 0 {
			t.Errorf("result %d: %+v", i, r)
		}
	}
	theft := run.Results[0]
	if at := theft.Locations[0].PhysicalLocation; theft.Level != "error" || at.ArtifactLocation.URI != "src/legacy.c" || at.Region.StartLine != 19 {
		t.Errorf("the theft is %s at %+v, want an error at src/legacy.c:19", theft.Level, at)
	}
	if len(theft.RelatedLocations) != 2 {
		t.Errorf("%d related locations, want the first close and the victim", len(theft.RelatedLocations))
	}
	if v := run.Invocations[0]; v.ExecutionSuccessful || len(v.ToolExecutionNotifications) != 1 {
		t.Errorf("the file that failed is told as %+v", v)
	}
}

func TestJUnit(t *testing.T) {
	var b bytes.Buffer
	if err := report.WriteJUnit(&b, []report.Input{analyzedLab(t), {Path: "other.dmp", Err: errors.New("no trace")}}); err != nil {
		t.Fatal(err)
	}
	var suites struct {
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Suites   []struct {
			Cases []struct {
				Name    string `xml:"name,attr"`
				Failure []struct {
					Type string `xml:"type,attr"`
				} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(b.Bytes(), &suites); err != nil {
		t.Fatal(err)
	}
	if suites.Failures != 4 || suites.Errors != 1 || len(suites.Suites) != 2 {
		t.Errorf("%d failures, %d errors in %d suites; want 4, 1, 2", suites.Failures, suites.Errors, len(suites.Suites))
	}
	if c := suites.Suites[0].Cases[0]; c.Name != "stolen-close" || len(c.Failure) != 1 || c.Failure[0].Type != "certain" {
		t.Errorf("the first case is %+v", c)
	}
}

func TestMarkdown(t *testing.T) {
	var b strings.Builder
	if err := report.WriteMarkdown(&b, []report.Input{analyzedLab(t)}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| certain | <code>stolen-close</code> |", "legacy.c:19", "<details>"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
}

// A comment is never longer than a comment may be, and says what it lacks.
func TestMarkdownLimit(t *testing.T) {
	lab := analyzedLab(t)
	inputs := make([]report.Input, 40)
	for i := range inputs {
		inputs[i] = lab
	}
	var b strings.Builder
	if err := report.WriteMarkdown(&b, inputs); err != nil {
		t.Fatal(err)
	}
	if n := utf8.RuneCountInString(b.String()); n > 65_536 || !strings.Contains(b.String(), "left out") {
		t.Errorf("%d characters, ending with %q", n, b.String()[b.Len()-100:])
	}
}

type actingCode struct{}

const actingName = "</pre><script>alert(1)</script> @admin #1 [x](http://y) `x` | ![z](http://z) ]]> \x00\x1b[31m\u202e"

func (actingCode) Frames(a uint64) []htrace.Frame {
	return []htrace.Frame{{Address: a, Module: actingName, Function: actingName, File: actingName, Line: 1, FunctionStart: a}}
}

func (actingCode) IsSystem(uint64) bool { return false }

// Names from a dump do nothing in any of the forms.
func TestHostileNamesInEcosystem(t *testing.T) {
	trace := htrace.New([]htrace.Operation{
		{Handle: 0x3c, Kind: htrace.KindOpen, ThreadID: 1, Stack: []uint64{1, 2}},
		{Handle: 0x3c, Kind: htrace.KindClose, ThreadID: 1, Stack: []uint64{3, 2}},
		{Handle: 0x3c, Kind: htrace.KindBadReference, ThreadID: 1, Stack: []uint64{3, 2}},
	}, htrace.Options{Order: htrace.OldestFirst})
	in := report.Input{Path: actingName, Trace: trace, Code: actingCode{}, Findings: htrace.Analyze(trace, htrace.AnalyzeOptions{Code: actingCode{}}), Warnings: []string{actingName}}
	if len(in.Findings) == 0 {
		t.Fatal("nothing was found")
	}
	for name, write := range map[string]func(io.Writer, []report.Input) error{"sarif": report.WriteSARIF, "junit": report.WriteJUnit, "markdown": report.WriteMarkdown} {
		var b bytes.Buffer
		if err := write(&b, []report.Input{in, {Path: actingName, Err: errors.New(actingName), Trace: &htrace.Trace{}}}); err != nil {
			t.Fatal(err)
		}
		bad := []string{"\x00", "\x1b", "\u202e"}
		switch name {
		case "junit":
			if err := xml.Unmarshal(b.Bytes(), new(struct{})); err != nil {
				t.Errorf("junit: %v", err)
			}
		case "sarif":
			if !json.Valid(b.Bytes()) {
				t.Error("sarif: no JSON")
			}
		case "markdown":
			bad = append(bad, "<script>", "@admin", "](http", "`x`", "![")
		}
		for _, s := range bad {
			if strings.Contains(b.String(), s) {
				t.Errorf("%s has %q", name, s)
			}
		}
	}
}
