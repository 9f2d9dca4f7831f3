package symbols

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Resolve returns the frames at many return addresses, in their order, as
// [Resolver.FramesContext] does for one, but opens the modules and resolves
// the addresses in parallel. The error is ctx's; what was not resolved by then
// is nil.
func (r *Resolver) Resolve(ctx context.Context, returnAddresses []uint64) ([][]Frame, error) {
	return r.batch(ctx, returnAddresses, afterCall)
}

// ResolveAt is Resolve for addresses that are no return addresses: see
// [Resolver.FramesAt].
func (r *Resolver) ResolveAt(ctx context.Context, addresses []uint64) ([][]Frame, error) {
	return r.batch(ctx, addresses, itself)
}

func (r *Resolver) batch(ctx context.Context, addresses []uint64, back uint64) ([][]Frame, error) {
	if err := r.openAll(ctx, addresses, back); err != nil {
		return make([][]Frame, len(addresses)), err
	}
	return inParallel(ctx, addresses, func(address uint64) ([]Frame, error) { return r.answer(ctx, address, back) })
}

// openAtOnce is how many modules are opened at a time: it may be a server that
// is waited for, not the processor.
const openAtOnce = 8

// openAll opens the modules of the addresses, several at a time.
func (r *Resolver) openAll(ctx context.Context, addresses []uint64, back uint64) error {
	wanted := make(map[*image]bool)
	for _, a := range addresses {
		if img := r.find(a - min(a, back)); img != nil {
			wanted[img] = true
		}
	}
	free := make(chan struct{}, openAtOnce)
	var all sync.WaitGroup
	for img := range wanted {
		free <- struct{}{}
		all.Go(func() {
			_ = img.open(ctx) // what it fails for now, the look-ups tell
			<-free
		})
	}
	all.Wait()
	return ctx.Err()
}

// chunk is how many addresses a goroutine takes at a time.
const chunk = 64

// inParallel answers each address with all processors. They are taken in their
// numerical order, in which neighbours need the same parts of the files.
func inParallel(ctx context.Context, addresses []uint64, answer func(uint64) ([]Frame, error)) ([][]Frame, error) {
	order := make([]int32, len(addresses))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(addresses[a], addresses[b]) })
	answers := make([][]Frame, len(addresses))
	var next atomic.Int64
	work := func() {
		for ctx.Err() == nil {
			from := int(next.Add(chunk)) - chunk
			if from >= len(order) {
				return
			}
			for _, i := range order[from:min(from+chunk, len(order))] {
				if frames, err := answer(addresses[i]); err == nil {
					answers[i] = frames
				}
			}
		}
	}
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), (len(addresses)+chunk-1)/chunk) - 1 {
		all.Go(work)
	}
	work()
	all.Wait()
	return answers, ctx.Err()
}
