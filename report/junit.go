package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/handletrace/handletrace/htrace"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name      string         `xml:"name,attr"`
	Class     string         `xml:"classname,attr"`
	Failures  []junitProblem `xml:"failure,omitempty"`
	Error     *junitProblem  `xml:"error"`
	SystemOut string         `xml:"system-out,omitempty"`
}

type junitProblem struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes the inputs as JUnit XML, for systems that show the results
// of tests: a suite for each input with a case for each rule, which fails where
// there are findings of it that are likely at least. What is merely possible
// stands in the case's output.
func WriteJUnit(w io.Writer, inputs []Input) error {
	var all junitSuites
	for i := range inputs {
		s := inputs[i].junit()
		all.Tests, all.Failures, all.Errors = all.Tests+s.Tests, all.Failures+s.Failures, all.Errors+s.Errors
		all.Suites = append(all.Suites, s)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (in *Input) junit() junitSuite {
	s := junitSuite{Name: Plain(in.Path)}
	if in.Err != nil {
		s.Tests, s.Errors = 1, 1
		s.Cases = []junitCase{{Name: "analyze", Class: s.Name, Error: &junitProblem{"error", Plain(in.Err.Error()), Plain(in.Err.Error())}}}
		return s
	}
	cases := make(map[htrace.Rule]*junitCase)
	outputs := make(map[htrace.Rule]*strings.Builder)
	var order []htrace.Rule
	of := func(r htrace.Rule) *junitCase {
		if cases[r] == nil {
			outputs[r] = new(strings.Builder)
			cases[r] = &junitCase{Name: Plain(string(r)), Class: s.Name}
			order = append(order, r)
		}
		return cases[r]
	}
	for _, r := range ruleTexts {
		of(r.rule)
	}
	for i := range in.Findings {
		f := &in.Findings[i]
		c := of(f.Rule)
		if f.Confidence < htrace.Likely {
			outputs[f.Rule].WriteString(in.junitText(f))
			continue
		}
		title := fmt.Sprintf("%s (%v), handle %#x, in %s", f.Rule, f.Confidence, f.Value, f.Where)
		c.Failures = append(c.Failures, junitProblem{f.Confidence.String(), Plain(title), in.junitText(f)})
	}
	for _, r := range order {
		s.Tests++
		cases[r].SystemOut = outputs[r].String()
		if len(cases[r].Failures) > 0 {
			s.Failures++
		}
		s.Cases = append(s.Cases, *cases[r])
	}
	return s
}

func (in *Input) junitText(f *htrace.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", Plain(f.Message))
	for _, p := range Parts(f) {
		fmt.Fprintf(&b, "\n%s: #%d %v of %#x\n", p.Title, p.Operation.Index, p.Operation.Kind, p.Operation.Handle)
		for _, frame := range in.Trace.Frames(p.Operation, in.Code) {
			fmt.Fprintf(&b, "   %s\n", Plain(frame.String()+Source(frame)))
		}
	}
	return b.String() + "\n"
}
