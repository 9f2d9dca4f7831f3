// Package frametest writes frames as tests compare them.
package frametest

import (
	"fmt"
	"strings"

	"github.com/handletrace/handletrace/callstack"
)

// Show writes frames as function+offset@start file:line, innermost first.
func Show(frames []callstack.Frame) string {
	var out []string
	for _, f := range frames {
		s := f.Function
		if f.Inlined {
			s += " (inlined)"
		} else {
			s += fmt.Sprintf("+%#x@%x", f.Offset, f.FunctionStart)
		}
		if f.File != "" || f.Line != 0 {
			s += fmt.Sprintf(" %s:%d", f.File, f.Line)
		}
		out = append(out, s)
	}
	return strings.Join(out, " < ")
}
