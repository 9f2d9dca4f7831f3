package mapped

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrTooLarge is reported by Spool for more bytes than were allowed.
var ErrTooLarge = errors.New("there is more of it than was allowed")

// Spool copies what can be read but once, at most limit bytes, into a
// temporary file, and opens that. Where the system allows, the file has no
// name from the start, so that nothing stays behind however the program ends;
// elsewhere Close removes it.
func Spool(r io.Reader, limit int64) (*File, error) { return SpoolAsked(r, limit, nil) }

// SpoolAsked is Spool, but where there are more bytes than limit it asks longer
// how many there may be, given those that there are. An answer that is not more
// than those, and no longer at all, end it with ErrTooLarge.
func SpoolAsked(r io.Reader, limit int64, longer func(there io.ReaderAt, size int64) int64) (*File, error) {
	f, err := os.CreateTemp("", "handletrace-*")
	if err != nil {
		return nil, err
	}
	leftover := ""
	if os.Remove(f.Name()) != nil {
		leftover = f.Name()
	}
	m, err := fill(f, r, limit, longer)
	if err != nil {
		return nil, errors.Join(err, f.Close(), removeLeftover(leftover))
	}
	m.leftover = leftover
	return m, nil
}

func fill(f *os.File, r io.Reader, limit int64, longer func(io.ReaderAt, int64) int64) (*File, error) {
	for done := int64(0); ; {
		n, err := io.Copy(f, io.LimitReader(r, limit-done))
		if err != nil {
			return nil, err
		}
		if done += n; done < limit {
			return New(f)
		}
		var next [1]byte
		if more, _ := io.ReadFull(r, next[:]); more == 0 {
			return New(f)
		}
		r = io.MultiReader(bytes.NewReader(next[:]), r)
		if longer != nil {
			limit = longer(f, done)
		}
		if limit <= done {
			return nil, fmt.Errorf("%w: %d bytes", ErrTooLarge, done)
		}
	}
}

func removeLeftover(name string) error {
	if name == "" {
		return nil
	}
	return os.Remove(name)
}
