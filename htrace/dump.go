package htrace

import (
	"errors"
	"fmt"
	"math"

	"github.com/handletrace/handletrace/minidump"
)

var kindOf = map[minidump.OperationType]Kind{
	minidump.OperationDbOPEN:   KindOpen,
	minidump.OperationDbCLOSE:  KindClose,
	minidump.OperationDbBADREF: KindBadReference,
}

// FromDump reads the handle trace of a dump, and the handle table beside it
// where the dump has one. A dump without a trace gives
// [minidump.ErrNoStream]. Of opts, what the dump tells itself is taken from
// there.
func FromDump(f *minidump.File, opts Options) (*Trace, error) {
	list, err := f.HandleOperationList()
	if err != nil {
		return nil, err
	}
	if opts.ProcessID == 0 {
		if misc, err := f.MiscInfo(); err == nil && misc.HasProcessID() {
			opts.ProcessID = misc.ProcessID
		}
	}
	if opts.Table == nil {
		if opts.Table, err = tableOf(f); err != nil {
			return nil, err
		}
	}
	return readDump(list, opts), nil
}

func readDump(list *minidump.HandleOperationList, opts Options) *Trace {
	t := &Trace{ProcessID: opts.ProcessID, Order: opts.Order, Table: opts.Table}
	stacks := newStackTable()
	t.Operations = make([]Operation, 0, list.Len())
	t.stackOf = make([]int32, 0, list.Len())
	unused := 0 // slots of a ring that is not full
	for i, op := range list.All() {
		kind := kindOf[op.OperationType]
		if kind == 0 {
			if op.OperationType == minidump.OperationDbUnused {
				unused++
			}
			continue
		}
		id := stacks.id(op.ReturnAddresses)
		t.stackOf = append(t.stackOf, id)
		t.Operations = append(t.Operations, Operation{
			Index:     i,
			Handle:    op.Handle,
			ProcessID: op.ProcessID,
			ThreadID:  op.ThreadID,
			Kind:      kind,
			Stack:     stacks.stacks[id],
		})
	}
	t.stacks = stacks.stacks
	used := max(int64(list.NumberOfEntries)-int64(unused), 0)
	t.lack = lack{ring: uint64(used), missing: int(min(used-int64(len(t.Operations)), math.MaxInt32))}
	t.lack.cut = t.lack.missing > 0
	t.settle()
	return t
}

// tableOf reads the handle table; nil where the dump has none or a broken one,
// of which the dump's warnings tell.
func tableOf(f *minidump.File) (map[uint64]TableEntry, error) {
	data, err := f.HandleData()
	var broken *minidump.FormatError
	switch {
	case errors.Is(err, minidump.ErrNoStream), errors.As(err, &broken):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("htrace: reading the handle table: %w", err)
	}
	table := make(map[uint64]TableEntry, data.Len())
	for _, d := range data.All() {
		table[d.Handle&^tagBits] = TableEntry{d.TypeName, d.ObjectName, d.GrantedAccess, d.HandleCount}
	}
	return table, nil
}
