package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"

	"github.com/handletrace/handletrace/htrace"
)

// WriteJSONLines writes operations in the order given, each as an
// [OperationJSON] on a line of its own.
func WriteJSONLines(w io.Writer, in *Input, ops []*htrace.Operation) error {
	out := bufio.NewWriterSize(w, 1<<16)
	var line bytes.Buffer
	enc := json.NewEncoder(&line)
	enc.SetEscapeHTML(false)
	for _, op := range ops {
		line.Reset()
		if err := enc.Encode(NewOperationJSON(op, in.Trace.Frames(op, in.Code))); err != nil {
			return err
		}
		if _, err := out.Write(plainJSON(line.Bytes())); err != nil {
			return err
		}
	}
	return out.Flush()
}
