// Package report writes what the other packages found: the findings of an
// analysis and the story of a handle, the operations of a trace, the difference
// of two traces, and what is in a dump. Each is there as text for people and as
// JSON for programs; docs/analyze.schema.json, docs/diff.schema.json and
// docs/info.schema.json describe the latter.
//
// Nothing that a dump names can act on the terminal that the text goes to: see
// [Plain]. JSON holds names as they are. Long reports are written in a stream,
// an input after the other by a [Writer].
package report
