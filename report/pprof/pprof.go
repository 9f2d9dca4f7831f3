// Package pprof writes the handles that are open at the end of a trace as a
// profile, which go tool pprof shows as a graph or a flame graph:
//
//	handletrace analyze --format pprof --output handles.pb.gz app.dmp
//	go tool pprof -http=: handles.pb.gz
//
// Each stack that opened objects is a sample, with how many of them were open
// at the end and how many of those a leak was found for.
package pprof

import (
	"fmt"
	"io"

	"github.com/google/pprof/profile"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/report"
)

// Write writes the inputs as one profile, compressed with gzip. Inputs that
// could not be analysed are named in its comments. An input is told from the
// others by the label "dump".
func Write(w io.Writer, inputs []report.Input) error {
	b := newBuilder()
	for i := range inputs {
		in := &inputs[i]
		if in.Err != nil {
			b.p.Comments = append(b.p.Comments, report.Plain(in.Path+": "+in.Err.Error()))
			continue
		}
		b.add(in)
	}
	if err := b.p.CheckValid(); err != nil {
		return fmt.Errorf("making the profile: %w", err)
	}
	return b.p.Write(w)
}

// Kinds of numbers that a sample has.
const (
	openHandles = iota
	leakedHandles
	kinds
)

// builder gathers the profile.
type builder struct {
	p         *profile.Profile
	functions map[[2]string]*profile.Function
	mappings  map[string]*profile.Mapping
}

func newBuilder() *builder {
	return &builder{
		p: &profile.Profile{
			SampleType: []*profile.ValueType{
				openHandles:   {Type: "open_handles", Unit: "count"},
				leakedHandles: {Type: "leaked_handles", Unit: "count"},
			},
			DefaultSampleType: "open_handles",
			PeriodType:        &profile.ValueType{Type: "handles", Unit: "count"},
			Period:            1,
		},
		functions: make(map[[2]string]*profile.Function),
		mappings:  make(map[string]*profile.Mapping),
	}
}

// add adds a sample for each stack of an input.
func (b *builder) add(in *report.Input) {
	leaked := make(map[*htrace.Operation]bool)
	for i := range in.Findings {
		if f := &in.Findings[i]; f.Rule == htrace.Leak {
			leaked[f.Culprit] = true
			for _, op := range f.Related {
				leaked[op] = true
			}
		}
	}
	samples := make(map[*uint64]*profile.Sample) // operations with one stack share it
	for l := range in.Trace.Lifetimes() {
		if l.Open == nil || l.Close != nil || len(l.Open.Stack) == 0 || in.Trace.IsForeign(l.Open) {
			continue
		}
		if _, listed := in.Trace.Table[l.Value]; in.Trace.Table != nil && !listed {
			continue
		}
		s := samples[&l.Open.Stack[0]]
		if s == nil {
			s = b.sample(in, l.Open)
			samples[&l.Open.Stack[0]] = s
		}
		s.Value[openHandles]++
		if leaked[l.Open] {
			s.Value[leakedHandles]++
		}
	}
}

func (b *builder) sample(in *report.Input, op *htrace.Operation) *profile.Sample {
	s := &profile.Sample{Value: make([]int64, kinds), Label: map[string][]string{"dump": {report.Plain(in.Path)}}}
	frames := in.Trace.Frames(op, in.Code)
	for len(frames) > 0 {
		// Inlined frames are lines of one location.
		n := 1
		for n < len(frames) && frames[n-1].Inlined {
			n++
		}
		s.Location = append(s.Location, b.location(frames[:n]))
		frames = frames[n:]
	}
	b.p.Sample = append(b.p.Sample, s)
	return s
}

func (b *builder) location(frames []htrace.Frame) *profile.Location {
	l := &profile.Location{ID: uint64(len(b.p.Location) + 1), Address: frames[0].Address, Mapping: b.mapping(frames[0].Module)}
	for _, f := range frames {
		l.Line = append(l.Line, profile.Line{Function: b.function(f), Line: int64(f.Line)})
	}
	b.p.Location = append(b.p.Location, l)
	return l
}

// function returns the function of a frame; one without a name is told by its
// place in the module.
func (b *builder) function(f htrace.Frame) *profile.Function {
	name := f.String()
	if f.Function != "" {
		name = f.ModuleName() + "!" + f.Function
	}
	key := [2]string{report.Plain(name), report.Plain(f.File)}
	fn := b.functions[key]
	if fn == nil {
		fn = &profile.Function{ID: uint64(len(b.p.Function) + 1), Name: key[0], SystemName: key[0], Filename: key[1]}
		b.functions[key] = fn
		b.p.Function = append(b.p.Function, fn)
	}
	return fn
}

func (b *builder) mapping(module string) *profile.Mapping {
	if module == "" {
		return nil
	}
	m := b.mappings[module]
	if m == nil {
		m = &profile.Mapping{ID: uint64(len(b.p.Mapping) + 1), File: report.Plain(module), HasFunctions: true}
		b.mappings[module] = m
		b.p.Mapping = append(b.p.Mapping, m)
	}
	return m
}
