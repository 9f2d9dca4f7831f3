package report

import (
	"strconv"

	"github.com/handletrace/handletrace/htrace"
)

// OperationJSON is an operation as JSON reports hold it.
type OperationJSON struct {
	Index     int         `json:"index"`
	Operation string      `json:"operation"`
	Handle    string      `json:"handle"`
	ProcessID uint32      `json:"process_id,omitempty"`
	ThreadID  uint32      `json:"thread_id,omitempty"`
	Stack     []FrameJSON `json:"stack"`
}

// FrameJSON is a frame as JSON reports hold it.
type FrameJSON struct {
	Address  string `json:"address"`
	Module   string `json:"module,omitempty"`
	Function string `json:"function,omitempty"`
	Offset   uint64 `json:"offset"`
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Inlined  bool   `json:"inlined,omitempty"`
	Source   string `json:"source,omitempty"`
	Unloaded bool   `json:"unloaded,omitempty"`

	Symbol    string `json:"symbol,omitempty"`    // the decorated name
	Generated bool   `json:"generated,omitempty"` // made at run time, outside every module
}

// NewOperationJSON returns the JSON form of an operation with its frames.
func NewOperationJSON(op *htrace.Operation, frames []htrace.Frame) OperationJSON {
	return OperationJSON{
		Index:     op.Index,
		Operation: op.Kind.String(),
		Handle:    hex(op.Handle),
		ProcessID: op.ProcessID,
		ThreadID:  op.ThreadID,
		Stack:     NewFramesJSON(frames),
	}
}

// NewFramesJSON returns the JSON form of frames.
func NewFramesJSON(frames []htrace.Frame) []FrameJSON {
	list := make([]FrameJSON, len(frames))
	for i, f := range frames {
		list[i] = newFrameJSON(f)
	}
	return list
}

func newFrameJSON(f htrace.Frame) FrameJSON {
	return FrameJSON{
		Address:  hex(f.Address),
		Module:   f.Module,
		Function: f.Function,
		Offset:   f.Offset,
		File:     f.File,
		Line:     f.Line,
		Inlined:  f.Inlined,
		Source:   string(f.Source),
		Unloaded: f.Unloaded,

		Symbol:    f.Symbol,
		Generated: f.Generated,
	}
}

func hex[N ~uint16 | ~uint32 | ~uint64](v N) string { return "0x" + strconv.FormatUint(uint64(v), 16) }
