package symbols

import (
	"context"
	"sync/atomic"
)

// lazy is a value that is made when it is first asked for. Others who ask
// meanwhile wait, as long as their context lets them; a failure that is due to
// the maker's context is not kept.
type lazy[T any] struct {
	turn  chan struct{} // holds a token while nobody makes the value
	done  atomic.Bool
	value T
	err   error
}

func newLazy[T any]() *lazy[T] {
	l := &lazy[T]{turn: make(chan struct{}, 1)}
	l.turn <- struct{}{}
	return l
}

// made returns a value that is there already.
func made[T any](v T) *lazy[T] {
	l := newLazy[T]()
	l.value = v
	l.done.Store(true)
	return l
}

// get returns the value, or why there is none.
func (l *lazy[T]) get(ctx context.Context, open func() (T, error)) (T, error) {
	if l.done.Load() {
		return l.value, l.err
	}
	var none T
	select {
	case <-l.turn:
	case <-ctx.Done():
		return none, ctx.Err()
	}
	defer func() { l.turn <- struct{}{} }()
	if l.done.Load() {
		return l.value, l.err
	}
	v, err := open()
	if err != nil && ctx.Err() != nil {
		return none, ctx.Err()
	}
	l.value, l.err = v, err
	l.done.Store(true)
	return v, err
}

// peek returns the value if it was made.
func (l *lazy[T]) peek() (v T, err error, ok bool) {
	if !l.done.Load() {
		return v, nil, false
	}
	return l.value, l.err, true
}
