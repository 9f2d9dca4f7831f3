package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/handletrace/handletrace/internal/cab"
	"github.com/handletrace/handletrace/internal/mapped"
	"github.com/handletrace/handletrace/minidump"
)

// pipeLimit is how much is read of what can be read but once and may have no
// end, unless it is a dump that says how much longer it is.
const pipeLimit = 4 << 30

// errEndless is reported where a pipe gives more.
var errEndless = fmt.Errorf("it goes on after %d GiB, which is the limit of what is read from a pipe: save it as a file, and name that", pipeLimit>>30)

// sniffSize is how much of a source tells what it is: as much as a debugger may
// have said before the first operation, mostly.
const sniffSize = 1 << 16

// take reads what can be read but once, as a pipe or a device. A text is read
// as it comes, when it is asked for. A dump is kept in a temporary file, since
// it is read in no order. Of all else only the beginning is kept, which tells
// what it is.
func (s *source) take(r io.Reader) error {
	head := make([]byte, sniffSize)
	n, err := io.ReadFull(r, head)
	head = head[:n]
	ended := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	if err != nil && !ended {
		return fmt.Errorf("%s: %w", s.label, err)
	}
	rest := io.MultiReader(bytes.NewReader(head), r)
	switch {
	case ended:
		return s.keep(bytes.NewReader(head), pipeLimit)
	case mayBeDump(head):
		return s.keep(rest, pipeLimit)
	}
	_, s.notDump = minidump.New(bytes.NewReader(head), int64(len(head)))
	if s.read(head); s.text {
		s.stream = newBounded(rest)
		return nil
	}
	return s.keep(bytes.NewReader(head), pipeLimit)
}

// keep copies r into a temporary file.
func (s *source) keep(r io.Reader, limit int64) (err error) {
	s.file, err = mapped.SpoolAsked(r, limit, dumpSize)
	switch {
	case errors.Is(err, mapped.ErrTooLarge):
		return fmt.Errorf("%s: %w", s.label, errEndless)
	case err != nil:
		return fmt.Errorf("%s: keeping it in a temporary file: %w", s.label, err)
	}
	return nil
}

// mayBeDump reports whether what begins so may be a dump, by itself or in a
// cabinet.
func mayBeDump(head []byte) bool {
	_, err := minidump.New(bytes.NewReader(head), int64(len(head)))
	return !errors.Is(err, minidump.ErrNotMinidump) || bytes.HasPrefix(head, []byte(cab.Magic))
}

// dumpSize returns where a dump ends by what it says of its streams and of the
// memory, which is the most of it; 0 for what is no dump.
func dumpSize(r io.ReaderAt, size int64) int64 {
	f, err := minidump.New(r, size)
	if err != nil {
		return 0
	}
	defer f.Close()
	var end uint64
	for _, d := range f.Directory() {
		end = max(end, uint64(d.Rva)+uint64(d.DataSize))
	}
	if m, err := f.Memory64List(); err == nil {
		memory := m.BaseRva
		for _, part := range m.Ranges {
			if memory += part.DataSize; memory < part.DataSize || memory > math.MaxInt64 {
				return 0 // no file is that long
			}
		}
		end = max(end, memory)
	}
	return int64(min(end, math.MaxInt64))
}

// idleLimit is how much text may come from a pipe before the first word of
// !htrace: the longest log of a debugger, and not what goes on for ever.
const idleLimit = 256 << 20

// errIdle is reported where there is more.
var errIdle = fmt.Errorf("nothing of !htrace stands in the first %d MiB: save it as a file, and name that, if there is more to come", idleLimit>>20)

// handleWords are of every operation that !htrace prints, in 8 and in 16 bits.
var handleWords = [][]byte{[]byte("Handle"), []byte("H\x00a\x00n\x00d\x00l\x00e")}

// bounded is a reader of text that must end.
type bounded struct {
	r          io.Reader
	left, idle int64 // bytes that may still come, in all and without a trace
	begun      bool  // whether there was one
}

func newBounded(r io.Reader) *bounded { return &bounded{r: r, left: pipeLimit, idle: idleLimit} }

func (b *bounded) Read(p []byte) (int, error) {
	switch {
	case b.left <= 0:
		return 0, errEndless
	case b.idle <= 0 && !b.begun:
		return 0, errIdle
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	b.idle -= int64(n)
	for _, w := range handleWords {
		b.begun = b.begun || bytes.Contains(p[:n], w)
	}
	return n, err
}
