package scatter

import (
	"fmt"
	"slices"
	"strings"

	"github.com/handletrace/handletrace/htrace"
)

// Result says how one mistake was judged.
type Result struct {
	Truth   *Truth
	Finding *htrace.Finding
	// Wrong says what is wrong with the finding; empty where nothing is.
	Wrong string
}

// Judge compares findings with the truth. Extra are the findings that belong
// to no mistake, or split one.
func (c *Case) Judge(findings []htrace.Finding) (results []Result, extra []*htrace.Finding) {
	spent := make([]bool, len(findings))
	for i := range c.Truth {
		t := &c.Truth[i]
		r := Result{Truth: t, Wrong: "missed"}
		best := none
		for k := range findings {
			if wrong := t.compare(&findings[k]); !spent[k] && rank(wrong) < rank(r.Wrong) {
				best, r.Finding, r.Wrong = k, &findings[k], wrong
			}
		}
		if best != none {
			spent[best] = true
		}
		results = append(results, r)
	}
	for k := range findings {
		if !spent[k] {
			extra = append(extra, &findings[k])
		}
	}
	return results, extra
}

var outcomes = []string{"", "first close", "victim", "rule", "count", "culprit", "missed"}

func rank(outcome string) int { return slices.Index(outcomes, outcome) }

func placeIn(op *htrace.Operation) int {
	if op == nil {
		return none
	}
	return op.Index
}

func (t *Truth) compare(f *htrace.Finding) string {
	if t.Later != nil && t.Later.compare(f) == "" {
		return ""
	}
	culprit := placeIn(f.Culprit)
	if t.Rule == htrace.Leak {
		switch {
		case f.Rule != htrace.Leak || !slices.Contains(t.Records, culprit):
			return "missed"
		case f.Count < len(t.Records)*3/4-2 || f.Count > len(t.Records)*5/4+2:
			return "count"
		}
		return ""
	}
	switch {
	case culprit != t.Culprit && (slices.Contains(t.Records, culprit) || culprit == t.FirstClose && culprit != none):
		return "culprit"
	case culprit != t.Culprit:
		return "missed"
	case f.Rule != t.Rule:
		return "rule"
	case placeIn(f.Victim) != t.Victim:
		return "victim"
	case !t.AnyFirst && placeIn(f.FirstClose) != t.FirstClose:
		return "first close"
	}
	return ""
}

// BegunBefore reports whether a finding is about a mistake whose beginning the
// ring has lost.
func (c *Case) BegunBefore(f *htrace.Finding) bool {
	for _, x := range c.world.faults {
		if x.records[0].stored == none && slices.ContainsFunc(x.records, func(r *record) bool { return r.stored == placeIn(f.Culprit) }) {
			return true
		}
	}
	return false
}

// Of returns the mistake that a finding touches; nil where there is none.
func (c *Case) Of(f *htrace.Finding) *Truth {
	for i := range c.Truth {
		t := &c.Truth[i]
		culprit := placeIn(f.Culprit)
		if slices.Contains(t.Records, culprit) || culprit == t.FirstClose {
			return t
		}
	}
	return nil
}

// Story tells all that happened to the values of some findings and mistakes,
// oldest first.
func (c *Case) Story(results []Result, extra []*htrace.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d: %s\n", c.Seed, c.Setting)
	values := make(map[uint64]bool)
	matters := make(map[int]bool)
	tell := func(f *htrace.Finding) {
		matters[placeIn(f.Culprit)], matters[placeIn(f.FirstClose)] = true, true
		values[f.Value] = true
		fmt.Fprintf(&b, "   %v %s: culprit #%d first #%d victim #%d count %d\n     %s\n", f.Confidence, f.Rule, placeIn(f.Culprit), placeIn(f.FirstClose), placeIn(f.Victim), f.Count, f.Message)
	}
	for _, r := range results {
		t := r.Truth
		fmt.Fprintf(&b, "TRUTH %s %s: culprit #%d first #%d (any %v) victim #%d, records %v, unclear %q: %q\n", t.Name, t.Rule, t.Culprit, t.FirstClose, t.AnyFirst, t.Victim, t.Records[:min(12, len(t.Records))], t.Unclear, r.Wrong)
		if t.Culprit != none {
			values[c.Operations[t.Culprit].Value()] = true
			matters[t.Culprit], matters[t.FirstClose] = true, true
		}
		if r.Finding != nil {
			tell(r.Finding)
		}
	}
	for _, f := range extra {
		fmt.Fprintln(&b, "EXTRA")
		tell(f)
	}
	for _, r := range c.kept {
		for i := range results {
			if t := results[i].Truth; t.Rule == htrace.Leak && results[i].Wrong != "" && slices.Contains(t.Records[:min(4, len(t.Records))], r.stored) {
				c.tellRecord(&b, r)
			}
		}
	}
	for value := range values {
		c.tellValue(&b, value, matters)
	}
	return b.String()
}

// around is how many operations before and after one that matters are told.
const around = 7

// tellValue tells what happened to a value round the operations that matter.
func (c *Case) tellValue(b *strings.Builder, value uint64, matters map[int]bool) {
	var list []*record
	for _, r := range c.kept {
		if r.op.Value() == value {
			list = append(list, r)
		}
	}
	for i, r := range list {
		if slices.ContainsFunc(list[max(0, i-around):min(len(list), i+around+1)], func(n *record) bool { return matters[n.stored] }) {
			c.tellRecord(b, r)
		}
	}
}

func (c *Case) tellRecord(b *strings.Builder, r *record) {
	mark := "  "
	switch f := r.object.fault; {
	case f != nil && f.records[0] == r:
		mark = "!!"
	case f != nil && slices.Contains(f.records, r):
		mark = "! "
	}
	fmt.Fprintf(b, "%s#%d %v %#x thread %x, %s's:", mark, r.stored, r.op.Kind, r.op.Handle, r.op.ThreadID, r.object.of.name)
	system := ""
	for _, a := range r.op.Stack {
		m, f := c.world.layout.find(a - 1)
		switch {
		case f != nil && m.system:
			system = f.name
			continue
		case system != "":
			fmt.Fprintf(b, " %s", system)
			system = ""
		}
		if f != nil {
			fmt.Fprintf(b, " < %s!%s+%x", m.name, f.name, a-f.start)
		}
	}
	fmt.Fprintln(b)
}
