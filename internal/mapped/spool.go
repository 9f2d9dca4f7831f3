package mapped

import (
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
func Spool(r io.Reader, limit int64) (*File, error) {
	f, err := os.CreateTemp("", "handletrace-*")
	if err != nil {
		return nil, err
	}
	leftover := ""
	if os.Remove(f.Name()) != nil {
		leftover = f.Name()
	}
	m, err := fill(f, r, limit)
	if err != nil {
		return nil, errors.Join(err, f.Close(), removeLeftover(leftover))
	}
	m.leftover = leftover
	return m, nil
}

func fill(f *os.File, r io.Reader, limit int64) (*File, error) {
	n, err := io.Copy(f, io.LimitReader(r, limit))
	if err != nil {
		return nil, err
	}
	if n == limit {
		if more, _ := io.ReadFull(r, make([]byte, 1)); more > 0 {
			return nil, fmt.Errorf("%w: %d bytes", ErrTooLarge, limit)
		}
	}
	return New(f)
}

func removeLeftover(name string) error {
	if name == "" {
		return nil
	}
	return os.Remove(name)
}
