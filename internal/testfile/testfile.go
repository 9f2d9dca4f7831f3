// Package testfile reads the files that tests rest on.
package testfile

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
)

// Read returns what a file holds, unpacked if its name ends in .gz.
func Read(name string) ([]byte, error) {
	data, err := os.ReadFile(name)
	if err != nil || !strings.HasSuffix(name, ".gz") {
		return data, err
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if data, err = io.ReadAll(z); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return data, nil
}

// MustRead is Read in a test, which fails where Read does.
func MustRead(t testing.TB, name string) []byte {
	t.Helper()
	data, err := Read(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
