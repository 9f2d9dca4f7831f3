package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/handletrace/handletrace/minidump"
)

// InfoOptions are what WriteInfoText may be asked for.
type InfoOptions struct {
	// All shows every row of every table, the registers of every thread and
	// the environment of the process.
	All bool
}

// WriteInfoText writes what is in a dump for people to read, a section at a
// time. A section that could not be read says so and why; the warnings at the
// end are all that was found wrong.
func WriteInfoText(w io.Writer, f *minidump.File, options InfoOptions) error {
	b := bufio.NewWriter(w)
	t := &infoText{w: b, all: options.All, most: mostOutput(f.Size())}
	var failed []string
	for _, s := range infoSections() {
		err := s.text(t, f)
		if absent(err) {
			err = nil
		}
		if err != nil {
			failed = append(failed, err.Error())
		}
		t.faults(s.at(), err, f.Warnings())
	}
	if all := append(failed, fileWarnings(f)...); len(all) > 0 {
		t.heading(fmt.Sprintf("Warnings (%d)", len(all)))
		t.list(all)
	}
	t.flush()
	return b.Flush()
}

// Limits of the text where not everything is asked for.
const (
	maxRows   = 50 // of a table, a list or a block of text
	maxFaults = 5  // of a section; the warnings at the end have them all
)

// infoText writes sections of fields, tables and texts. Errors of writing are
// the bufio.Writer's to keep.
type infoText struct {
	w       *bufio.Writer
	all     bool
	most    int64 // bytes that a table may have
	begun   bool
	current string // the heading that was written last
	margin  string
	fields  [][2]string // not written yet
}

// limit returns how many of n rows are shown.
func (t *infoText) limit(n int) int {
	if t.all {
		return n
	}
	return min(n, maxRows)
}

func (t *infoText) heading(title string) {
	t.flush()
	if t.begun {
		t.w.WriteByte('\n')
	}
	t.begun, t.current, t.margin = true, title, "  "
	t.w.WriteString(title + "\n")
}

// sub writes a heading inside a section; what write writes stands below it.
func (t *infoText) sub(title string, write func()) {
	t.line(title)
	t.inner(write)
}

// inner writes with a wider margin.
func (t *infoText) inner(write func()) {
	t.flush()
	margin := t.margin
	t.margin += "  "
	write()
	t.flush()
	t.margin = margin
}

// line writes a line of text.
func (t *infoText) line(text string) {
	t.flush()
	t.w.WriteString(t.margin + Plain(text) + "\n")
}

// field writes a name and a value below those before it; nothing where the
// value is empty.
func (t *infoText) field(name, value string) {
	if value != "" {
		t.fields = append(t.fields, [2]string{name, value})
	}
}

// flush writes the fields that wait to be aligned.
func (t *infoText) flush() {
	width := 0
	for _, f := range t.fields {
		width = max(width, min(utf8.RuneCountInString(f[0]), maxCell))
	}
	for _, f := range t.fields {
		name := Plain(f[0])
		t.w.WriteString(t.margin + name + blanks(width+2-utf8.RuneCountInString(name)) + Plain(f[1]) + "\n")
	}
	t.fields = t.fields[:0]
}

// list writes texts below one another.
func (t *infoText) list(list []string) {
	each(t, rowsOf(list), func(_ int, s *string) { t.line(*s) })
}

// each writes the rows of a list that is no table.
func each[T any](t *infoText, r rows[T], write func(i int, v *T)) {
	limit, n := t.limit(r.n), 0
	for v := range r.all {
		if n == limit {
			break
		}
		write(n, &v)
		n++
	}
	t.more(r.n - n)
}

// block writes a text of several lines.
func (t *infoText) block(text string) {
	text = strings.TrimRight(text, "\r\n \t")
	if text == "" {
		return
	}
	lines := rows[string]{strings.Count(text, "\n") + 1, strings.SplitSeq(text, "\n")}
	each(t, lines, func(_ int, l *string) {
		t.line(strings.ReplaceAll(strings.TrimRight(*l, "\r"), "\t", " "))
	})
}

// more says how many rows were left out.
func (t *infoText) more(n int) {
	if n > 0 {
		t.flush()
		t.w.WriteString(t.margin + "… and " + grouped(uint64(n)) + " more (--all shows them)\n")
	}
}

// faults says in a section what was wrong with its streams.
func (t *infoText) faults(p infoPlace, err error, warnings []minidump.Warning) {
	if p.title == "" {
		return
	}
	var list []string
	if err != nil {
		list = append(list, "could not be read: "+err.Error())
	}
	for _, w := range warnings {
		if slices.Contains(p.streams, w.Stream) {
			list = append(list, fmt.Sprintf("warning: offset %#x: %s", w.Offset, w.Reason))
		}
	}
	if len(list) == 0 {
		return
	}
	if t.current != p.title && !strings.HasPrefix(t.current, p.title+" (") {
		t.heading(p.title)
	}
	for _, s := range list[:min(len(list), maxFaults)] {
		t.line(s)
	}
	if n := len(list) - maxFaults; n > 0 {
		t.line(fmt.Sprintf("and %s, which stand at the end", count(n, "more warning")))
	}
}

func blanks(n int) string { return strings.Repeat(" ", max(n, 0)) }
