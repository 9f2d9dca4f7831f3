package report

import "github.com/handletrace/handletrace/htrace"

// maxStackCache is how many bytes of encoded stacks are kept.
const maxStackCache = 8 << 20

// stackKey tells encoded stacks apart: equal stacks of a trace are one slice.
type stackKey struct {
	first   *uint64
	depth   int
	foreign bool
}

// stackCache keeps the JSON of stacks, of which a trace has few and its
// operations many.
type stackCache struct {
	known map[stackKey][]byte
	bytes int
}

func (c *stackCache) reset() {
	c.known, c.bytes = make(map[stackKey][]byte), 0
}

// encoded returns the JSON of an operation's stack, at a depth of the
// document.
func (c *stackCache) encoded(in *Input, op *htrace.Operation, depth int) ([]byte, error) {
	if len(op.Stack) == 0 {
		return []byte("[]"), nil
	}
	key := stackKey{&op.Stack[0], depth, in.Trace.IsForeign(op)}
	if b, ok := c.known[key]; ok {
		return b, nil
	}
	b, err := encodeAt(NewFramesJSON(in.Trace.Frames(op, in.Code)), depth)
	if err != nil {
		return nil, err
	}
	if c.bytes += len(b); c.bytes > maxStackCache {
		c.reset()
		c.bytes = len(b)
	}
	c.known[key] = b
	return b, nil
}
