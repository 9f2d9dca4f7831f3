package report

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/handletrace/handletrace/htrace"
)

// rule is what !htrace prints between entries.
const rule = "--------------------------------------"

// inlineMark stands in place of the address of an inlined function, as in the
// debugger's other stacks. !htrace itself knows no inlined functions.
const inlineMark = "(Inline Function)"

var htraceNames = map[htrace.Kind]string{
	htrace.KindOpen:         "OPEN",
	htrace.KindClose:        "CLOSE",
	htrace.KindBadReference: "*** BAD REFERENCE ***",
}

// WriteHtrace writes operations as !htrace prints them, in the order given,
// which for !htrace is the newest first. htrace.ReadTranscript reads it back.
func WriteHtrace(w io.Writer, in *Input, ops []*htrace.Operation) error {
	b := bufio.NewWriterSize(w, 1<<16)
	p := htracePrint{digits: 2 * in.PointerSize}
	var stacks stackCache
	for _, op := range ops {
		fmt.Fprintf(b, "%s\nHandle = 0x%0*x - %s\n", rule, p.digits, op.Handle, htraceNames[op.Kind])
		fmt.Fprintf(b, "Thread ID = 0x%0*x, Process ID = 0x%0*x\n\n", p.digits, op.ThreadID, p.digits, op.ProcessID)
		b.Write(stacks.get(in, op, 0, p.stack))
	}
	fmt.Fprintf(b, "%s\nParsed 0x%X stack traces.\nDumped 0x%X stack traces.\n", rule, len(in.Trace.Operations), len(ops))
	return b.Flush()
}

// htracePrint writes numbers with the digits of the process's pointers.
type htracePrint struct{ digits int }

// stack returns the lines of a stack.
func (p htracePrint) stack(frames []htrace.Frame) []byte {
	var b []byte
	for i := range frames {
		if frames[i].Inlined {
			b = append(b, inlineMark...)
		} else {
			b = p.number(b, frames[i].Address)
		}
		b = append(b, ": "...)
		b = p.location(b, &frames[i])
		b = append(b, '\n')
	}
	return b
}

func (p htracePrint) location(b []byte, f *htrace.Frame) []byte {
	if f.Module == "" {
		return p.number(append(b, '+'), f.Address)
	}
	b = append(b, spokenModule(f.ModuleName())...)
	if f.Function != "" {
		b = append(append(b, '!'), spokenFunction(f.Function)...)
	}
	return p.number(append(b, '+'), f.Offset)
}

// spokenModule returns the name of a module as debuggers speak of it: with
// underscores in place of what would end it in a line.
func spokenModule(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" !+<>()*:", r) {
			return '_'
		}
		return r
	}, Plain(name))
}

// spokenFunction returns the name of a function with single blanks: two in a
// row would end it.
func spokenFunction(name string) string {
	if name = Plain(name); strings.HasPrefix(name, " ") || strings.HasSuffix(name, " ") || strings.Contains(name, "  ") {
		return strings.Join(strings.Fields(name), " ")
	}
	return name
}

// number appends a number with leading zeros.
func (p htracePrint) number(b []byte, v uint64) []byte {
	var digits [16]byte
	hex := strconv.AppendUint(digits[:0], v, 16)
	b = append(b, "0x"...)
	for range p.digits - len(hex) {
		b = append(b, '0')
	}
	return append(b, hex...)
}
