package htrace

// Every entry of a trace is about a value in one process's handle table. The
// process of an entry is that of who did it: one that duplicates a handle into
// ours, or closes one of ours, is recorded with its own number. Some traces
// also hold the operations of several processes, each on its own table.

// slot names one entry of one handle table.
type slot struct {
	process uint32
	value   uint64
}

// tableOwners tells for every process that occurs whose table its operations
// are about. A process is taken to act on its own table if that explains its
// entries better than ours does.
func (t *Trace) tableOwners() map[uint32]uint32 {
	owners := map[uint32]uint32{t.ProcessID: t.ProcessID}
	var foreign []uint32
	for i := range t.Operations {
		pid := t.Operations[i].ProcessID
		if pid == t.ProcessID {
			continue
		}
		if _, ok := owners[pid]; !ok {
			owners[pid] = t.ProcessID
			foreign = append(foreign, pid)
		}
	}
	if len(foreign) > maxForeign {
		return owners
	}
	for _, pid := range foreign {
		if t.contradictions(pid, true) > t.contradictions(pid, false) {
			owners[pid] = pid
		}
	}
	return owners
}

// maxForeign is how many other processes are looked at, each of which costs two
// walks over the trace. So many have no business with one process's handles:
// the numbers are garbage.
const maxForeign = 32

// contradictions counts what cannot happen in one handle table, with the
// entries of a foreign process taken as on ours (merged) or on its own: an
// open of a value that is open, a close of one that was just closed.
func (t *Trace) contradictions(pid uint32, merged bool) int {
	last := make(map[slot]Kind)
	n := 0
	for i := range t.Operations {
		op := &t.Operations[i]
		if op.ProcessID != pid && op.ProcessID != t.ProcessID || op.Kind == KindBadReference {
			continue
		}
		s := slot{op.ProcessID, op.Value()}
		if merged {
			s.process = 0
		}
		if last[s] == op.Kind {
			n++
		}
		last[s] = op.Kind
	}
	return n
}
