package symbols

import (
	"context"
	"errors"
)

// Source names the code of one module. Frames may be called by several
// goroutines at once.
type Source interface {
	// Frames returns the frames at an RVA: the functions that were inlined
	// there, innermost first, and last the function that holds the code. It
	// sets Function, Offset (from that last function's start, on the last
	// frame alone), FunctionStart (as an RVA; of the last function, on every
	// frame), File, Line, Inlined and Source; a Resolver adds the rest. Where
	// nothing is known it returns none. The slice is the caller's to change.
	//
	// A frame without Function but with FunctionStart tells that a function
	// without a known name begins there.
	Frames(rva uint32) []Frame
	// Close releases the source's files. No call of Frames may be under way.
	Close() error
}

// Opener opens one kind of source.
type Opener interface {
	// Open opens what this kind knows of a module. The error is [ErrNoSource],
	// perhaps wrapped, where that is nothing; one of any other kind, such as a
	// [*MismatchError], says that there was something of no use.
	Open(ctx context.Context, t *Target) (Source, error)
}

// OpenerFunc is a function that is an Opener.
type OpenerFunc func(ctx context.Context, t *Target) (Source, error)

// Open calls the function.
func (f OpenerFunc) Open(ctx context.Context, t *Target) (Source, error) { return f(ctx, t) }

// Origin is a Source that tells where it is from. Those of this package do.
type Origin interface {
	// Origin returns what the module's symbols are with this source, in words
	// such as "private PDB", and the file that they were read from: empty for
	// the process's memory.
	Origin() (state State, path string)
}

// ErrNoSource is reported by an [Opener] that knows nothing of a module.
var ErrNoSource = errors.New("symbols: nothing is known of the module")

// noSource is an [ErrNoSource] with a reason.
type noSource string

func (e noSource) Error() string        { return string(e) }
func (e noSource) Is(target error) bool { return target == ErrNoSource }

// DefaultOpeners returns the openers of this package, in the order in which
// their answers are preferred.
func DefaultOpeners() []Opener {
	return []Opener{
		OpenerFunc(OpenPrivatePDB),
		OpenerFunc(OpenDWARF),
		OpenerFunc(OpenBreakpad),
		OpenerFunc(OpenGo),
		OpenerFunc(OpenPublicPDB),
		OpenerFunc(OpenCOFF),
		OpenerFunc(OpenExports),
	}
}
