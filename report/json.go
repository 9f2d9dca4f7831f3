package report

import (
	"io"

	"github.com/handletrace/handletrace/htrace"
)

// Schema names the form of the JSON that WriteJSON writes. It only ever grows.
const Schema = "handletrace/v1"

// WriteJSON writes the inputs as one document of the schema named by Schema.
func WriteJSON(w io.Writer, inputs []Input) error { return writeAll(NewJSONWriter(w), inputs) }

// NewJSONWriter returns a writer of one document of the schema named by
// Schema. It holds no more than one operation of the document at a time.
func NewJSONWriter(w io.Writer) Writer {
	j := &jsonReport{jsonStream: newJSONStream(w)}
	j.begin("", "{")
	j.value("schema", Schema)
	j.begin("inputs", "[")
	return j
}

// jsonReport writes a document, an input at a time.
type jsonReport struct {
	*jsonStream
	stacks stackCache
}

func (j *jsonReport) Close() error {
	j.end("]")
	return j.endDocument()
}

// endDocument closes the outermost object.
func (j *jsonReport) endDocument() error {
	j.end("}")
	j.w.WriteByte('\n')
	return j.flush()
}

func (j *jsonReport) Write(in *Input) error {
	j.stacks = stackCache{} // of another trace
	j.begin("", "{")
	j.head(in)
	j.findings("findings", in, in.Findings)
	if len(in.Known) > 0 {
		j.findings("known", in, in.Known)
	}
	j.story(in)
	if len(in.Notes) > 0 {
		j.value("notes", in.Notes)
	}
	j.value("warnings", append([]string{}, in.Warnings...))
	j.end("}")
	return j.flush()
}

type traceJSON struct {
	Operations    int               `json:"operations"`
	Opens         int               `json:"opens"`
	Closes        int               `json:"closes"`
	BadReferences int               `json:"bad_references"`
	Order         string            `json:"order"`
	OrderScore    int               `json:"order_score"`
	ProcessID     uint32            `json:"process_id,omitempty"`
	Completeness  *completenessJSON `json:"completeness"`
}

// completenessJSON is a htrace.Completeness.
type completenessJSON struct {
	Whole      bool     `json:"whole"`
	RingFull   bool     `json:"ring_full,omitempty"`
	OneHandle  bool     `json:"one_handle,omitempty"`
	OpensOnly  bool     `json:"opens_only,omitempty"`
	Cut        bool     `json:"cut,omitempty"`
	Missing    int      `json:"missing,omitempty"`
	Begun      int      `json:"begun,omitempty"`
	Unrecorded int      `json:"unrecorded,omitempty"`
	Caveats    []string `json:"caveats,omitempty"`
}

func newTraceJSON(t *htrace.Trace) *traceJSON {
	c := t.Completeness()
	return &traceJSON{
		Operations:    len(t.Operations),
		Opens:         t.Count(htrace.KindOpen),
		Closes:        t.Count(htrace.KindClose),
		BadReferences: t.Count(htrace.KindBadReference),
		Order:         t.Order.String(),
		OrderScore:    t.OrderScore,
		ProcessID:     t.ProcessID,
		Completeness: &completenessJSON{
			c.Whole(), c.RingFull, c.OneHandle, c.OpensOnly, c.Cut, c.Missing, c.Begun, c.Unrecorded, c.Caveats(),
		},
	}
}

// head writes what an input's object begins with.
func (j *jsonReport) head(in *Input) {
	j.value("path", in.Path)
	if in.Kind != "" {
		j.value("kind", in.Kind)
	}
	if in.Err != nil {
		j.value("error", in.Err.Error())
		return
	}
	if in.Trace != nil {
		j.value("trace", newTraceJSON(in.Trace))
	}
	if in.Failure != nil {
		j.begin("failure", "{")
		j.value("thread_id", in.Failure.ThreadID)
		if in.Failure.Handle != 0 {
			j.value("handle", hex(in.Failure.Handle))
		}
		j.operation("operation", in, in.Failure.Operation)
		j.end("}")
	}
}
