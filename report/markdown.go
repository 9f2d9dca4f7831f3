package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/handletrace/handletrace/htrace"
)

// maxMarkdown is how many characters a comment on GitHub may have.
const maxMarkdown = 65_536

// WriteMarkdown writes the inputs for a comment on a pull request: a table,
// and each finding with its stacks to be unfolded. What does not fit into a
// comment of 65,536 characters is left out, and the text says so. Names from a
// dump cannot act as markup, links or mentions.
func WriteMarkdown(w io.Writer, inputs []Input) error {
	m := &markdown{}
	for i := range inputs {
		m.input(&inputs[i])
	}
	_, err := io.WriteString(w, m.b.String()+m.end())
	return err
}

// markdown gathers the comment.
type markdown struct {
	b       strings.Builder
	length  int // characters
	skipped int // parts that did not fit
}

const (
	// maxOverview is how many findings the table has.
	maxOverview = 100
	// maxMisses is how many findings in a row may not fit until no more are
	// tried: there may be thousands.
	maxMisses = 20
)

// room is what is kept for the note at the end.
const room = 200

// add adds a part if it fits, and reports whether it did.
func (m *markdown) add(part string) bool {
	n := utf8.RuneCountInString(part)
	if m.length+n > maxMarkdown-room {
		m.skipped++
		return false
	}
	m.length += n
	m.b.WriteString(part)
	return true
}

func (m *markdown) end() string {
	if m.skipped == 0 {
		return ""
	}
	return fmt.Sprintf("\n_%d parts of the report did not fit into a comment and are left out._\n", m.skipped)
}

func (m *markdown) input(in *Input) {
	head := "### Handle trace of " + code(in.Path) + "\n\n"
	switch {
	case in.Err != nil:
		m.add(head + "It could not be analysed: " + code(in.Err.Error()) + "\n\n")
		return
	case len(in.Findings) == 0:
		m.add(head + "No misuse of a handle was found.\n\n" + caveatsOf(in))
		return
	}
	m.add(head + caveatsOf(in) + overview(in))
	for i, misses := 0, 0; i < len(in.Findings); i++ {
		if m.add(in.markdownFinding(&in.Findings[i])) {
			misses = 0
		} else if misses++; misses == maxMisses {
			m.skipped += len(in.Findings) - i - 1
			return
		}
	}
}

func caveatsOf(in *Input) string {
	if c := in.Trace.Completeness().String(); c != "" {
		return c + "\n\n"
	}
	return ""
}

func overview(in *Input) string {
	var b strings.Builder
	b.WriteString("| | rule | handle | where |\n|---|---|---|---|\n")
	for i := range in.Findings {
		if i == maxOverview {
			fmt.Fprintf(&b, "| | | | and %s |\n", count(len(in.Findings)-i, "more finding"))
			break
		}
		f := &in.Findings[i]
		where := ""
		if f.Where != (htrace.Frame{}) {
			where = code(f.Where.String())
		}
		fmt.Fprintf(&b, "| %v | %s | %s | %s |\n", f.Confidence, code(string(f.Rule)), code(hex(f.Value)), where)
	}
	return b.String() + "\n"
}

func (in *Input) markdownFinding(f *htrace.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<details><summary>%s (%v), handle %#x</summary>\n\n%s\n\n", escapeHTML(Plain(string(f.Rule))), f.Confidence, f.Value, escapeHTML(Plain(f.Message)))
	for _, p := range Parts(f) {
		var stack strings.Builder
		for _, frame := range in.Trace.Frames(p.Operation, in.Code) {
			fmt.Fprintf(&stack, "%s\n", frame.String()+Source(frame))
		}
		// As code, for #1 alone would be a link.
		operation := code(fmt.Sprintf("#%d %v of %#x", p.Operation.Index, p.Operation.Kind, p.Operation.Handle))
		fmt.Fprintf(&b, "**%s**: %s\n\n%s\n\n", p.Title, operation, block(stack.String()))
	}
	return b.String() + "</details>\n\n"
}

// block returns text as HTML that nothing in it can end: inside <pre> there is
// no markup but HTML's.
func block(text string) string {
	var b strings.Builder
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(escapeHTML(Plain(line)))
	}
	return `<pre>` + b.String() + "</pre>"
}

// code returns one line of text as HTML that a table may hold.
func code(text string) string { return "<code>" + escapeHTML(Plain(text)) + "</code>" }

// escapeHTML writes all that HTML or Markdown could act on as character
// references. An @ or # behind a reference mentions nobody.
func escapeHTML(s string) string { return markup.Replace(s) }

var markup = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;", "|", "&#124;", "`", "&#96;", "*", "&#42;", "_", "&#95;",
	"[", "&#91;", "]", "&#93;", "(", "&#40;", ")", "&#41;", "!", "&#33;", "@", "&#64;&#8203;", "#", "&#35;", "~", "&#126;", `\`, "&#92;", "://", "&#58;//", "$", "&#36;",
)
