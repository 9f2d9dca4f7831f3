package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/internal/cab"
	"github.com/handletrace/handletrace/internal/mapped"
	"github.com/handletrace/handletrace/minidump"
)

// stdinName is the name under which standard input is given and reported.
const stdinName = "-"

// source is an open file: a dump or the text of !htrace.
type source struct {
	file  *mapped.File
	label string // what errors call it
	text  bool   // whether it may be the text of !htrace
	// minidump and notDump are what came of opening it as a dump.
	minidump *minidump.File
	notDump  error
}

// openSource opens the named file, or standard input. What can be read but
// once, as a pipe, is kept in a temporary file, since a dump is read in no
// order.
func openSource(name string, stdin io.Reader) (*source, error) {
	s := &source{label: name}
	var err error
	if name == stdinName {
		s.label = "standard input"
		err = s.keep(stdin)
	} else {
		err = s.open(name)
	}
	if err != nil {
		return nil, err
	}
	if err := s.sniff(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", s.label, err), s.Close())
	}
	return s, nil
}

// open maps a regular file, and keeps what a pipe or device has.
func (s *source) open(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return explainOpen(err)
	}
	info, err := f.Stat()
	if err == nil && info.Mode().IsRegular() {
		s.file, err = mapped.New(f)
		return err
	}
	defer f.Close()
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return fmt.Errorf("%s is a directory: name the files in it", s.label)
	}
	return s.keep(f)
}

// keep copies r into a temporary file. Of what is neither a dump nor text only
// the beginning is kept, which tells what it is: a device may have no end.
func (s *source) keep(r io.Reader) (err error) {
	head := make([]byte, sniffSize)
	n, err := io.ReadFull(r, head)
	switch head = head[:n]; {
	case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%s: %w", s.label, err)
	case err == nil && mayBeInput(head):
		r = io.MultiReader(bytes.NewReader(head), r)
	default:
		r = bytes.NewReader(head)
	}
	if s.file, err = mapped.Spool(r, math.MaxInt64); err != nil {
		return fmt.Errorf("%s: keeping it in a temporary file: %w", s.label, err)
	}
	return nil
}

// mayBeInput reports whether what begins so may be a dump, by itself or in a
// cabinet, or text.
func mayBeInput(head []byte) bool {
	_, err := minidump.New(bytes.NewReader(head), int64(len(head)))
	return !errors.Is(err, minidump.ErrNotMinidump) || bytes.HasPrefix(head, []byte(cab.Magic)) || htrace.IsTranscript(head) || htrace.IsText(head)
}

// sniffSize is how much of a source tells what it is: as much as a debugger may
// have said before the first operation, mostly.
const sniffSize = 1 << 16

// explainOpen adds what to try to the error of a file that cannot be opened.
func explainOpen(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: check the name, or give - for standard input", err)
	}
	return err
}

// sniff finds out whether the source may be a text.
func (s *source) sniff() error {
	s.minidump, s.notDump = minidump.New(s.file, s.file.Size())
	if !errors.Is(s.notDump, minidump.ErrNotMinidump) {
		return nil
	}
	head := make([]byte, sniffSize)
	n, err := s.file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	s.text = htrace.IsTranscript(head[:n]) || htrace.IsText(head[:n])
	return nil
}

// reader returns the content from its start.
func (s *source) reader() io.Reader { return io.NewSectionReader(s.file, 0, s.file.Size()) }

// dump returns the source as a minidump.
func (s *source) dump() (*minidump.File, error) { return s.minidump, s.notDump }

// Close releases the file.
func (s *source) Close() error {
	var err error
	if s.minidump != nil {
		err = s.minidump.Close()
	}
	return errors.Join(err, s.file.Close())
}

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
