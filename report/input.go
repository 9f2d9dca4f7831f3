package report

import (
	"github.com/handletrace/handletrace/htrace"
)

// Kinds of inputs.
const (
	Minidump   = "minidump"
	Transcript = "transcript"
)

// Input is one analysed file.
type Input struct {
	Path  string // as it was given
	Kind  string // Minidump or Transcript; empty where that was not found out
	Trace *htrace.Trace
	Code  htrace.Code
	// PointerSize is the width of the process's addresses, 4 or 8.
	PointerSize int
	// Findings are what was found, without what the baseline holds.
	Findings []htrace.Finding
	// Known are the findings that the baseline holds.
	Known []htrace.Finding
	// Failure is the invalid handle at which the dump was written; nil for any
	// other dump.
	Failure *Failure
	// Story is all that happened to the handle that was asked for; nil where
	// none was.
	Story *Story
	// Warnings are what is wrong with the file, in sentences.
	Warnings []string
	// Notes are what else a reader should know, in sentences.
	Notes []string
	// ThreadNames are the names that the program gave its threads, if known.
	ThreadNames map[uint32]string
	// Err is why the file could not be analysed; nil where it was. The Trace
	// may then be nil.
	Err error
}

// Worst returns the highest confidence of the findings, and 0 without any.
func (in *Input) Worst() htrace.Confidence {
	var worst htrace.Confidence
	for i := range in.Findings {
		worst = max(worst, in.Findings[i].Confidence)
	}
	return worst
}

// Failure is an invalid handle at which a dump was written: its exception is
// STATUS_INVALID_HANDLE (0xC0000008).
type Failure struct {
	ThreadID  uint32
	Operation *htrace.Operation // the thread's newest failure in the trace; nil without one
	// Handle is that of the Operation, else what the exception itself says; 0
	// where neither tells.
	Handle uint64
}

// Writer writes the reports of several inputs, one after the other.
type Writer interface {
	// Write writes the report of one input, which it does not keep.
	Write(in *Input) error
	// Close ends the output. It does not close what is written to.
	Close() error
}

// writeAll writes all inputs.
func writeAll(w Writer, inputs []Input) error {
	for i := range inputs {
		if err := w.Write(&inputs[i]); err != nil {
			return err
		}
	}
	return w.Close()
}
