package report

import (
	"bufio"
	"fmt"
	"io"

	"github.com/handletrace/handletrace/htrace"
)

// rule is what !htrace prints between entries.
const rule = "--------------------------------------"

var htraceNames = map[htrace.Kind]string{
	htrace.Open:         "OPEN",
	htrace.Close:        "CLOSE",
	htrace.BadReference: "*** BAD REFERENCE ***",
}

// WriteHtrace writes operations as !htrace prints them, in the order given,
// which for !htrace is the newest first.
func WriteHtrace(w io.Writer, in *Input, ops []*htrace.Operation) error {
	digits := 2 * in.PointerSize
	b := bufio.NewWriter(w)
	for _, op := range ops {
		fmt.Fprintf(b, "%s\nHandle = 0x%0*x - %s\n", rule, digits, op.Handle, htraceNames[op.Kind])
		fmt.Fprintf(b, "Thread ID = 0x%0*x, Process ID = 0x%0*x\n\n", digits, op.ThreadID, digits, op.ProcessID)
		for _, f := range in.Trace.Frames(op, in.Code) {
			fmt.Fprintf(b, "0x%0*x: %s\n", digits, f.Address, location(f, digits))
		}
	}
	fmt.Fprintf(b, "%s\nParsed 0x%X stack traces.\nDumped 0x%X stack traces.\n", rule, len(in.Trace.Operations), len(ops))
	return b.Flush()
}

func location(f htrace.Frame, digits int) string {
	switch {
	case f.Module == "":
		return fmt.Sprintf("+0x%0*x", digits, f.Address)
	case f.Function == "":
		return fmt.Sprintf("%s+0x%0*x", Plain(f.ModuleName()), digits, f.Offset)
	}
	return fmt.Sprintf("%s!%s+0x%0*x", Plain(f.ModuleName()), Plain(f.Function), digits, f.Offset)
}
