package simulate

import "github.com/handletrace/handletrace/htrace"

// entry is an operation of the trace and what the machine knows of it.
type entry struct {
	op htrace.Operation
	// object is the object whose handle the program meant; nil for a value
	// that it never got from anywhere.
	object *object
	// killed is the object that a wrong close ended.
	killed *object
	// incident is what a wrong operation belongs to.
	incident *incident
	// use tells a failed use from a failed close.
	use bool
	// stored is the place among the stored entries; -1 where the ring lost it.
	stored int
}

// incident is all the wrong operations that follow from one mistake.
type incident struct {
	fault string // what made it, for tables
	rule  htrace.Rule
	root  *object // whose handle was misused first
	// wrong are the wrong operations in the order of time: the first is the
	// culprit.
	wrong []*entry
}

// leak is a place that loses objects.
type leak struct {
	fault string
	lost  []*object
}

// accuse books a wrong operation. The first of an object's holders after its
// rightful end makes an incident; those after it, and what the victims do in
// good faith, belong to the same.
func (m *machine) accuse(t *thread, e *entry, intended, killed *object) {
	inc := intended.incident
	if inc == nil {
		if t.fault == "" {
			panic("simulate: healthy code of " + t.name + " misused a handle")
		}
		inc = &incident{fault: t.fault, rule: ruleOf(e, intended, killed), root: intended}
		intended.incident = inc
		m.incidents = append(m.incidents, inc)
	}
	inc.wrong = append(inc.wrong, e)
	e.incident = inc
	e.killed = killed
	if killed != nil && killed.incident == nil {
		killed.incident = inc
	}
}

func ruleOf(e *entry, intended, killed *object) htrace.Rule {
	switch {
	case killed != nil:
		return htrace.StolenClose
	case intended.closed == nil:
		return htrace.BadReference
	case e.use:
		return htrace.UseAfterClose
	}
	return htrace.DoubleClose
}
