package minidump

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/handletrace/handletrace/internal/cab"
	"github.com/handletrace/handletrace/internal/mapped"
)

func isCabinet(head []byte) bool { return bytes.HasPrefix(head, []byte(cab.Magic)) }

// maxUnpacked is the most that a file in a cabinet can have.
const maxUnpacked = 1<<32 - 1

// maxTried is how many files of a cabinet are looked into.
const maxTried = 64

// fromCabinet opens the first minidump in a cabinet.
func fromCabinet(r io.ReaderAt, size int64) (*File, error) {
	c, err := cab.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("minidump: the file is a cabinet: %w", err)
	}
	var failed error
	for i := range c.Files[:min(len(c.Files), maxTried)] {
		packed, err := minidumpIn(c, i)
		if err != nil {
			failed = errors.Join(failed, err)
		}
		if packed == nil {
			continue
		}
		spool, err := mapped.Spool(packed, maxUnpacked)
		if err != nil {
			return nil, fmt.Errorf("minidump: unpacking %s of the cabinet: %w", c.Files[i].Name, err)
		}
		f, err := New(spool, spool.Size())
		if err != nil {
			return nil, errors.Join(fmt.Errorf("minidump: %s of the cabinet: %w", c.Files[i].Name, err), spool.Close())
		}
		f.closer = closers{f.closer, spool}
		return f, nil
	}
	if failed != nil {
		return nil, fmt.Errorf("minidump: the cabinet cannot be unpacked: %w", failed)
	}
	return nil, fmt.Errorf("minidump: none of the %d files in the cabinet is a minidump", len(c.Files))
}

// minidumpIn returns the contents of a file in a cabinet, and nil where it is
// no minidump.
func minidumpIn(c *cab.Reader, i int) (io.Reader, error) {
	packed, err := c.Open(i)
	if err != nil {
		return nil, err
	}
	head := make([]byte, len(signature))
	if n, err := io.ReadFull(packed, head); n < len(head) {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, nil
		}
		return nil, err
	}
	if s := string(head); s != signature && s != swappedSignature {
		return nil, nil
	}
	return io.MultiReader(bytes.NewReader(head), packed), nil
}

// closers closes what a File holds open, in this order.
type closers [2]io.Closer

func (c closers) Close() error {
	var errs []error
	for _, x := range c {
		if x != nil {
			errs = append(errs, x.Close())
		}
	}
	return errors.Join(errs...)
}
