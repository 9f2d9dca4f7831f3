package minidump

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"strings"
)

// Context is the registers of a thread: a *[ContextX86], *[ContextAMD64],
// *[ContextARM], *[ContextARM64], *[ContextMIPS], *[ContextPPC],
// *[ContextPPC64], *[ContextSPARC], *[ContextRISCV] or *[ContextRISCV64].
type Context interface {
	// IP returns the instruction pointer.
	IP() uint64
	// SP returns the stack pointer.
	SP() uint64
	// FP returns the register that by convention points to the frame.
	FP() uint64
	// Registers yields the general registers with their names in lower
	// case, in the processor's own order.
	Registers() iter.Seq2[string, uint64]
}

// Register returns the general register of that name, in any case.
func Register(c Context, name string) (uint64, bool) {
	for n, v := range c.Registers() {
		if strings.EqualFold(n, name) {
			return v, true
		}
	}
	return 0, false
}

// contextKind is how the writers of dumps of one processor store its
// registers.
type contextKind struct {
	// least is how many bytes there must be; what is missing behind them,
	// in structures that grew over time, is zero.
	least  int
	decode func(b []byte, order binary.ByteOrder, f *File) Context
}

// plain is the kind of a structure that is read as it is.
func plain[T any, P interface {
	*T
	Context
}](least int) contextKind {
	return contextKind{least, func(b []byte, order binary.ByteOrder, _ *File) Context {
		c := P(new(T))
		decodeStruct(b, order, c)
		return c
	}}
}

var (
	kindX86     = contextKind{contextX86Least, decodeContextX86}
	kindAMD64   = contextKind{contextAMD64Size, decodeContextAMD64}
	kindARM64   = contextKind{contextARM64Least, decodeContextARM64}
	kindARM     = plain[ContextARM](72)
	kindMIPS    = plain[ContextMIPS](336)
	kindRISCV64 = plain[ContextRISCV64](264)
)

var contextKinds = map[ProcessorArchitecture]contextKind{
	ProcessorArchitectureIntel:        kindX86,
	ProcessorArchitectureIA32OnWin64:  kindX86,
	ProcessorArchitectureIA32OnARM64:  kindX86,
	ProcessorArchitectureAMD64:        kindAMD64,
	ProcessorArchitectureARM:          kindARM,
	ProcessorArchitectureARM32OnWin64: kindARM,
	ProcessorArchitectureARM64:        kindARM64,
	ProcessorArchitectureARM64Old:     kindARM64,
	ProcessorArchitectureMIPS:         kindMIPS,
	ProcessorArchitectureMIPS64:       kindMIPS,
	ProcessorArchitecturePPC:          plain[ContextPPC](164),
	ProcessorArchitecturePPC64:        plain[ContextPPC64](320),
	ProcessorArchitectureSPARC:        plain[ContextSPARC](312),
	ProcessorArchitectureRISCV:        plain[ContextRISCV](136),
	ProcessorArchitectureRISCV64:      kindRISCV64,
}

// narrower is the processor whose contexts stand in for those of a wider one:
// the 32-bit halves of a 64-bit process.
var narrower = map[ProcessorArchitecture]ProcessorArchitecture{
	ProcessorArchitectureAMD64: ProcessorArchitectureIntel,
}

// maxContext bounds what is read of a context: XSAVE areas with all features
// of today's processors have less than 12 KiB.
const maxContext = 1 << 14

// ThreadContext decodes the registers of a thread. A thread without any, as
// the one that writes its own dump may be, is [ErrNoContext].
func (f *File) ThreadContext(t *Thread) (Context, error) {
	return f.context(ThreadListStream, t.ThreadContext)
}

// ExceptionContext decodes the registers at the time of an exception, which
// may be on another stack than those of its thread. Where the exception has
// none that can be read, it is the thread's.
func (f *File) ExceptionContext(e *Exception) (Context, error) {
	c, err := f.context(ExceptionStream, e.ThreadContext)
	if err == nil {
		return c, nil
	}
	threads, threadsErr := f.Threads()
	if threadsErr != nil {
		return nil, err
	}
	for i := range threads {
		if threads[i].ThreadID == e.ThreadID {
			return f.ThreadContext(&threads[i])
		}
	}
	return nil, err
}

// contextKindOf goes by the processor and the size. The flags inside do not
// tell: some writers leave the processor's bit out, and one processor's means
// something else for another.
func contextKindOf(arch ProcessorArchitecture, size uint32) (contextKind, error) {
	kind, ok := contextKinds[arch]
	if !ok {
		return kind, &FormatError{Reason: fmt.Sprintf("those of the processor %v are not known", arch), Err: errors.ErrUnsupported}
	}
	if int64(size) >= int64(kind.least) {
		return kind, nil
	}
	if n, ok := narrower[arch]; ok && int64(size) >= int64(contextKinds[n].least) {
		return contextKinds[n], nil
	}
	return kind, &FormatError{Reason: fmt.Sprintf("at least %d were expected for %v", kind.least, arch)}
}

// registers yields names with values of the same order.
func registers[T uint32 | uint64](names []string, values ...T) iter.Seq2[string, uint64] {
	return func(yield func(string, uint64) bool) {
		for i, name := range names {
			if !yield(name, uint64(values[i])) {
				return
			}
		}
	}
}
