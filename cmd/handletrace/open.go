package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/handletrace/handletrace/minidump"
)

// stdinName is the name under which standard input is given and reported.
const stdinName = "-"

// openDump opens the named minidump, or the one on standard input, which is
// kept in a temporary file since a dump is read in no order.
func openDump(name string, stdin io.Reader) (*minidump.File, error) {
	if name != stdinName {
		return minidump.Open(name)
	}
	spool, err := os.CreateTemp("", "handletrace-*.dmp")
	if err != nil {
		return nil, fmt.Errorf("keeping standard input: %w", err)
	}
	defer os.Remove(spool.Name())
	_, err = io.Copy(spool, stdin)
	if err = errors.Join(err, spool.Close()); err != nil {
		return nil, fmt.Errorf("keeping standard input: %w", err)
	}
	f, err := minidump.Open(spool.Name())
	if err != nil {
		var other *minidump.NotMinidumpError
		if errors.As(err, &other) {
			return nil, fmt.Errorf("standard input: %w", other)
		}
		return nil, err
	}
	return f, nil
}
