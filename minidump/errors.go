package minidump

import (
	"errors"
	"fmt"
	"strings"
	"sync"
)

// ErrNoStream is reported, wrapped with the stream's name, when the dump does
// not hold the stream that was asked for.
var ErrNoStream = errors.New("the dump has no such stream")

// ErrNotMinidump is reported, wrapped in a [*NotMinidumpError], when the input
// is something else.
var ErrNotMinidump = errors.New("not a minidump")

// ErrNotMapped is reported for an address whose memory is not in the dump.
var ErrNotMapped = errors.New("the memory is not in the dump")

// ErrNoContext is reported for a thread or an exception without registers.
var ErrNoContext = errors.New("the dump has no registers for it")

// ErrNotWindows is reported for what only processes of Windows have.
var ErrNotWindows = errors.New("the dump is not of a Windows process")

// ErrNotWOW64 is reported for what only 32-bit processes on 64-bit Windows
// have.
var ErrNotWOW64 = errors.New("the process is no 32-bit process on 64-bit Windows")

// NotMinidumpError says what the input is instead of a minidump, as far as its
// first bytes tell.
type NotMinidumpError struct {
	Found  string // what it looks like
	Advice string // what to try; may be empty
}

// Error says what was found, and what to try.
func (e *NotMinidumpError) Error() string {
	s := "not a minidump: " + e.Found
	if e.Advice != "" {
		s += "; " + e.Advice
	}
	return s
}

// Unwrap makes errors.Is(err, ErrNotMinidump) true.
func (e *NotMinidumpError) Unwrap() error { return ErrNotMinidump }

// FormatError is a part of the file that cannot be read as what it should be.
//
// Its cause, where it has one, is found with errors.Is and errors.As:
// [io.ErrUnexpectedEOF] where the file ends before what it announces, as a copy
// that was cut does; [errors.ErrUnsupported] for registers of a processor that
// this package does not know; the error of the reader where reading failed; and
// what the function that was passed to [Decode] returned.
type FormatError struct {
	Stream StreamType // the stream it is in; UnusedStream for the header and the directory
	Offset int64      // where in the file
	Reason string     // what was found and what was expected
	Err    error      // the cause; nil where the bytes themselves are wrong
}

// Error names the stream, the place and the fault.
func (e *FormatError) Error() string {
	if e.Stream == UnusedStream {
		return fmt.Sprintf("minidump: offset %#x: %s", e.Offset, e.Reason)
	}
	return fmt.Sprintf("minidump: %v, offset %#x: %s", e.Stream, e.Offset, e.Reason)
}

// Unwrap returns the cause.
func (e *FormatError) Unwrap() error { return e.Err }

// causedBy returns a FormatError with its cause. The reason is the cause's own
// words, behind what is said of the part that is concerned.
func causedBy(cause error, s StreamType, off int64, part string) *FormatError {
	e := &FormatError{Stream: s, Offset: off, Reason: part + strings.TrimPrefix(cause.Error(), "minidump: "), Err: cause}
	if inner, ok := cause.(*FormatError); ok {
		e.Reason, e.Err = part+inner.Reason, inner.Err
	}
	return e
}

// Warning is a fault in the file that cost something, but not the whole
// stream.
type Warning struct {
	Stream StreamType // the stream it is in; UnusedStream for the header and the directory
	Offset int64      // where in the file
	Reason string     // what was found, and what was done about it
}

// String returns the warning as one line, in the form of a FormatError.
func (w Warning) String() string {
	return (&FormatError{Stream: w.Stream, Offset: w.Offset, Reason: w.Reason}).Error()
}

// maxWarnings bounds what a hostile file can make the log hold.
const maxWarnings = 1000

type warningLog struct {
	mu      sync.Mutex
	list    []Warning
	told    map[Warning]bool // those of list
	dropped int
}

func (l *warningLog) add(w Warning) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.told[w]:
		return // what is read again has the same faults
	case len(l.list) >= maxWarnings:
		l.dropped++
		return
	case l.told == nil:
		l.told = map[Warning]bool{}
	}
	l.told[w] = true
	l.list = append(l.list, w)
}

// full reports whether one more warning would only be counted, and counts it
// then. Putting words to each of millions would cost more than reading them.
func (l *warningLog) full() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.list) < maxWarnings {
		return false
	}
	l.dropped++
	return true
}

// Warnings returns what was found wrong so far, in the order it was found.
// Streams are decoded on demand, so the list may grow with later calls. Of
// more than a thousand the rest is only counted, in the last entry.
func (f *File) Warnings() []Warning {
	l := &f.warnings
	l.mu.Lock()
	defer l.mu.Unlock()
	list := append([]Warning(nil), l.list...)
	if l.dropped > 0 {
		list = append(list, Warning{Reason: fmt.Sprintf("%d more faults of this kind are not listed", l.dropped)})
	}
	return list
}

func (f *File) warn(s StreamType, off int64, format string, args ...any) {
	if f.warnings.full() {
		return
	}
	f.warnings.add(Warning{Stream: s, Offset: off, Reason: fmt.Sprintf(format, args...)})
}
