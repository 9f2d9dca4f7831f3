package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/internal/mapped"
	"github.com/handletrace/handletrace/minidump"
)

// stdinName is the name under which standard input is given and reported.
const stdinName = "-"

// source is an open file: a dump or the text of !htrace.
type source struct {
	*io.SectionReader
	file       *mapped.File
	label      string // what errors call it
	transcript bool
}

// openSource opens the named file, or standard input, which is kept in a
// temporary file since a dump is read in no order.
func openSource(name string, stdin io.Reader) (*source, error) {
	if name != stdinName {
		return openFile(name, name)
	}
	spool, err := os.CreateTemp("", "handletrace-*")
	if err != nil {
		return nil, fmt.Errorf("keeping standard input: %w", err)
	}
	defer os.Remove(spool.Name())
	_, err = io.Copy(spool, stdin)
	if err = errors.Join(err, spool.Close()); err != nil {
		return nil, fmt.Errorf("keeping standard input: %w", err)
	}
	return openFile(spool.Name(), "standard input")
}

func openFile(name, label string) (*source, error) {
	f, err := mapped.Open(name)
	if err != nil {
		return nil, err
	}
	s := &source{SectionReader: io.NewSectionReader(f, 0, f.Size()), file: f, label: label}
	// As much as a debugger may have said before the first operation.
	head := make([]byte, 1<<16)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		f.Close()
		return nil, fmt.Errorf("%s: %w", label, err)
	}
	s.transcript = htrace.IsTranscript(head[:n])
	return s, nil
}

// dump returns the source as a minidump.
func (s *source) dump() (*minidump.File, error) { return minidump.New(s.file, s.file.Size()) }

// Close releases the file.
func (s *source) Close() error { return s.file.Close() }

// openDump opens the named minidump, or the one on standard input. Closing the
// source closes it.
func openDump(name string, stdin io.Reader) (*minidump.File, *source, error) {
	s, err := openSource(name, stdin)
	if err != nil {
		return nil, nil, err
	}
	f, err := s.dump()
	if err != nil {
		s.Close()
		return nil, nil, fmt.Errorf("%s: %w", s.label, err)
	}
	return f, s, nil
}
