package gosym

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/handletrace/handletrace/symbols/pe"
)

// ErrNoTable is reported for an image that has no readable pclntab: it is no Go
// program, or the table's pages are absent.
var ErrNoTable = errors.New("gosym: no table of Go functions (pclntab) in the image")

// Table is the pclntab of an image. It is safe for use by several goroutines
// until Close.
type Table struct {
	header header
	base   uint64 // at which the image's pointers hold it to be loaded
	text   uint32 // RVA of runtime.text
	gofunc uint32 // RVA of the data of functions; 0 if it is not known
	mem    memory
	closer io.Closer

	functions func() *functionTable
	strings   stringCache
}

// Open opens a PE file and finds its table. The file must stay as it is until
// Close.
func Open(name string) (*Table, error) {
	img, err := pe.Open(name)
	if err != nil {
		return nil, err
	}
	t, err := New(img)
	if err != nil {
		img.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	t.closer = img
	return t, nil
}

// New finds the table in an image, which must stay open as long as the Table is
// in use. The error is [ErrNoTable].
func New(img *pe.Image) (*Table, error) {
	mem := memory{img}
	f := finder{img: img, mem: mem}
	h, md, ok := f.find()
	if !ok {
		return nil, ErrNoTable
	}
	t := &Table{header: h, mem: mem, base: img.ImageBase, text: f.textStart(h), gofunc: 0}
	if md != nil {
		t.base, t.gofunc = md.base, md.gofunc
		if md.text != 0 {
			t.text = md.text
		}
	}
	t.functions = sync.OnceValue(t.readFunctions)
	return t, nil
}

// Close closes the file that Open opened. No call may be under way.
func (t *Table) Close() error {
	if t.closer == nil {
		return nil
	}
	return t.closer.Close()
}

// Version returns the Go release that introduced the table's version: "1.2",
// "1.16", "1.18" or "1.20".
func (t *Table) Version() string { return t.header.version.name }
