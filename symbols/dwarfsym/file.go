package dwarfsym

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/handletrace/handletrace/symbols/pe"
)

// ErrNoDWARF is reported for an image without debugging information in DWARF.
var ErrNoDWARF = errors.New("dwarfsym: no DWARF in the image")

// File is the debugging information of an image. It is safe for use by several
// goroutines until Close.
type File struct {
	sections *sections
	size     int64 // of the image, in bytes
	closer   io.Closer

	index func() *index
	base  uint64 // that addresses count from; made with the index
	trees cache
}

// Open opens a PE file. If the file has no DWARF but names one that does
// (.gnu_debuglink), and that stands beside it or in its folder .debug, it is
// taken from there if its checksum is right. The error is [ErrNoDWARF], a
// [*DebugLinkError] or one of pe.Open. The files must stay as they are until
// Close.
func Open(name string) (*File, error) {
	img, err := pe.Open(name)
	if err != nil {
		return nil, err
	}
	f, err := New(img)
	if err == nil {
		f.closer = img
		return f, nil
	}
	link, ok := DebugLinkOf(img)
	img.Close()
	if !ok {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return openLinked(name, link)
}

// New reads the DWARF in an image, which must stay open as long as the File is
// in use. The error is [ErrNoDWARF].
//
// An image in memory has no names of sections that are longer than eight bytes,
// as those of DWARF are; they are then told by what is in them.
func New(img *pe.Image) (*File, error) {
	s := findSections(img)
	if !s.usable() {
		return nil, ErrNoDWARF
	}
	f := newFile(s)
	f.index = sync.OnceValue(func() *index {
		f.base = f.preferredBase(img)
		return f.readIndex()
	})
	return f, nil
}

func newFile(s *sections) *File {
	f := &File{sections: s}
	for _, place := range s.names() {
		if *place != nil {
			f.size += (*place).size
		}
	}
	f.trees.limit = int(max(minCache, min(maxCache, f.size/4)))
	return f
}

// Close closes the file that Open opened. No call may be under way.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	return f.closer.Close()
}
