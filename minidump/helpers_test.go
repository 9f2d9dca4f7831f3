package minidump_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

const (
	amd64 = minidump.ProcessorArchitectureAMD64
	x86   = minidump.ProcessorArchitectureIntel
)

func open(t *testing.T, b *minidumptest.Builder) *minidump.File {
	t.Helper()
	f, err := b.Open()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// must returns what a call gave, and ends the test where it failed.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func noWarnings(t *testing.T, f *minidump.File) {
	t.Helper()
	for _, w := range f.Warnings() {
		t.Errorf("warning: %v", w)
	}
}

func wantWarning(t *testing.T, f *minidump.File, stream minidump.StreamType, text string) {
	t.Helper()
	for _, w := range f.Warnings() {
		if w.Stream == stream && strings.Contains(w.Reason, text) {
			return
		}
	}
	t.Errorf("no warning of %v says %q: %v", stream, text, f.Warnings())
}

func wantFormatError(t *testing.T, err error, stream minidump.StreamType) {
	t.Helper()
	var e *minidump.FormatError
	if !errors.As(err, &e) || e.Stream != stream {
		t.Errorf("error = %v, want a FormatError of %v", err, stream)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}
