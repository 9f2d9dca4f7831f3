package htrace

import "fmt"

// note is a warning that is due where its count is not 0.
type note struct {
	count     int
	one, many string // the second with a verb for the count
}

func due(notes []note) []string {
	var warnings []string
	for _, n := range notes {
		switch {
		case n.count == 1:
			warnings = append(warnings, n.one)
		case n.count > 1:
			warnings = append(warnings, fmt.Sprintf(n.many, n.count))
		}
	}
	return warnings
}

// warnings are those of the whole text.
func (r *transcriptReader) warnings() []string {
	c := &r.counts
	w := due([]note{
		{len(r.prints.processes) - 1,
			"the text is of one more process, which is kept apart",
			"the text is of %d more processes, which are kept apart"},
		{c.Broken,
			"a part of an entry could not be read, at line " + r.firstBroken,
			"%d parts of entries could not be read, the first at line " + r.firstBroken},
		{c.Stray,
			"a part of an entry stands outside every entry: its header is missing",
			"%d parts of entries stand outside every entry: headers are missing"},
		{c.Overlong,
			"a line was too long to be read",
			"%d lines were too long to be read"},
		{r.conflicts,
			"an address was printed with two names",
			"%d times an address was printed with another name than before"},
		{r.unnamed,
			"a frame was left without a name: there are too many addresses",
			"%d frames were left without a name: there are too many addresses"},
		{r.prints.lost,
			"a print was left out: there are too many processes",
			"%d prints were left out: there are too many processes"},
	})
	for _, c := range r.complaints {
		w = append(w, fmt.Sprintf("the debugger said %q", c))
	}
	return w
}

// warnings are those of one process.
func (g *processPrints) warnings(prints []*handlePrint) []string {
	joined := 0
	if len(prints) > 1 {
		joined = len(prints)
	}
	elided, endless, bare := 0, 0, 0
	for _, p := range prints {
		if !p.shown().Known {
			endless++
		}
		if p.elided {
			elided++
		}
		for i := range p.ops {
			if len(p.ops[i].Stack) == 0 {
				bare++
			}
		}
	}
	return due([]note{
		{joined, "", "the entries are joined from %d prints, handle by handle"},
		{g.aside,
			"one more print of the trace was set aside, since its entries would count twice",
			"%d more prints of the trace were set aside, since their entries would count twice"},
		{endless,
			"the print has no figures at its end, so entries may be missing",
			"%d prints have no figures at their end, so entries may be missing"},
		{missingOf(prints),
			"an entry is missing, by the figures at the end of the print",
			"%d entries are missing, by the figures at the end of the print"},
		{elided,
			"the print has marks where lines were left out",
			"%d prints have marks where lines were left out"},
		{bare, "an entry has no frames", "%d entries have no frames"},
	})
}

// missingOf returns how many entries are missing, by the figures of the prints.
func missingOf(prints []*handlePrint) int {
	var missing uint64
	for _, p := range prints {
		if figure := p.shown(); figure.Known && uint64(len(p.ops)) < figure.Value {
			missing += figure.Value - uint64(len(p.ops))
		}
	}
	return int(min(missing, 1<<31-1))
}
