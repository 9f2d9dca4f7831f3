package report

import (
	"fmt"
	"io"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/handletrace/handletrace/htrace"
)

// SARIFOptions say how findings are told to services that scan code. The zero
// value works.
type SARIFOptions struct {
	// SourceRoots are folders, as the debug information names them: what lies
	// below one is given relative to it, as services want it that know the
	// sources of a repository.
	SourceRoots []string
}

// WriteSARIF writes the inputs as one SARIF 2.1.0 log (OASIS Standard): a run
// with a result for each finding.
func WriteSARIF(w io.Writer, inputs []Input) error { return SARIFOptions{}.Write(w, inputs) }

// Write writes the inputs as one SARIF log, a result at a time: the stacks of
// all together may take gigabytes.
func (o SARIFOptions) Write(w io.Writer, inputs []Input) error {
	rules := sarifRules(inputs)
	invocation := sarifInvocation{Successful: true}
	for i := range inputs {
		invocation.note(&inputs[i])
	}
	s := newJSONStream(w)
	s.begin("", "{")
	s.value("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
	s.value("version", "2.1.0")
	s.begin("runs", "[")
	s.begin("", "{")
	s.value("tool", sarifTool{sarifDriver{Name: "handletrace", Version: toolVersion(), Rules: rules}})
	s.value("invocations", []sarifInvocation{invocation})
	s.begin("results", "[")
	for i := range inputs {
		in := &inputs[i]
		for k := range in.Findings {
			s.value("", o.result(in, &in.Findings[k], rules))
		}
	}
	s.end("]")
	s.value("columnKind", "unicodeCodePoints")
	s.end("}")
	s.end("]")
	s.end("}")
	s.newline()
	return s.flush()
}

// toolVersion returns the version that the program was built as, and 0.0.0 for
// one built from a folder.
func toolVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && strings.HasPrefix(info.Main.Version, "v") {
		return strings.TrimPrefix(info.Main.Version, "v")
	}
	return "0.0.0"
}

func (v *sarifInvocation) note(in *Input) {
	if in.Err != nil {
		v.Successful = false
		v.Notifications = append(v.Notifications, sarifNotification{"error", sarifMessage{Plain(in.Path + ": " + in.Err.Error())}})
	}
	for _, w := range in.Warnings {
		v.Notifications = append(v.Notifications, sarifNotification{"warning", sarifMessage{Plain(in.Path + ": " + w)}})
	}
}

// sarifLevels grade findings: what is merely possible is for a reader.
var sarifLevels = map[htrace.Confidence]string{htrace.Certain: "error", htrace.Likely: "error", htrace.Possible: "note"}

func (o SARIFOptions) result(in *Input, f *htrace.Finding, rules []sarifRule) sarifResult {
	r := sarifResult{
		RuleID:       string(f.Rule),
		RuleIndex:    slices.IndexFunc(rules, func(r sarifRule) bool { return r.ID == string(f.Rule) }),
		Level:        sarifLevels[f.Confidence],
		Message:      sarifMessage{Plain(strings.Join(append([]string{f.Message}, f.Caveats...), " "))},
		Fingerprints: map[string]string{"handletrace/v1": f.ID},
		Properties:   map[string]any{"confidence": f.Confidence.String(), "handle": hex(f.Value), "count": f.Count, "dump": Plain(in.Path)},
	}
	if f.Where != (htrace.Frame{}) {
		r.Locations = []sarifLocation{o.location(f.Where, "")}
	} else {
		// Services drop a result that is nowhere.
		r.Locations = []sarifLocation{{Physical: &sarifPhysical{Artifact: sarifArtifact{URI: fileURI(in.Path)}}}}
	}
	for i, p := range Parts(f) {
		frames := in.Trace.Frames(p.Operation, in.Code)
		r.Stacks = append(r.Stacks, o.stack(p, frames))
		if owner := responsible(in, frames); i > 0 && owner != nil {
			l := o.location(*owner, fmt.Sprintf("%s: #%d %v of %#x", p.Title, p.Operation.Index, p.Operation.Kind, p.Operation.Handle))
			l.ID = i
			r.Related = append(r.Related, l)
		}
	}
	return r
}

// responsible returns the innermost frame of the application.
func responsible(in *Input, frames []htrace.Frame) *htrace.Frame {
	for i := range frames {
		if f := &frames[i]; f.File != "" || f.Module != "" && (in.Code == nil || !in.Code.IsSystem(f.Address)) {
			return f
		}
	}
	return nil
}

func (o SARIFOptions) stack(p Part, frames []htrace.Frame) sarifStack {
	s := sarifStack{Message: sarifMessage{p.Title}, Frames: []sarifFrame{}}
	for _, f := range frames {
		s.Frames = append(s.Frames, sarifFrame{Location: o.location(f, ""), Module: Plain(f.Module), ThreadID: int64(p.Operation.ThreadID)})
	}
	return s
}

// location returns where a frame is: in a file of the sources where that is
// known, else in its module.
func (o SARIFOptions) location(f htrace.Frame, message string) sarifLocation {
	l := sarifLocation{Logical: []sarifLogical{{Name: Plain(f.String()), Kind: "function"}}}
	if message != "" {
		l.Message = &sarifMessage{Plain(message)}
	}
	switch {
	case f.File != "":
		l.Physical = &sarifPhysical{Artifact: sarifArtifact{URI: o.sourceURI(f.File)}}
		if f.Line > 0 {
			l.Physical.Region = &sarifRegion{f.Line}
		}
	case f.Module != "":
		l.Physical = &sarifPhysical{Artifact: sarifArtifact{URI: fileURI(f.Module)}}
	}
	return l
}

// sourceURI returns the URI of a source file, relative where it lies below a
// root.
func (o SARIFOptions) sourceURI(file string) string {
	path := strings.ReplaceAll(file, `\`, "/")
	for _, root := range o.SourceRoots {
		root = strings.TrimSuffix(strings.ReplaceAll(root, `\`, "/"), "/") + "/"
		if len(path) > len(root) && strings.EqualFold(path[:len(root)], root) {
			return (&url.URL{Path: path[len(root):]}).EscapedPath()
		}
	}
	return fileURI(file)
}

// fileURI returns the URI of a file, absolute if its path is.
func fileURI(file string) string {
	path := strings.ReplaceAll(Plain(file), `\`, "/")
	switch {
	case len(path) > 1 && path[1] == ':':
		return (&url.URL{Scheme: "file", Path: "/" + path}).String()
	case strings.HasPrefix(path, "//"):
		host, rest, _ := strings.Cut(path[2:], "/")
		return (&url.URL{Scheme: "file", Host: url.PathEscape(host), Path: "/" + rest}).String()
	case strings.HasPrefix(path, "/"):
		return (&url.URL{Scheme: "file", Path: path}).String()
	}
	return (&url.URL{Path: strings.TrimPrefix(path, "./")}).EscapedPath()
}
