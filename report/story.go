package report

import (
	"fmt"
	"strings"

	"github.com/handletrace/handletrace/htrace"
)

// Story is all that happened to one handle value, whether anything was wrong
// or not.
type Story struct {
	Value uint64 // without tag bits
	Lives []Life // in the order of time
	// Listed is what the handle table at the end of the trace says of the
	// value; nil where it does not list it or there is none.
	Listed *htrace.TableEntry
	// Table is whether there is a handle table.
	Table bool
}

// Life is the life of one object, with the code that is responsible for its
// begin and its end.
type Life struct {
	htrace.Lifetime
	OpenedAt, ClosedAt htrace.Frame // empty where that is not known
}

// NewStory collects what happened to a handle, whose tag bits do not count.
// The value is not in the trace where there are no Lives, and nowhere where
// it is not Listed either.
func NewStory(a *htrace.Analysis, handle uint64) *Story {
	op := htrace.Operation{Handle: handle}
	t := a.Trace()
	s := &Story{Value: op.Value(), Table: t.Table != nil}
	for l := range t.LifetimesOf(s.Value) {
		life := Life{Lifetime: l}
		if l.Open != nil {
			life.OpenedAt = a.Where(l.Open)
		}
		if l.Close != nil {
			life.ClosedAt = a.Where(l.Close)
		}
		s.Lives = append(s.Lives, life)
	}
	if entry, ok := t.Table[s.Value]; ok {
		s.Listed = &entry
	}
	return s
}

// maxLives is how many lives the text tells of; the JSON tells of all.
const maxLives = 40

func (t *textReport) story(in *Input) {
	s := in.Story
	if s == nil {
		return
	}
	t.blank()
	t.styled(bold, "The story of handle %#x: %s", s.Value, s.turns())
	first := max(len(s.Lives)-maxLives, 0)
	if first > 0 {
		t.linef("   (the first %d are left out here; the JSON report has all)", first)
	}
	for i := first; i < len(s.Lives); i++ {
		t.life(in, i+1, &s.Lives[i])
	}
	t.blank()
	t.wrapped("   ", s.end())
	if n := len(s.Lives); n > 0 {
		t.part(in, "The newest open", s.Lives[n-1].Open)
		t.part(in, "The newest close", s.Lives[n-1].Close)
	}
}

// turns says how many objects had the value.
func (s *Story) turns() string {
	n := 0
	for i := range s.Lives {
		if s.Lives[i].Open != nil || s.Lives[i].Close != nil {
			n++
		}
	}
	switch n {
	case 0:
		return "no object had this value, as far as the trace goes"
	case 1:
		return "one object had this value"
	}
	return fmt.Sprintf("%d objects had this value, one after the other", n)
}

func (t *textReport) life(in *Input, number int, l *Life) {
	t.blank()
	t.linef("%4d. %s", number, in.event("opened", l.Open, l.OpenedAt, "no open is recorded"))
	if l.Close != nil || l.Open != nil && l.Type == "" {
		t.linef("      %s", in.event("closed", l.Close, l.ClosedAt, "no close is recorded"))
	}
	if l.Type != "" {
		t.linef("      still open: %s", strings.TrimSpace(elide(l.Type)+" "+elide(l.Name)))
	}
	for i, op := range l.References {
		if i == maxRelated {
			t.linef("      and %s that found nothing", count(len(l.References)-i, "more operation"))
			break
		}
		t.linef("      %s", in.event("a "+op.Kind.String()+" found nothing", op, htrace.Frame{}, ""))
	}
}

// event tells of an operation in one line, and otherwise of its absence.
func (in *Input) event(verb string, op *htrace.Operation, where htrace.Frame, absent string) string {
	if op == nil {
		return absent
	}
	text := fmt.Sprintf("%s: #%d%s", verb, op.Index, in.maker(op))
	if where != (htrace.Frame{}) {
		where = elideFrame(where)
		text += " in " + where.String() + Source(where)
	}
	return text
}

// end says who had the value at the end of the trace.
func (s *Story) end() string {
	n := len(s.Lives)
	held := n > 0 && s.Lives[n-1].Open != nil && s.Lives[n-1].Close == nil
	switch {
	case s.Listed != nil && held:
		return fmt.Sprintf("At the end the newest object held the value: the handle table lists it (%s).", describe(s.Listed))
	case s.Listed != nil:
		return fmt.Sprintf("At the end an object held the value whose open the trace does not have: the handle table lists it (%s).", describe(s.Listed))
	case held && s.Table:
		return "At the end nothing held the value: no close of the newest object is recorded, but the handle table does not list it."
	case held:
		return "At the end the newest object held the value, as far as the trace tells."
	}
	return "At the end nothing held the value, as far as the trace tells."
}

// describe returns type and name of a handle.
func describe(e *htrace.TableEntry) string {
	text := elide(e.Type)
	if text == "" {
		text = "of unknown type"
	}
	if e.Name != "" {
		text += " " + elide(e.Name)
	}
	return text
}

func (j *jsonReport) story(in *Input) {
	s := in.Story
	if s == nil {
		return
	}
	j.begin("story", "{")
	j.value("handle", hex(s.Value))
	if s.Listed != nil {
		j.value("type", s.Listed.Type)
		j.value("name", s.Listed.Name)
	}
	j.value("end", s.end())
	j.begin("lifetimes", "[")
	for i := range s.Lives {
		l := &s.Lives[i]
		j.begin("", "{")
		j.value("complete", l.Complete)
		if l.Type != "" {
			j.value("type", l.Type)
			j.value("name", l.Name)
		}
		j.where("opened_at", l.OpenedAt)
		j.where("closed_at", l.ClosedAt)
		j.operation("open", in, l.Open)
		j.operation("close", in, l.Close)
		j.operations("references", in, l.References)
		j.end("}")
	}
	j.end("]")
	j.end("}")
}
