package minidump

import (
	"errors"
	"fmt"
	"sync"
)

// contextCache keeps the contexts that were decoded, by their place. Those of a
// sound dump lie apart, so that they fit in the file; the budget stops those of
// a hostile one, which lie over each other.
type contextCache struct {
	mu     sync.Mutex
	known  map[LocationDescriptor]Context
	budget int64 // bytes that may still be read
	spent  error // once the budget is, of the first that it stopped
}

const (
	// sharedContexts is how many bytes may be read again.
	sharedContexts = 2 << 20
	// leastContext is what a context counts for at least, as the structure
	// that it is decoded into does not get smaller with it.
	leastContext = 1 << 10
)

// noContextError is that of a stream, without formatting it: of a hostile list
// every thread has none.
type noContextError StreamType

func (e noContextError) Error() string {
	return fmt.Sprintf("minidump: %v: %v", StreamType(e), ErrNoContext)
}
func (e noContextError) Unwrap() error { return ErrNoContext }

// context decodes the context that a descriptor of stream s names.
func (f *File) context(s StreamType, l LocationDescriptor) (Context, error) {
	if l.DataSize == 0 {
		return nil, noContextError(s)
	}
	f.contexts.mu.Lock()
	defer f.contexts.mu.Unlock()
	if c, ok := f.contexts.known[l]; ok {
		return c, nil
	}
	if f.contexts.spent != nil {
		return nil, f.contexts.spent
	}
	info, err := f.SystemInfo()
	if err != nil {
		return nil, fmt.Errorf("minidump: the processor of a context is not known: %w", err)
	}
	c, err := f.decodeContext(info.ProcessorArchitecture, l)
	if errors.Is(err, errContextsOverlap) {
		f.contexts.spent = &FormatError{Stream: s, Offset: int64(l.Rva), Reason: err.Error()}
		return nil, f.contexts.spent
	}
	if err != nil {
		return nil, causedBy(err, s, int64(l.Rva), fmt.Sprintf("a context of %d bytes, ", l.DataSize))
	}
	if f.contexts.known == nil {
		f.contexts.known = map[LocationDescriptor]Context{}
	}
	f.contexts.known[l] = c
	return c, nil
}

var errContextsOverlap = errors.New("this context and others are left out: with those before they are more than the file holds")

func (f *File) decodeContext(arch ProcessorArchitecture, l LocationDescriptor) (Context, error) {
	kind, err := contextKindOf(arch, l.DataSize)
	if err != nil {
		return nil, err
	}
	size := min(l.DataSize, maxContext)
	if f.contexts.budget < int64(size) {
		return nil, errContextsOverlap
	}
	b, err := f.Location(LocationDescriptor{size, l.Rva})
	if err != nil {
		return nil, err
	}
	f.contexts.budget -= max(int64(size), leastContext)
	return kind.decode(b, f.order, f), nil
}
