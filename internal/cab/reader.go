package cab

import (
	"bytes"
	"fmt"
	"io"
)

// Magic is what every cabinet begins with.
const Magic = "MSCF"

// Reader is a cabinet. It is safe for concurrent use if its io.ReaderAt is.
type Reader struct {
	// Files are the files of the cabinet, in its order.
	Files []File
	// SetID and Index tell the cabinets of one set, and their order.
	SetID, Index uint16
	// Previous and Next name the neighbours in a set; empty at its ends.
	Previous, Next string

	r       io.ReaderAt
	size    int64
	folders []folder
	// reserved is how many bytes each data block sets aside after its header.
	reserved int
}

// NewReader reads the lists of a cabinet of the given size.
func NewReader(r io.ReaderAt, size int64) (*Reader, error) {
	c := &Reader{r: r, size: size}
	h, err := c.readHeader()
	if err != nil {
		return nil, err
	}
	if err := c.readFolders(h); err != nil {
		return nil, err
	}
	if err := c.readFiles(h); err != nil {
		return nil, err
	}
	return c, nil
}

// Open returns the bytes of Files[i]. They are decompressed while they are
// read: damage further on is an error of a later Read. The reader ends with the
// file's declared size, or with an error before it.
func (c *Reader) Open(i int) (io.Reader, error) {
	f := &c.Files[i]
	switch f.folder {
	case continuedFromPrevious, continuedToNext, continuedBoth:
		return nil, fmt.Errorf("cabinet: %s is split over several cabinets of a set: %w", f.Name, ErrUnsupported)
	}
	if int(f.folder) >= len(c.folders) {
		return nil, formatErrorf(f.entry, "%s is in folder %d of %d", f.Name, f.folder, len(c.folders))
	}
	folder := &c.folders[f.folder]
	if end := int64(f.offset) + f.Size; end > int64(folder.blocks)*maxBlock {
		return nil, formatErrorf(f.entry, "%s ends at %d of a folder that holds %d bytes at most", f.Name, end, int64(folder.blocks)*maxBlock)
	}
	d, err := newDecompressor(folder.compression)
	if err != nil {
		return nil, fmt.Errorf("cabinet: %s: %w", f.Name, err)
	}
	return &fileReader{
		name:   f.Name,
		blocks: blockReader{cabinet: c, decompressor: d, next: int64(folder.data), left: int(folder.blocks)},
		skip:   int64(f.offset),
		left:   f.Size,
	}, nil
}

// fileReader cuts a file out of its folder.
type fileReader struct {
	name       string
	blocks     blockReader
	skip, left int64
	rest       []byte // what is decompressed and not yet read
	err        error
}

func (f *fileReader) Read(p []byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	if f.left == 0 {
		return 0, io.EOF
	}
	for len(f.rest) == 0 {
		if f.err = f.fill(); f.err != nil {
			return 0, f.err
		}
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	f.left -= int64(n)
	return n, nil
}

func (f *fileReader) fill() error {
	b, err := f.blocks.read()
	if err != nil {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	skipped := min(f.skip, int64(len(b)))
	f.skip -= skipped
	b = b[skipped:]
	f.rest = b[:min(f.left, int64(len(b)))]
	return nil
}

// readAt returns n bytes at an offset. Nothing is allocated for what is beyond
// the end.
func (c *Reader) readAt(offset int64, n int, what string) ([]byte, error) {
	if err := c.within(offset, n, what); err != nil {
		return nil, err
	}
	b := make([]byte, n)
	return b, c.readFull(b, offset, what)
}

func (c *Reader) readFull(b []byte, offset int64, what string) error {
	if err := c.within(offset, len(b), what); err != nil {
		return err
	}
	if n, err := c.r.ReadAt(b, offset); n < len(b) {
		return fmt.Errorf("cabinet: %s at offset %#x: %w", what, offset, err)
	}
	return nil
}

func (c *Reader) within(offset int64, n int, what string) error {
	if offset > c.size || int64(n) > c.size-offset {
		return formatErrorf(offset, "%s of %d bytes is not within the file's %d", what, n, c.size)
	}
	return nil
}

// maxName bounds a string of a cabinet, with its NUL. [MS-CAB] allows 256.
const maxName = 256

// readString returns the string at an offset and the offset after its NUL.
func (c *Reader) readString(offset int64, what string) (string, int64, error) {
	b, err := c.readAt(offset, int(max(0, min(maxName+1, c.size-offset))), what)
	if err != nil {
		return "", 0, err
	}
	n := bytes.IndexByte(b, 0)
	if n < 0 {
		return "", 0, formatErrorf(offset, "%s has no end within %d bytes", what, len(b))
	}
	return string(b[:n]), offset + int64(n) + 1, nil
}
