package htrace

import "iter"

// Lifetime is the life of one object under one handle value: from the open
// that gave it the value to the close that took it away. The same value is
// many objects, one after the other.
type Lifetime struct {
	Value     uint64 // the handle without its tag bits
	ProcessID uint32 // whose handle table it is in
	// Open is nil where the trace begins later than the object's life, or the
	// handle was not opened in a way that Windows records.
	Open *Operation
	// Close is nil where the object outlives the trace.
	Close *Operation
	// References are the operations that found nothing under the value, from
	// this object's open to the next one's, in the order of time: bad
	// references, and closes where the last thing recorded was a close.
	References []*Operation
	// Type and Name are what the handle table of the dump says of the object;
	// empty where it does not list the handle or the object had ended.
	Type, Name string
	// Complete is whether the whole life is known: its open is recorded, and
	// its close is, or the handle table lists it still.
	Complete bool
}

// Lifetimes yields the lives of all objects of the trace, value by value in
// the order in which the values first occur, and those of one value in the
// order of time. Of a value that the trace knows from failures before any
// open or close, the first lifetime has neither, only References.
func (t *Trace) Lifetimes() iter.Seq[Lifetime] {
	return func(yield func(Lifetime) bool) {
		t.yieldLifetimes(t.histories(), yield)
	}
}

// LifetimesOf yields the lives of the objects under one value, whose tag bits
// do not count, in the order of time. There may be several of one time where
// the trace holds operations of several processes.
func (t *Trace) LifetimesOf(value uint64) iter.Seq[Lifetime] {
	return func(yield func(Lifetime) bool) {
		var list []*history
		for _, h := range t.histories() {
			if h.slot.value == value&^tagBits {
				list = append(list, h)
			}
		}
		t.yieldLifetimes(list, yield)
	}
}

func (t *Trace) yieldLifetimes(list []*history, yield func(Lifetime) bool) {
	for _, h := range list {
		for l := range t.lifetimesOf(h) {
			if !yield(l) {
				return
			}
		}
	}
}

// lifetimesOf yields the lives of one history.
func (t *Trace) lifetimesOf(h *history) iter.Seq[Lifetime] {
	return func(yield func(Lifetime) bool) {
		events := h.events
		take := func(upTo int32) (refs []*Operation) {
			for len(events) > 0 && events[0].after <= upTo {
				refs = append(refs, t.at(events[0].op))
				events = events[1:]
			}
			return refs
		}
		if refs := take(0); refs != nil && !yield(Lifetime{Value: h.slot.value, ProcessID: h.slot.process, References: refs}) {
			return
		}
		for i := range h.lives {
			l := t.lifetime(h, i)
			l.References = take(int32(i) + 1)
			if !yield(l) {
				return
			}
		}
	}
}

func (t *Trace) lifetime(h *history, i int) Lifetime {
	l := &h.lives[i]
	life := Lifetime{Value: h.slot.value, ProcessID: h.slot.process, Open: t.at(l.open), Close: t.at(l.close)}
	life.Complete = life.Open != nil && life.Close != nil
	if life.Close != nil || i < len(h.lives)-1 || h.slot.process != t.ProcessID {
		return life
	}
	if entry, ok := t.Table[h.slot.value]; ok {
		life.Type, life.Name = entry.Type, entry.Name
		life.Complete = life.Open != nil
	}
	return life
}
