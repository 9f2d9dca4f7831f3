package report

import (
	"bufio"
	"encoding/json"
	"io"

	"github.com/handletrace/handletrace/htrace"
)

// WriteJSONLines writes operations in the order given, each as an
// [OperationJSON] on a line of its own.
func WriteJSONLines(w io.Writer, in *Input, ops []*htrace.Operation) error {
	b := bufio.NewWriter(w)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	for _, op := range ops {
		if err := enc.Encode(NewOperationJSON(op, in.Trace.Frames(op, in.Code))); err != nil {
			return err
		}
	}
	return b.Flush()
}
