package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/handletrace/handletrace/report"
)

// label says which file an error is about.
func label(name string, err error) error { return fmt.Errorf("%s: %w", name, err) }

// printErrors writes what went wrong, each error on a line of its own, and below
// them the advice that goes with some, each once.
func printErrors(w io.Writer, err error) {
	said := make(map[string]bool)
	var advice []string
	for _, e := range separate(err) {
		if said[e.Error()] {
			continue
		}
		said[e.Error()] = true
		fmt.Fprintf(w, "handletrace: %s\n", oneLine(e))
		var a *advised
		if errors.As(e, &a) && !said[a.advice] {
			said[a.advice] = true
			advice = append(advice, a.advice)
		}
	}
	for _, a := range advice {
		fmt.Fprintf(w, "\n%s\n", a)
	}
}

// separate returns the errors that were joined.
func separate(err error) []error {
	list, ok := joined(err)
	if !ok {
		return []error{err}
	}
	var all []error
	for _, e := range list {
		all = append(all, separate(e)...)
	}
	return all
}

// joined returns the errors that errors.Join made one of, with a line for each.
func joined(err error) ([]error, bool) {
	j, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil, false
	}
	var lines []string
	for _, e := range j.Unwrap() {
		lines = append(lines, e.Error())
	}
	return j.Unwrap(), err.Error() == strings.Join(lines, "\n")
}

// oneLine returns the text of an error without line breaks, in which nothing
// acts on a terminal. The lines of errors that were joined are parted by
// semicolons; all other breaks are of file names and the like, and are escaped,
// so that none can pass for a line of ours.
func oneLine(err error) string {
	if list, ok := joined(err); ok {
		var parts []string
		for _, e := range list {
			parts = append(parts, oneLine(e))
		}
		return strings.Join(parts, "; ")
	}
	text := err.Error()
	inner := errors.Unwrap(err)
	if inner == nil {
		return plain(text)
	}
	before, after, ok := strings.Cut(text, inner.Error())
	if !ok {
		return plain(text)
	}
	return plain(before) + oneLine(inner) + plain(after)
}

// plain is report.Plain, to which a tab is but a wide blank.
func plain(text string) string { return report.Plain(strings.ReplaceAll(text, "\t", "  ")) }
