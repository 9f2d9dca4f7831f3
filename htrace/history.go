package htrace

// none stands for an operation or lifetime that is not there.
const none = -1

// lifetime is a Lifetime by the places of its operations.
type lifetime struct {
	open, close int32 // places in Trace.Operations, or none
	// overlapped is set where the next open of the value was recorded before
	// this object's close: two threads raced to record, or the close is
	// missing.
	overlapped bool
}

// event is an operation that found nothing under its value: a bad reference,
// or a close where the last thing recorded was a close.
type event struct {
	op    int32
	after int32 // how many lifetimes of the value had begun
	open  bool  // whether one of them was open, so that the trace contradicts itself
}

// history is all that happened to one value in one handle table, in the order
// of time.
type history struct {
	slot   slot
	lives  []lifetime
	events []event
}

// histories sorts the operations by value. Pseudo handles have none.
func (t *Trace) histories() []*history {
	owners := t.tableOwners()
	own := make([]*history, len(t.values.list)) // in this process's table
	others := make(map[slot]*history)
	var list []*history
	for i, v := range t.values.of {
		if v == none {
			continue
		}
		op := &t.Operations[i]
		owner := t.ProcessID
		if op.ProcessID != owner {
			owner = owners[op.ProcessID]
		}
		h := own[v]
		if owner != t.ProcessID {
			h = others[slot{owner, op.Value()}]
		}
		if h == nil {
			h = &history{slot: slot{owner, op.Value()}}
			list = append(list, h)
			if owner == t.ProcessID {
				own[v] = h
			} else {
				others[h.slot] = h
			}
		}
		h.add(op.Kind, int32(i))
	}
	return list
}

func (h *history) add(k Kind, op int32) {
	pending := h.pending()
	switch k {
	case KindOpen:
		if pending != none {
			h.lives[pending].overlapped = true
		}
		h.lives = append(h.lives, lifetime{open: op, close: none})
	case KindClose:
		switch {
		case pending != none:
			h.lives[pending].close = op
		case len(h.lives) == 0:
			h.lives = append(h.lives, lifetime{open: none, close: op})
		default:
			h.events = append(h.events, event{op: op, after: int32(len(h.lives))})
		}
	case KindBadReference:
		h.events = append(h.events, event{op: op, after: int32(len(h.lives)), open: pending != none})
	}
}

// pending returns the oldest lifetime that is open among the last two: where
// two are, their records raced, and the first close belongs to the first.
func (h *history) pending() int {
	for i := max(len(h.lives)-2, 0); i < len(h.lives); i++ {
		l := &h.lives[i]
		if l.open != none && l.close == none && (i == len(h.lives)-1 || h.lives[i+1].close == none) {
			return i
		}
	}
	return none
}

func (t *Trace) at(i int32) *Operation {
	if i == none {
		return nil
	}
	return &t.Operations[i]
}
