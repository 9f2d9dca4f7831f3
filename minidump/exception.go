package minidump

import (
	"fmt"

	"github.com/handletrace/handletrace/internal/cursor"
)

// StatusInvalidHandle is the NTSTATUS that Windows raises at a close or use of
// an invalid handle where a debugger, Application Verifier or a strict-handle
// policy asks for it.
const StatusInvalidHandle uint32 = 0xc0000008

// ExceptionMaximumParameters is EXCEPTION_MAXIMUM_PARAMETERS.
const ExceptionMaximumParameters = 15

// Exception is a MINIDUMP_EXCEPTION_STREAM: why a thread stopped.
type Exception struct {
	ThreadID         uint32
	ExceptionCode    uint32
	ExceptionFlags   uint32
	ExceptionRecord  uint64 // address of a nested record
	ExceptionAddress uint64
	// ExceptionInformation are the parameters; more than 15 are not kept.
	ExceptionInformation []uint64
	ThreadContext        LocationDescriptor
}

// exceptionSize is sizeof(MINIDUMP_EXCEPTION_STREAM).
const exceptionSize = 168

// Exceptions decodes every stream 6, in the directory's order. Nearly all
// dumps have one or none; none is [ErrNoStream].
func (f *File) Exceptions() ([]Exception, error) { return f.exceptions.get(f.decodeExceptions) }

func (f *File) decodeExceptions() ([]Exception, error) {
	var list []Exception
	var failed error
	// Those of a sound dump lie apart, so that they fit in the file.
	fit := f.size/exceptionSize + 1
	for _, d := range f.directory {
		if d.StreamType != ExceptionStream {
			continue
		}
		if int64(len(list)) >= fit {
			f.warn(ExceptionStream, int64(d.Rva), "exceptions are left out: the directory names more than the file can hold")
			break
		}
		e, err := f.decodeException(d)
		if err != nil {
			failed = err
			continue
		}
		list = append(list, *e)
	}
	switch {
	case list != nil && failed != nil:
		f.warn(ExceptionStream, 0, "an exception is left out: %v", failed)
	case list == nil && failed != nil:
		return nil, failed
	case list == nil:
		return nil, fmt.Errorf("minidump: %v: %w", ExceptionStream, ErrNoStream)
	}
	return list, nil
}

func (f *File) decodeException(d Directory) (*Exception, error) {
	s, err := f.sectionOf(d)
	if err != nil {
		return nil, err
	}
	c, err := f.headOf(s, exceptionSize)
	if err != nil {
		return nil, err
	}
	e := f.readException(c)
	if c.Err() != nil {
		return nil, s.fault("%d bytes, %d were expected", s.size, exceptionSize)
	}
	return e, nil
}

func (f *File) readException(c *cursor.Cursor) *Exception {
	e := &Exception{ThreadID: c.Uint32()}
	c.Skip(4)
	e.ExceptionCode, e.ExceptionFlags = c.Uint32(), c.Uint32()
	e.ExceptionRecord, e.ExceptionAddress = f.address(c.Uint64()), f.address(c.Uint64())
	count := c.Uint32()
	c.Skip(4)
	var all [ExceptionMaximumParameters]uint64
	for i := range all {
		all[i] = f.address(c.Uint64())
	}
	e.ExceptionInformation = all[:min(count, ExceptionMaximumParameters)]
	e.ThreadContext = readLocation(c)
	return e
}
