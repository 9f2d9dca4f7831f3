package symstore

import (
	"context"
	"sync"
)

// flights lets several callers share one search. It goes on until the last of
// them gives up.
type flights struct {
	mu  sync.Mutex
	all map[string]*flight
}

type flight struct {
	done    chan struct{}
	cancel  context.CancelCauseFunc
	waiting int
	result  Result
	err     error
}

func (fs *flights) do(ctx context.Context, key string, search func(context.Context) (Result, error)) (Result, error) {
	if err := context.Cause(ctx); err != nil {
		return Result{}, err
	}
	f := fs.join(ctx, key, search)
	select {
	case <-f.done:
	case <-ctx.Done():
		if fs.leave(key, f, context.Cause(ctx)) {
			<-f.done // it ends at once, and removes what it left half done
		}
		return Result{}, context.Cause(ctx)
	}
	return f.result, f.err
}

func (fs *flights) join(ctx context.Context, key string, search func(context.Context) (Result, error)) *flight {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if f := fs.all[key]; f != nil {
		f.waiting++
		return f
	}
	own, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	f := &flight{done: make(chan struct{}), cancel: cancel, waiting: 1}
	if fs.all == nil {
		fs.all = make(map[string]*flight)
	}
	fs.all[key] = f
	go func() {
		f.result, f.err = search(own)
		cancel(nil)
		fs.remove(key, f)
		close(f.done)
	}()
	return f
}

// leave reports whether nobody waits for the flight any more, and ends it then.
func (fs *flights) leave(key string, f *flight, cause error) bool {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	f.waiting--
	if f.waiting > 0 {
		return false
	}
	if fs.all[key] == f {
		delete(fs.all, key)
	}
	f.cancel(cause)
	return true
}

func (fs *flights) remove(key string, f *flight) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if fs.all[key] == f {
		delete(fs.all, key)
	}
}
