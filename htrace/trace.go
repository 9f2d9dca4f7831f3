package htrace

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// Order is the order in which a trace's entries were stored.
type Order uint8

// Orders. Nothing in the file says which it is, so it is found out.
const (
	OrderUnknown Order = iota
	NewestFirst
	OldestFirst
)

var orderNames = [...]string{"unknown", "newest-first", "oldest-first"}

// String returns "newest-first", "oldest-first" or "unknown", as --order and JSON
// spell it.
func (o Order) String() string { return orderNames[min(int(o), len(orderNames)-1)] }

// Trace is a handle trace in the order of time.
type Trace struct {
	// Operations are the entries, oldest first.
	Operations []Operation
	// ProcessID is the process whose handles these are; 0 where it is not
	// known.
	ProcessID uint32
	// Order is how the entries were stored, and OrderScore how clearly the
	// data tell: the weight of what speaks for it less what speaks against,
	// 0 where nothing does.
	Order      Order
	OrderScore int
	// Table are the handles that were open at the end, by value; nil where
	// that is not known.
	Table map[uint64]TableEntry

	stacks  [][]uint64
	stackOf []int32 // of each operation
	values  values
	lack    lack
}

// TableEntry is what the handle table of a dump says of a handle.
type TableEntry struct {
	Type          string // File, Event, Key...
	Name          string
	GrantedAccess uint32
	HandleCount   uint32
}

// Options say how to read a trace. The zero value finds everything out.
type Options struct {
	// Order forces the order in which the entries were stored.
	Order Order
	// ProcessID is the process whose handles these are.
	ProcessID uint32
	// Table are the handles open at the end.
	Table map[uint64]TableEntry
}

// New makes a trace of operations in the order in which they were stored. It
// keeps the slice, numbers its entries and puts them in the order of time.
// Entries of no known kind are left out.
func New(stored []Operation, opts Options) *Trace {
	t := &Trace{ProcessID: opts.ProcessID, Order: opts.Order, Table: opts.Table}
	for i := range stored {
		stored[i].Index = i
	}
	t.Operations = slices.DeleteFunc(stored, func(o Operation) bool { return o.Kind < KindOpen || o.Kind > KindBadReference })
	t.lack.missing = len(stored) - len(t.Operations)
	t.intern()
	t.settle()
	return t
}

// settle puts interned operations in the order of time and finds out whose
// they are.
func (t *Trace) settle() {
	if !slices.ContainsFunc(t.Operations, func(o Operation) bool { return o.ProcessID == t.ProcessID || o.ProcessID == 0 }) {
		// Nothing is known of whose they are, or what is known is of another
		// numbering, as that of a container or of the writer.
		t.ProcessID = mostFrequentProcess(t.Operations)
	}
	t.values = numberValues(t.Operations)
	newest, score := t.judgeOrder()
	if t.Order == OrderUnknown {
		t.Order = newest
	}
	if t.OrderScore = score; t.Order != newest {
		t.OrderScore = -score
	}
	if t.Order == NewestFirst {
		slices.Reverse(t.Operations)
		slices.Reverse(t.stackOf)
		slices.Reverse(t.values.of)
	}
}

// intern makes operations with the same stack share it, for a program has few
// places and a trace many operations.
func (t *Trace) intern() {
	table := newStackTable()
	t.stackOf = make([]int32, len(t.Operations))
	for i := range t.Operations {
		id := table.id(t.Operations[i].Stack)
		t.stackOf[i] = id
		t.Operations[i].Stack = table.stacks[id]
	}
	t.stacks = table.stacks
}

// stackTable numbers stacks by what is in them.
type stackTable struct {
	stacks [][]uint64
	ids    map[string]int32
	key    []byte
}

func newStackTable() *stackTable { return &stackTable{ids: make(map[string]int32)} }

func (s *stackTable) id(stack []uint64) int32 {
	s.key = s.key[:0]
	for _, a := range stack {
		s.key = binary.LittleEndian.AppendUint64(s.key, a)
	}
	if id, ok := s.ids[string(s.key)]; ok {
		return id
	}
	id := int32(len(s.stacks))
	s.stacks = append(s.stacks, slices.Clone(stack))
	s.ids[string(s.key)] = id
	return id
}

func mostFrequentProcess(ops []Operation) uint32 {
	count := make(map[uint32]int)
	for i := range ops {
		count[ops[i].ProcessID]++
	}
	var best uint32
	for pid, n := range count {
		if n > count[best] || n == count[best] && cmp.Less(pid, best) {
			best = pid
		}
	}
	return best
}

// Count returns how many operations are of a kind.
func (t *Trace) Count(k Kind) int {
	n := 0
	for i := range t.Operations {
		if t.Operations[i].Kind == k {
			n++
		}
	}
	return n
}

// Frames returns the frames of an operation, innermost first. The stack of an
// operation that another process made is of that process's code, so its
// addresses stay bare. A nil code gives bare addresses too.
func (t *Trace) Frames(op *Operation, code Code) []Frame {
	if code == nil || t.IsForeign(op) {
		code = noCode{}
	}
	frames := make([]Frame, 0, len(op.Stack))
	for _, a := range op.Stack {
		frames = append(frames, code.Frames(a)...)
	}
	return frames
}

// IsForeign reports whether another process made the operation, as one does
// that duplicates a handle into this process.
func (t *Trace) IsForeign(op *Operation) bool {
	return op.ProcessID != 0 && t.ProcessID != 0 && op.ProcessID != t.ProcessID
}
