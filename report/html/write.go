package html

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/report"
)

//go:embed page.css
var styleSheet string

//go:embed page.js
var script string

//go:embed page.gohtml
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// Write writes inputs as one page. Inputs that could not be analysed are named
// with their error.
func Write(w io.Writer, inputs []report.Input) error {
	b := bufio.NewWriter(w)
	if err := page.Execute(b, newPage(inputs)); err != nil {
		return fmt.Errorf("writing the HTML report: %w", err)
	}
	return b.Flush()
}

// pageData is what the template shows.
type pageData struct {
	Title       string
	Policy      string
	Style       template.CSS
	Script      template.JS
	Inputs      []inputView
	Findings    int
	ShowsInputs bool // whether there are several to choose from
}

func newPage(inputs []report.Input) *pageData {
	p := &pageData{
		Title:       "Handle trace",
		Policy:      fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s'; base-uri 'none'; form-action 'none'", hash(styleSheet), hash(script)),
		Style:       template.CSS(styleSheet),
		Script:      template.JS(script),
		ShowsInputs: len(inputs) > 1,
	}
	for i := range inputs {
		v := newInputView(i, &inputs[i])
		p.Findings += len(v.Findings)
		p.Inputs = append(p.Inputs, v)
	}
	if len(inputs) == 1 {
		p.Title = "Handle trace of " + report.Plain(inputs[0].Path)
	}
	return p
}

func hash(s string) string {
	h := sha256.Sum256([]byte(s))
	return base64.StdEncoding.EncodeToString(h[:])
}

// inputView is an input as the template shows it.
type inputView struct {
	ID       int
	Path     string
	Summary  string
	Error    string
	Warnings []string
	Caveats  []string
	Findings []findingView
	Data     template.JS // the timeline
}

type findingView struct {
	Number     int
	Rule       htrace.Rule
	Confidence string
	Handle     string
	Place      string
	Message    string
	Caveats    []string
	ID         string
	Count      int
	Parts      []partView
	More       int // operations of the same incident that are not shown
}

type partView struct {
	Title, Operation, Maker string
	Index                   int
	Frames                  []frameView
}

type frameView struct {
	Text, Source string
	System       bool
}

func newInputView(id int, in *report.Input) inputView {
	v := inputView{ID: id, Path: report.Plain(in.Path)}
	for _, w := range in.Warnings {
		v.Warnings = append(v.Warnings, report.Plain(w))
	}
	if in.Err != nil {
		v.Error = report.Plain(in.Err.Error())
		return v
	}
	t := in.Trace
	v.Summary = fmt.Sprintf("%d operations (%d opens, %d closes, %d bad references)",
		len(t.Operations), t.Count(htrace.KindOpen), t.Count(htrace.KindClose), t.Count(htrace.KindBadReference))
	v.Caveats = t.Completeness().Caveats()
	for i := range in.Findings {
		v.Findings = append(v.Findings, newFindingView(in, i+1, &in.Findings[i]))
	}
	v.Data = timelineJSON(in)
	return v
}

func newFindingView(in *report.Input, number int, f *htrace.Finding) findingView {
	v := findingView{
		Number: number, Rule: f.Rule, Confidence: f.Confidence.String(), Handle: fmt.Sprintf("%#x", f.Value), Message: report.Plain(f.Message),
		Caveats: f.Caveats, ID: f.ID, Count: f.Count, More: len(f.Related), Place: report.Plain(f.Where.String()),
	}
	if f.Culprit == nil || f.Where == (htrace.Frame{}) {
		v.Place = ""
	}
	for _, p := range report.Parts(f) {
		v.Parts = append(v.Parts, newPartView(in, p.Title, p.Operation))
	}
	return v
}

func newPartView(in *report.Input, title string, op *htrace.Operation) partView {
	v := partView{Title: title, Index: op.Index, Operation: fmt.Sprintf("#%d %v of %#x", op.Index, op.Kind, op.Handle)}
	if op.ThreadID != 0 {
		v.Maker = fmt.Sprintf("thread %#x", op.ThreadID)
		if name := in.ThreadNames[op.ThreadID]; name != "" && !in.Trace.IsForeign(op) {
			v.Maker += " (" + report.Plain(name) + ")"
		}
	}
	if in.Trace.IsForeign(op) {
		v.Maker += " of another process"
	}
	for _, f := range in.Trace.Frames(op, in.Code) {
		v.Frames = append(v.Frames, frameView{report.Plain(f.String()), report.Plain(report.Source(f)), in.Code != nil && in.Code.IsSystem(f.Address)})
	}
	return v
}
