package symstore

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/handletrace/handletrace/internal/cab"
)

// form is how a file is stored, which its first bytes tell: a file may be
// compressed under its plain name.
type form int

const (
	plainForm form = iota
	cabForm
	gzipForm
)

const gzipMagic = "\x1f\x8b\x08"

func formOf(path string) (form, error) {
	head, err := firstBytes(path, 4)
	switch {
	case err != nil:
		return plainForm, err
	case string(head) == cab.Magic:
		return cabForm, nil
	case strings.HasPrefix(string(head), gzipMagic):
		return gzipForm, nil
	}
	return plainForm, nil
}

// expand writes what the file at a path holds compressed.
func expand(ctx context.Context, path string, f form, k Key, to io.Writer, limit int64) error {
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer from.Close()
	var r io.Reader
	if f == cabForm {
		r, err = openCab(from, k, limit)
	} else {
		r, err = gzip.NewReader(from)
	}
	if err != nil {
		return err
	}
	return copyBounded(ctx, to, r, limit)
}

// openCab opens the only file of a cabinet, or the one of the key's name. What
// a cabinet calls its files leads nowhere else.
func openCab(from *os.File, k Key, limit int64) (io.Reader, error) {
	info, err := from.Stat()
	if err != nil {
		return nil, err
	}
	c, err := cab.NewReader(from, info.Size())
	if err != nil {
		return nil, err
	}
	for i, f := range c.Files {
		if len(c.Files) > 1 && !strings.EqualFold(f.Name, k.File) {
			continue
		}
		if f.Size > limit {
			return nil, tooLarge(limit)
		}
		return c.Open(i)
	}
	return nil, fmt.Errorf("the cabinet holds %d files, none of them %s", len(c.Files), k.File)
}

var errTooLarge = errors.New("the file is too large")

func tooLarge(limit int64) error {
	return fmt.Errorf("%w: more than %d bytes", errTooLarge, limit)
}

// writeError is a failure to write, as opposed to one of what is written.
type writeError struct{ err error }

func (e *writeError) Error() string { return e.err.Error() }
func (e *writeError) Unwrap() error { return e.err }

// copyBounded copies up to limit bytes; more are an error. Failures to write
// are [*writeError]s.
func copyBounded(ctx context.Context, to io.Writer, from io.Reader, limit int64) error {
	buf := make([]byte, 64<<10)
	for left := limit; ; {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		n, err := from.Read(buf)
		if left -= int64(n); left < 0 {
			return tooLarge(limit)
		}
		if n > 0 {
			if _, err := to.Write(buf[:n]); err != nil {
				return &writeError{err}
			}
		}
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
	}
}
