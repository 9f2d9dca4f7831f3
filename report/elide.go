package report

import (
	"strings"
	"unicode/utf8"

	"github.com/handletrace/handletrace/htrace"
)

// Names in text are shown whole up to maxName characters; of longer ones, the
// first and the last keptName. A template of C++ may have thousands, and a
// damaged dump names of any length.
const (
	maxName  = 1000
	keptName = 400
)

// elide takes the middle out of a name that is too long to be read, and says how
// long it is.
func elide(name string) string {
	if len(name) <= maxName {
		return name
	}
	n := utf8.RuneCountInString(name)
	if n <= maxName {
		return name
	}
	head, tail := 0, len(name)
	for range keptName {
		_, size := utf8.DecodeRuneInString(name[head:])
		head += size
		_, size = utf8.DecodeLastRuneInString(name[:tail])
		tail -= size
	}
	return name[:head] + "[… " + grouped(uint64(n)) + " characters …]" + name[tail:]
}

// elideFrame shortens the names of a frame.
func elideFrame(f htrace.Frame) htrace.Frame {
	f.Module, f.Function, f.File = elide(f.Module), elide(f.Function), elide(f.File)
	return f
}

// message returns what a finding says, with the names in it shortened.
func (in *Input) message(f *htrace.Finding) string {
	if len(f.Message) <= maxName {
		return f.Message
	}
	text := f.Message
	for _, p := range Parts(f) {
		for _, frame := range in.Trace.Frames(p.Operation, in.Code) {
			for _, name := range []string{frame.Function, frame.ModuleName()} {
				if len(name) > maxName {
					text = strings.ReplaceAll(text, name, elide(name))
				}
			}
		}
	}
	if e, ok := in.Trace.Table[f.Value]; ok && len(e.Name) > maxName {
		text = strings.ReplaceAll(text, e.Name, elide(e.Name))
	}
	// Names of other objects, which have few blanks.
	words := strings.Split(text, " ")
	for i, w := range words {
		words[i] = elide(w)
	}
	return strings.Join(words, " ")
}
