package simulate

import "slices"

// policy says which free value of a handle table is given out next.
type policy uint8

const (
	lowestFirst policy = iota
	lastFreed
	firstFreed
	policies // how many there are
)

var policyNames = [...]string{"lowest-first", "last-freed", "first-freed"}

func (p policy) String() string { return policyNames[p] }

// object is what an open makes and a close ends.
type object struct {
	value     uint64
	component *component // who it belongs to
	site      string     // where it was opened
	thread    uint32     // the thread that opened it
	kind      string
	opened    *entry // nil where it was not recorded
	closed    *entry // nil while it is open
	// incident is what killed the object wrongly, or what its holders did with
	// it after its death.
	incident *incident
	// leak is the bug that let go of the object without closing it.
	leak *leak
}

// firstValue is the lowest handle of a table: lower ones are taken by what the
// system opens first.
const firstValue = 0x40

// table is the handle table of a process.
type table struct {
	policy policy
	free   []uint64
	next   uint64
	live   map[uint64]*object
}

// newTable makes a table with some free values between others in use.
func newTable(p policy, free int) *table {
	t := &table{policy: p, next: firstValue, live: make(map[uint64]*object)}
	for range free {
		t.free = append(t.free, t.next)
		t.next += 4
	}
	return t
}

func (t *table) allocate() uint64 {
	if len(t.free) == 0 {
		t.next += 4
		return t.next - 4
	}
	i := 0
	if t.policy == lastFreed {
		i = len(t.free) - 1
	}
	v := t.free[i]
	t.free = slices.Delete(t.free, i, i+1)
	return v
}

func (t *table) release(v uint64) {
	delete(t.live, v)
	if t.policy != lowestFirst {
		t.free = append(t.free, v)
		return
	}
	i, _ := slices.BinarySearch(t.free, v)
	t.free = slices.Insert(t.free, i, v)
}
