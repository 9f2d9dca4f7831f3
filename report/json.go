package report

import (
	"encoding/json"
	"io"
	"strconv"

	"github.com/handletrace/handletrace/htrace"
)

// Schema names the form of the JSON that WriteJSON writes. It only ever grows.
const Schema = "handletrace/v1"

type document struct {
	Schema string      `json:"schema"`
	Inputs []inputJSON `json:"inputs"`
}

type inputJSON struct {
	Path     string        `json:"path"`
	Kind     string        `json:"kind"`
	Trace    traceJSON     `json:"trace"`
	Findings []findingJSON `json:"findings"`
	Warnings []string      `json:"warnings"`
}

type traceJSON struct {
	Operations    int    `json:"operations"`
	Opens         int    `json:"opens"`
	Closes        int    `json:"closes"`
	BadReferences int    `json:"bad_references"`
	Order         string `json:"order"`
	OrderScore    int    `json:"order_score"`
	ProcessID     uint32 `json:"process_id,omitempty"`
}

type findingJSON struct {
	Rule       htrace.Rule     `json:"rule"`
	Confidence string          `json:"confidence"`
	Handle     string          `json:"handle"`
	Message    string          `json:"message"`
	Culprit    *OperationJSON  `json:"culprit,omitempty"`
	FirstClose *OperationJSON  `json:"first_close,omitempty"`
	Victim     *OperationJSON  `json:"victim,omitempty"`
	Related    []OperationJSON `json:"related,omitempty"`
	Count      int             `json:"count"`
}

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

// WriteJSON writes the inputs as one document of the schema named by Schema.
func WriteJSON(w io.Writer, inputs []Input) error {
	doc := document{Schema: Schema, Inputs: []inputJSON{}}
	for i := range inputs {
		doc.Inputs = append(doc.Inputs, inputs[i].json())
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(doc)
}

func (in *Input) json() inputJSON {
	j := inputJSON{Path: in.Path, Kind: in.Kind, Findings: []findingJSON{}, Warnings: []string{}}
	j.Warnings = append(j.Warnings, in.Warnings...)
	if t := in.Trace; t != nil {
		j.Trace = traceJSON{
			Operations:    len(t.Operations),
			Opens:         t.Count(htrace.Open),
			Closes:        t.Count(htrace.Close),
			BadReferences: t.Count(htrace.BadReference),
			Order:         t.Order.String(),
			OrderScore:    t.OrderScore,
			ProcessID:     t.ProcessID,
		}
	}
	for i := range in.Findings {
		j.Findings = append(j.Findings, in.findingJSON(&in.Findings[i]))
	}
	return j
}

func (in *Input) findingJSON(f *htrace.Finding) findingJSON {
	j := findingJSON{
		Rule:       f.Rule,
		Confidence: f.Confidence.String(),
		Handle:     hex(f.Value),
		Message:    f.Message,
		Culprit:    in.operation(f.Culprit),
		FirstClose: in.operation(f.FirstClose),
		Victim:     in.operation(f.Victim),
		Count:      f.Count,
	}
	for _, op := range f.Related {
		j.Related = append(j.Related, *in.operation(op))
	}
	return j
}

func (in *Input) operation(op *htrace.Operation) *OperationJSON {
	if op == nil {
		return nil
	}
	j := NewOperationJSON(op, in.Trace.Frames(op, in.Code))
	return &j
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
		list[i] = FrameJSON{
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
	return list
}

func hex[N ~uint16 | ~uint32 | ~uint64](v N) string { return "0x" + strconv.FormatUint(uint64(v), 16) }
