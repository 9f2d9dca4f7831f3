package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/internal/mapped"
	"github.com/handletrace/handletrace/minidump"
)

// stdinName is the name under which standard input is given and reported.
const stdinName = "-"

// source is an open file: a dump or the text of !htrace.
type source struct {
	file   *mapped.File // nil for a text that is read as it comes
	stream io.Reader    // of such a text
	closer io.Closer    // of such a text; nil for standard input
	label  string       // what errors call it
	text   bool         // whether it may be the text of !htrace
	// minidump and notDump are what came of opening it as a dump.
	minidump *minidump.File
	notDump  error
}

// openSource opens the named file, or standard input.
func openSource(name string, stdin io.Reader) (*source, error) {
	s := &source{label: name}
	var err error
	if name == stdinName {
		s.label = "standard input"
		err = s.take(stdin)
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
	switch {
	case err != nil:
	case info.IsDir():
		err = fmt.Errorf("%s is a directory: name the files in it", s.label)
	default:
		err = s.take(f)
	}
	if err == nil && s.stream != nil {
		s.closer = f
		return nil
	}
	return errors.Join(err, f.Close())
}

// explainOpen adds what to try to the error of a file that cannot be opened.
func explainOpen(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: check the name, or give - for standard input", err)
	}
	return err
}

// sniff finds out whether the source may be a text.
func (s *source) sniff() error {
	if s.stream != nil {
		return nil // it is text
	}
	s.minidump, s.notDump = minidump.New(s.file, s.file.Size())
	if !errors.Is(s.notDump, minidump.ErrNotMinidump) {
		return nil
	}
	head := make([]byte, sniffSize)
	n, err := s.file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	s.read(head[:n])
	return nil
}

// read finds out from its beginning whether what is no dump may be a text.
func (s *source) read(head []byte) {
	s.text = htrace.IsTranscript(head) || htrace.IsText(head)
	if err := ourOutput(head); s.text && err != nil {
		s.text, s.notDump = false, err
	}
}

// size returns the number of bytes; 0 where it is not known yet.
func (s *source) size() int64 {
	if s.file == nil {
		return 0
	}
	return s.file.Size()
}

// content returns a text from its start, and shows how far it is read.
func (s *source) content(t *task) io.Reader {
	if s.stream != nil {
		return s.stream // of which the task knows
	}
	t.total(s.size())
	return t.reader(io.NewSectionReader(s.file, 0, s.size()))
}

// dump returns the source as a minidump.
func (s *source) dump() (*minidump.File, error) { return s.minidump, s.notDump }

// Close releases the file.
func (s *source) Close() error {
	var errs []error
	if s.minidump != nil {
		errs = append(errs, s.minidump.Close())
	}
	if s.file != nil {
		errs = append(errs, s.file.Close())
	}
	if s.closer != nil {
		errs = append(errs, s.closer.Close())
	}
	return errors.Join(errs...)
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
