package htrace

import (
	"fmt"
	"math/bits"
	"strings"
)

// Completeness is what a trace is known to lack. What a trace does not show
// did not happen only if the trace is whole, and few are: Windows keeps the
// last operations in a ring, and people print a part of it.
type Completeness struct {
	// RingFull is whether the ring looks full, so that older operations are
	// lost: it holds a power of two of them, from 128 to 131,072, as Windows
	// makes its rings.
	RingFull bool
	// OneHandle is whether all operations are of one value while the process
	// had more: !htrace was asked for one handle, or the writer of the dump
	// (Breakpad's) keeps those of the handle at fault alone.
	OneHandle bool
	// OpensOnly is whether there are opens alone, as !htrace -diff prints: of
	// what is still open, and nothing of what was closed.
	OpensOnly bool
	// Cut is whether parts of a text are missing, or entries of a dump.
	Cut bool
	// Missing is how many entries are known to be missing or unreadable.
	Missing int
	// Begun is how many values first occur with a close: their objects were
	// opened before the trace begins.
	Begun int
	// Unrecorded is how many handles the handle table lists whose open the
	// trace does not have.
	Unrecorded int
}

// lack is what the reader of a trace knows of what is missing.
type lack struct {
	ring    uint64 // entries in the ring; 0 where that is not known
	cut     bool
	missing int
	handle  bool // one handle was asked for
}

// The sizes that Windows gives to the ring of a trace are powers of two
// between these.
const (
	minRing = 0x80
	maxRing = 0x20000
)

func isFullRing(n uint64) bool { return n >= minRing && n <= maxRing && bits.OnesCount64(n) == 1 }

// Completeness tells what the trace lacks.
func (t *Trace) Completeness() Completeness { return t.completeness(t.histories()) }

func (t *Trace) completeness(histories []*history) Completeness {
	c := Completeness{
		RingFull:  isFullRing(t.lack.ring),
		OneHandle: t.lack.handle,
		OpensOnly: len(t.Operations) > 0 && t.Count(KindOpen) == len(t.Operations),
		Cut:       t.lack.cut,
		Missing:   t.lack.missing,
	}
	opened := make(map[uint64]bool)
	for _, h := range histories {
		if len(h.lives) > 0 && h.lives[0].open == none {
			c.Begun++
		}
		if h.slot.process == t.ProcessID && len(h.lives) > 0 && h.lives[len(h.lives)-1].open != none {
			opened[h.slot.value] = true
		}
	}
	for v := range t.Table {
		if !opened[v] {
			c.Unrecorded++
		}
	}
	c.OneHandle = c.OneHandle || len(histories) == 1 && len(t.Table) > 1
	return c
}

// Whole reports whether nothing is known to be missing.
func (c Completeness) Whole() bool { return c == Completeness{} }

// Caveats returns what the trace lacks in sentences, the weightiest first;
// none where it is whole.
func (c Completeness) Caveats() []string {
	var list []string
	for _, l := range lacks {
		if text := l.say(&c); text != "" {
			list = append(list, text)
		}
	}
	return list
}

// lacks are the ways in which a trace can be incomplete, and of which rules
// each weakens a finding.
var lacks = []struct {
	say     func(*Completeness) string
	weakens []Rule
}{
	{
		func(c *Completeness) string {
			return when(c.OpensOnly, "The trace lists only what was opened and is still open: it shows no close at all.")
		},
		[]Rule{Leak},
	},
	{
		func(c *Completeness) string {
			return when(c.OneHandle, "The trace holds the operations of one handle alone: what is usual in the program is not known.")
		},
		[]Rule{StolenClose, DoubleClose, UseAfterClose, Leak, WrongClose},
	},
	{
		func(c *Completeness) string {
			if c.Missing == 0 {
				return when(c.Cut, "Parts of the trace are missing.")
			}
			return fmt.Sprintf("%s missing from the trace or could not be read.", countOf(c.Missing, "entry", "entries"))
		},
		[]Rule{StolenClose, DoubleClose, BadReference, Leak, TableMismatch},
	},
	{
		func(c *Completeness) string {
			return when(c.RingFull, "The ring of the trace was full: older operations are lost.")
		},
		[]Rule{BadReference, TableMismatch},
	},
	{
		func(c *Completeness) string {
			if c.Begun == 0 {
				return ""
			}
			return fmt.Sprintf("%s in use before the trace begins.", countOf(c.Begun, "handle value", "handle values"))
		},
		[]Rule{BadReference},
	},
	{
		func(c *Completeness) string {
			if c.Unrecorded == 0 {
				return ""
			}
			return fmt.Sprintf("%s in the handle table and opened without a record.", countOf(c.Unrecorded, "handle", "handles"))
		},
		nil,
	},
}

// weaknesses returns what the trace lacks that weakens a finding of a rule.
func (c Completeness) weaknesses(r Rule) []string {
	var list []string
	for _, l := range lacks {
		for _, w := range l.weakens {
			if text := l.say(&c); w == r && text != "" {
				list = append(list, text)
			}
		}
	}
	return list
}

// lostFrames tells where the stack of an operation does not reach the code that
// is responsible: Windows records so many frames, and the kernel's and those of
// the 64-bit half of a 32-bit process count.
func (a *Analysis) lostFrames(op *Operation) []string {
	if op == nil || a.trace.IsForeign(op) {
		return nil
	}
	i := a.position(op)
	info := a.stack(i)
	if info.hidden == 0 || a.sites.sites[a.site(i)].role != plumbing {
		return nil
	}
	return []string{fmt.Sprintf("%d of the %d frames recorded are the kernel's or those of the 64-bit half of the process: the stack does not reach the code that called.", info.hidden, len(op.Stack))}
}

// String returns the caveats as one text.
func (c Completeness) String() string { return strings.Join(c.Caveats(), " ") }

func when(b bool, text string) string {
	if b {
		return text
	}
	return ""
}

func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one + " is"
	}
	return fmt.Sprintf("%d %s are", n, many)
}
