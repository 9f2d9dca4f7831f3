package html

import (
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"slices"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/report"
)

// timeline is what the script draws. Times are places in the order of time;
// sites, threads and stacks are numbers in the lists.
type timeline struct {
	Operations int          `json:"operations"`
	Sites      []string     `json:"sites"`
	Threads    []string     `json:"threads"`
	Frames     []string     `json:"frames"`
	Stacks     [][]int      `json:"stacks"`
	Values     []valueLives `json:"values"`
	// Faults are the operations of findings: time, finding from 0.
	Faults [][2]int `json:"faults"`
}

// valueLives are the lives of the objects under one value.
type valueLives struct {
	Value string `json:"v"`
	Type  string `json:"t,omitempty"`
	// Lives hold: time of open and close (-1 where it is not known), site of
	// the open, threads and stacks of both (-1), and their operations' numbers
	// in the report (-1).
	Lives [][9]int `json:"l"`
	// Failures are the times, threads, stacks and numbers of bad references.
	Failures [][4]int `json:"f,omitempty"`
}

// timelineJSON returns the timeline for a script element. The encoder escapes
// what could end the element.
func timelineJSON(in *report.Input) template.JS {
	b, err := json.Marshal(newDrawer(in).draw())
	if err != nil {
		return "null" // numbers and strings can always be written
	}
	return template.JS(b)
}

// drawer numbers what the timeline refers to.
type drawer struct {
	in      *report.Input
	t       timeline
	times   map[*htrace.Operation]int
	sites   map[string]int
	threads map[uint32]int
	frames  map[string]int
	stacks  map[*uint64]int
}

func newDrawer(in *report.Input) *drawer {
	d := &drawer{
		in: in, times: make(map[*htrace.Operation]int, len(in.Trace.Operations)), sites: make(map[string]int),
		threads: make(map[uint32]int), frames: make(map[string]int), stacks: make(map[*uint64]int),
	}
	for i := range in.Trace.Operations {
		d.times[&in.Trace.Operations[i]] = i
	}
	return d
}

func (d *drawer) draw() *timeline {
	a := htrace.NewAnalysis(d.in.Trace, htrace.AnalyzeOptions{Code: d.in.Code})
	d.t.Operations = len(d.in.Trace.Operations)
	at := make(map[string]int)
	for l := range d.in.Trace.Lifetimes() {
		key := fmt.Sprintf("%#x", l.Value)
		if l.ProcessID != d.in.Trace.ProcessID {
			key += fmt.Sprintf(" of process %#x", l.ProcessID)
		}
		i, ok := at[key]
		if !ok {
			i = len(d.t.Values)
			at[key] = i
			d.t.Values = append(d.t.Values, valueLives{Value: key})
		}
		v := &d.t.Values[i]
		if l.Type != "" {
			v.Type = report.Plain(l.Type)
		}
		if l.Open != nil || l.Close != nil {
			v.Lives = append(v.Lives, d.life(a, &l))
		}
		for _, op := range l.References {
			v.Failures = append(v.Failures, [4]int{d.times[op], d.thread(op), d.stack(op), op.Index})
		}
	}
	d.faults()
	return &d.t
}

func (d *drawer) life(a *htrace.Analysis, l *htrace.Lifetime) [9]int {
	n := [9]int{-1, -1, -1, -1, -1, -1, -1, -1, -1}
	if l.Open != nil {
		n[0], n[2], n[3], n[5], n[7] = d.times[l.Open], d.site(a.Where(l.Open)), d.thread(l.Open), d.stack(l.Open), l.Open.Index
	}
	if l.Close != nil {
		n[1], n[4], n[6], n[8] = d.times[l.Close], d.thread(l.Close), d.stack(l.Close), l.Close.Index
	}
	return n
}

func (d *drawer) site(f htrace.Frame) int {
	return number(d.sites, report.Plain(htrace.StablePlace(f)), &d.t.Sites)
}

func number(known map[string]int, name string, list *[]string) int {
	i, ok := known[name]
	if !ok {
		i = len(*list)
		known[name] = i
		*list = append(*list, name)
	}
	return i
}

func (d *drawer) thread(op *htrace.Operation) int {
	i, ok := d.threads[op.ThreadID]
	if !ok {
		i = len(d.t.Threads)
		d.threads[op.ThreadID] = i
		name := fmt.Sprintf("%#x", op.ThreadID)
		if given := d.in.ThreadNames[op.ThreadID]; given != "" {
			name += " " + report.Plain(given)
		}
		d.t.Threads = append(d.t.Threads, name)
	}
	return i
}

// stack numbers an operation's stack, which equal ones share.
func (d *drawer) stack(op *htrace.Operation) int {
	if len(op.Stack) == 0 {
		return -1
	}
	i, ok := d.stacks[&op.Stack[0]]
	if !ok {
		i = len(d.t.Stacks)
		d.stacks[&op.Stack[0]] = i
		var frames []int
		for _, f := range d.in.Trace.Frames(op, d.in.Code) {
			frames = append(frames, number(d.frames, report.Plain(f.String()+report.Source(f)), &d.t.Frames))
		}
		d.t.Stacks = append(d.t.Stacks, frames)
	}
	return i
}

// faults notes which finding an operation is the culprit or a part of.
func (d *drawer) faults() {
	found := make(map[int]int)
	for i := range slices.Backward(d.in.Findings) {
		f := &d.in.Findings[i]
		for _, p := range report.Parts(f) {
			found[d.times[p.Operation]] = i
		}
	}
	for _, t := range slices.Sorted(maps.Keys(found)) {
		d.t.Faults = append(d.t.Faults, [2]int{t, found[t]})
	}
}
