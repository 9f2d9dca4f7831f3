package report

import (
	"github.com/handletrace/handletrace/htrace"
)

func (j *jsonReport) findings(key string, in *Input, list []htrace.Finding) {
	j.begin(key, "[")
	for i := range list {
		j.finding(in, &list[i])
	}
	j.end("]")
}

func (j *jsonReport) finding(in *Input, f *htrace.Finding) {
	j.begin("", "{")
	j.value("rule", f.Rule)
	j.value("confidence", f.Confidence.String())
	j.value("handle", hex(f.Value))
	j.value("message", f.Message)
	j.value("id", f.ID)
	if f.AtException {
		j.value("at_exception", true)
	}
	if len(f.Caveats) > 0 {
		j.value("caveats", f.Caveats)
	}
	j.where("where", f.Where)
	j.operation("culprit", in, f.Culprit)
	j.operation("first_close", in, f.FirstClose)
	j.operation("victim", in, f.Victim)
	j.operations("related", in, f.Related)
	j.value("count", f.Count)
	j.end("}")
}

// where writes the frame that is responsible, and nothing where none is known.
func (j *jsonReport) where(key string, f htrace.Frame) {
	if f != (htrace.Frame{}) {
		j.value(key, newFrameJSON(f))
	}
}

// operations writes a list of operations, and nothing where it is empty.
func (j *jsonReport) operations(key string, in *Input, list []*htrace.Operation) {
	if len(list) == 0 {
		return
	}
	j.begin(key, "[")
	for _, op := range list {
		j.operation("", in, op)
	}
	j.end("]")
}

// operation writes the members of an OperationJSON one by one, and nothing for
// a nil operation.
func (j *jsonReport) operation(key string, in *Input, op *htrace.Operation) {
	if op == nil {
		return
	}
	j.begin(key, "{")
	j.value("index", op.Index)
	j.value("operation", op.Kind.String())
	j.value("handle", hex(op.Handle))
	if op.ProcessID != 0 {
		j.value("process_id", op.ProcessID)
	}
	if op.ThreadID != 0 {
		j.value("thread_id", op.ThreadID)
	}
	j.raw("stack", j.stacks.get(in, op, j.depth, func(frames []htrace.Frame) []byte {
		return j.encode(NewFramesJSON(frames))
	}))
	j.end("}")
}
