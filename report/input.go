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
	Kind  string // Minidump or Transcript
	Trace *htrace.Trace
	Code  htrace.Code
	// PointerSize is the width of the process's addresses, 4 or 8.
	PointerSize int
	Findings    []htrace.Finding
	Warnings    []string
	// ThreadNames are the names that the program gave its threads, if known.
	ThreadNames map[uint32]string
}

// Worst returns the highest confidence of the findings, and 0 without any.
func (in *Input) Worst() htrace.Confidence {
	var worst htrace.Confidence
	for i := range in.Findings {
		worst = max(worst, in.Findings[i].Confidence)
	}
	return worst
}
