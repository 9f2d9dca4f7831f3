package report

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/handletrace/handletrace/htrace"
)

// lineWidth is where the text of messages is broken.
const lineWidth = 88

// The ANSI sequences of styles.
const (
	bold   = "1"
	red    = "1;31"
	yellow = "33"
)

var confidenceColors = map[htrace.Confidence]string{htrace.Certain: red, htrace.Likely: yellow, htrace.Possible: bold}

// lines writes lines of text, in which nothing of a dump can act on the
// terminal.
type lines struct {
	w    *bufio.Writer
	opts TextOptions
}

func newLines(w io.Writer, opts TextOptions) *lines { return &lines{bufio.NewWriter(w), opts} }

func (l *lines) blank() { l.w.WriteByte('\n') }

// linef writes a line.
func (l *lines) linef(format string, args ...any) {
	l.w.WriteString(Plain(fmt.Sprintf(format, args...)))
	l.w.WriteByte('\n')
}

// styled writes a line in a style, where there are colours.
func (l *lines) styled(style, format string, args ...any) {
	if !l.opts.Color {
		l.linef(format, args...)
		return
	}
	fmt.Fprintf(l.w, "\x1b[%sm%s\x1b[0m\n", style, Plain(fmt.Sprintf(format, args...)))
}

// wrapped writes a text in lines, the first of which has something before it
// that the others are indented by.
func (l *lines) wrapped(before, text string) {
	for i, line := range wrap(Plain(text), lineWidth-len(before)) {
		if i > 0 {
			before = strings.Repeat(" ", len(before))
		}
		l.w.WriteString(before)
		l.w.WriteString(line)
		l.w.WriteByte('\n')
	}
}

func (l *lines) flush() error { return l.w.Flush() }

// wrap breaks text into lines of at most width characters, at blanks.
func wrap(text string, width int) []string {
	var lines []string
	var line strings.Builder
	length := 0
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		if length > 0 && length+1+n > width {
			lines = append(lines, line.String())
			line.Reset()
			length = 0
		}
		if length > 0 {
			line.WriteByte(' ')
			length++
		}
		line.WriteString(word)
		length += n
	}
	return append(lines, line.String())
}

// count returns a number and the name of what is counted.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// Source returns where a frame is in the source code, and what else is to be
// said of it, to stand behind the frame in a line of text.
func Source(f htrace.Frame) string {
	var s string
	if f.File != "" {
		s = "  [" + f.File + ":" + strconv.Itoa(f.Line) + "]"
	}
	if f.Inlined {
		s += " (inlined)"
	}
	if f.Unloaded {
		s += " (unloaded module)"
	}
	if f.Generated {
		s += " (code outside every module, made at run time)"
	}
	return s
}
