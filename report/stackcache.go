package report

import "github.com/handletrace/handletrace/htrace"

// maxStackCache is how many bytes of written stacks are kept.
const maxStackCache = 8 << 20

// stackKey tells written stacks apart: equal stacks of a trace are one slice.
type stackKey struct {
	first   *uint64
	length  int
	depth   int // of the document
	foreign bool
}

// stackCache keeps the text of stacks, of which a trace has few and its
// operations many.
type stackCache struct {
	known map[stackKey][]byte
	bytes int
}

// get returns the text of an operation's stack, which write makes of its
// frames where it is not known.
func (c *stackCache) get(in *Input, op *htrace.Operation, depth int, write func([]htrace.Frame) []byte) []byte {
	if len(op.Stack) == 0 {
		return write(nil)
	}
	key := stackKey{&op.Stack[0], len(op.Stack), depth, in.Trace.IsForeign(op)}
	if b, ok := c.known[key]; ok {
		return b
	}
	b := write(in.Trace.Frames(op, in.Code))
	if c.bytes += len(b); c.bytes > maxStackCache || c.known == nil {
		c.known, c.bytes = make(map[stackKey][]byte), len(b)
	}
	c.known[key] = b
	return b
}
