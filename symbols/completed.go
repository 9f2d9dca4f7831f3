package symbols

import (
	"io"

	"github.com/handletrace/handletrace/symbols/pe"
)

// completed reads an image from memory and, where a page is absent, what its
// file has of it. What the program may have written to is not taken from the
// file.
type completed struct {
	memory io.ReaderAt
	file   *pe.Image
}

const (
	pageSize      = 0x1000
	sectionIsData = 0x80000000 // IMAGE_SCN_MEM_WRITE
)

func (c completed) ReadAt(p []byte, off int64) (n int, err error) {
	for n < len(p) {
		at := off + int64(n)
		k, err := c.memory.ReadAt(p[n:], at)
		if n += k; n == len(p) {
			break
		}
		at += int64(k)
		if k, errFile := c.fromFile(p[n:], at); errFile == nil {
			n += k
			continue
		}
		if err == nil {
			err = io.ErrUnexpectedEOF
		}
		return n, err
	}
	return n, nil
}

// fromFile reads what a page of the file has of p.
func (c completed) fromFile(p []byte, off int64) (int, error) {
	if off < 0 || off > 1<<32-1 {
		return 0, io.EOF
	}
	if s, ok := c.file.SectionAt(uint32(off)); ok && s.Characteristics&sectionIsData != 0 {
		return 0, pe.ErrUnmapped
	}
	return c.file.ReadAt(p[:min(int64(len(p)), pageSize-off%pageSize)], off)
}

// hasTables reports whether the tables of an image in memory that name code
// can be read.
func hasTables(img *pe.Image) bool {
	for _, i := range []int{pe.IMAGE_DIRECTORY_ENTRY_EXPORT, pe.IMAGE_DIRECTORY_ENTRY_EXCEPTION} {
		d := img.DataDirectory(i)
		var page [1]byte
		for at := int64(d.VirtualAddress); at < int64(d.VirtualAddress)+int64(d.Size); at += pageSize {
			if _, err := img.ReadAt(page[:], at); err != nil {
				return false
			}
		}
	}
	return true
}
