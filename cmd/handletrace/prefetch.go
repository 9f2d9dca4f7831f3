package main

import (
	"context"
	"iter"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/symbols"
)

// eachOperation returns the operations of a trace.
func eachOperation(t *htrace.Trace) iter.Seq[*htrace.Operation] {
	return func(yield func(*htrace.Operation) bool) {
		for i := range t.Operations {
			if !yield(&t.Operations[i]) {
				return
			}
		}
	}
}

// prefetch looks for the symbols of all modules on the stacks of operations at
// once: one after the other, as the stacks are read, they would wait for each
// other's servers. What is not found now is not found then either.
func (p *symbolPath) prefetch(ctx context.Context, code htrace.Code, ops iter.Seq[*htrace.Operation]) {
	resolver, ok := code.(*symbols.Resolver)
	if p == nil || !ok {
		return
	}
	_, _ = resolver.Resolve(ctx, oneInEachModule(resolver, ops))
	p.meter.end()
}

// prefetch looks for the symbols of the code of an input.
func (l *loader) prefetch(ctx context.Context, in *input) {
	if l.path == nil {
		return
	}
	defer l.console.progress.pause()()
	l.path.prefetch(ctx, in.Code, eachOperation(in.Trace))
}

// oneInEachModule returns an address in each module on the stacks of
// operations.
func oneInEachModule(resolver *symbols.Resolver, ops iter.Seq[*htrace.Operation]) []uint64 {
	var addresses []uint64
	seen := make(map[uint64]bool) // by page
	bases := make(map[uint64]bool)
	for op := range ops {
		for _, address := range op.Stack {
			page := address >> 12
			if seen[page] {
				continue
			}
			seen[page] = true
			if m, ok := resolver.Module(address); ok && !bases[m.Base] {
				bases[m.Base] = true
				addresses = append(addresses, address)
			}
		}
	}
	return addresses
}
