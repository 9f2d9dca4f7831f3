package report

import (
	"fmt"

	"github.com/handletrace/handletrace/minidump"
)

// operationsSection is the number of handle operations, as it always stood at
// the top of the JSON.
var operationsSection = one[int]{
	infoPlace: shows("handle_operations", "", minidump.HandleOperationListStream),
	read: func(f *minidump.File) (*int, error) {
		list, err := f.HandleOperationList()
		if err != nil {
			return nil, nil // the trace's own section tells
		}
		n := list.Len()
		return &n, nil
	},
	set: func(i *Info, n *int) { i.HandleOperations = n },
}

// InfoHandleTrace is the trace of handle operations as a whole; the trace
// command shows each.
type InfoHandleTrace struct {
	Operations    int    `json:"operations"`
	Opens         int    `json:"opens"`
	Closes        int    `json:"closes"`
	BadReferences int    `json:"bad_references"`
	Others        int    `json:"others,omitempty"`
	Handles       int    `json:"handles"`
	Threads       int    `json:"threads"`
	Processes     int    `json:"processes"`
	EntrySize     uint32 `json:"entry_size"`
	Announced     uint32 `json:"announced"`
}

var handleTraceSection = one[InfoHandleTrace]{
	infoPlace: shows("handle_trace", "Handle trace", minidump.HandleOperationListStream),
	read: func(f *minidump.File) (*InfoHandleTrace, error) {
		list, err := f.HandleOperationList()
		if err != nil {
			return nil, err
		}
		info := &InfoHandleTrace{EntrySize: list.SizeOfEntry, Announced: list.NumberOfEntries}
		handles, threads, processes := map[uint64]bool{}, map[uint32]bool{}, map[uint32]bool{}
		for _, op := range list.All() {
			info.count(op.OperationType)
			handles[op.Handle] = true
			threads[op.ThreadID] = true
			processes[op.ProcessID] = true
		}
		info.Handles, info.Threads, info.Processes = len(handles), len(threads), len(processes)
		return info, nil
	},
	set: func(i *Info, v *InfoHandleTrace) { i.HandleTrace = v },
	write: func(t *infoText, v *InfoHandleTrace) {
		t.field("operations", fmt.Sprintf("%s (%s, %s, %s)", grouped(uint64(v.Operations)), count(v.Opens, "open"), count(v.Closes, "close"), count(v.BadReferences, "bad reference")))
		t.field("of other kinds", decimal(v.Others))
		t.field("handle values", grouped(uint64(v.Handles)))
		t.field("threads", grouped(uint64(v.Threads)))
		t.field("processes", grouped(uint64(v.Processes)))
		t.field("entries", fmt.Sprintf("%s announced, of %s each", grouped(uint64(v.Announced)), count(int(v.EntrySize), "byte")))
		t.line("the trace command shows the operations, analyze judges them")
	},
}

func (v *InfoHandleTrace) count(t minidump.OperationType) {
	v.Operations++
	switch t {
	case minidump.OperationDbOPEN:
		v.Opens++
	case minidump.OperationDbCLOSE:
		v.Closes++
	case minidump.OperationDbBADREF:
		v.BadReferences++
	default:
		v.Others++
	}
}
