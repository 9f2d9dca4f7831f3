package report

import (
	"fmt"
	"io"

	"github.com/handletrace/handletrace/htrace"
)

// Difference is what changed between two traces.
type Difference struct {
	Old, New *Input
	*htrace.Difference
}

// maxSites is how many places the text of a difference lists, and how many
// types; the JSON has all.
const maxSites = 20

// WriteDiffText writes a difference for people to read.
func WriteDiffText(w io.Writer, d *Difference) error {
	t := &textReport{lines: newLines(w, TextOptions{})}
	t.linef("old: %s", d.Old.size())
	t.linef("new: %s", d.New.size())
	for _, in := range []*Input{d.Old, d.New} {
		for _, warning := range in.Warnings {
			t.linef("warning: %s: %s", in.Path, warning)
		}
	}
	t.wrapped("", d.meeting())
	t.blank()
	t.linef("Opened since and still open: %s. Open before and closed since: %d.", count(len(d.Opened), "object"), d.Closed)
	t.sites(d)
	t.types(d)
	t.lacks("old", d.Old)
	t.lacks("new", d.New)
	return t.flush()
}

// lacks tells what one of the traces does not show.
func (t *textReport) lacks(which string, in *Input) {
	caveats := in.Trace.Completeness().Caveats()
	if len(caveats) > 0 {
		t.blank()
	}
	for _, c := range caveats {
		t.wrapped("caveat ("+which+"): ", c)
	}
}

// size describes an input in a line.
func (in *Input) size() string {
	return fmt.Sprintf("%s: %s, %s", in.Path, in.Kind, count(len(in.Trace.Operations), "handle operation"))
}

// meeting says how the two traces lie to each other.
func (d *Difference) meeting() string {
	if d.Shared > 0 {
		return fmt.Sprintf("The new trace goes on where the old one ends: they share %s, and %d came after.", count(d.Shared, "operation"), d.Since)
	}
	return "The two traces share no operation: the ring turned over in between, or they are of two runs. " +
		"What was opened since is told by value, thread and stack; of two runs only the places below can be compared."
}

// sites lists the places that grew, and their newest opens.
func (t *textReport) sites(d *Difference) {
	listed := 0
	for i := range d.Sites {
		s := &d.Sites[i]
		if s.Growth() <= 0 && s.Opened == 0 {
			continue
		}
		if listed == maxSites {
			t.blank()
			t.linef("More places are in the JSON report.")
			return
		}
		listed++
		t.blank()
		where := elideFrame(s.Where)
		t.linef("%+d  %v%s", s.Growth(), where, Source(where))
		t.linef("   %d open before, %d now, %d of them opened since", s.Old, s.New, s.Opened)
		t.part(d.New, "The newest open", s.Newest)
	}
	if listed == 0 {
		t.blank()
		t.linef("No place in the code has more objects open than before.")
	}
}

// types lists how the handle tables changed.
func (t *textReport) types(d *Difference) {
	listed := 0
	for i := range d.Types {
		g := &d.Types[i]
		if g.Growth() == 0 || listed == maxSites {
			continue
		}
		if listed == 0 {
			t.blank()
			t.linef("Handles in the tables of the dumps, by type:")
		}
		listed++
		t.linef("%+6d  %s (%d before, %d now)", g.Growth(), elide(g.Type), g.Old, g.New)
	}
}
