package main

import (
	"errors"
	"io"
	"os"

	"github.com/handletrace/handletrace/internal/mapped"
)

// spool copies what can be read but once into a temporary file, and opens it.
// Where the system allows, the file has no name from the start, so that nothing
// stays behind however the program ends. Elsewhere leftover names it, for whom
// closes it to remove.
func spool(r io.Reader) (file *mapped.File, leftover string, err error) {
	f, err := os.CreateTemp("", "handletrace-*")
	if err != nil {
		return nil, "", err
	}
	if os.Remove(f.Name()) != nil {
		leftover = f.Name()
	}
	if _, err = io.Copy(f, r); err == nil {
		if file, err = mapped.New(f); err == nil {
			return file, leftover, nil
		}
	}
	return nil, "", errors.Join(err, f.Close(), removeLeftover(leftover))
}

func removeLeftover(name string) error {
	if name == "" {
		return nil
	}
	return os.Remove(name)
}
