package main

import (
	"context"
	"runtime"
)

// mostAtOnce bounds how many files are held at the same time: a dump takes
// several times the memory of its trace.
const mostAtOnce = 4

// each examines files at the same time and gives them to use in their order.
// An error of use ends the work. When ctx ends it does not wait for the files
// that are being worked on, which the end of the program ends.
func (a *analyzer) each(ctx context.Context, names []string, use func(*input) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	done := make([]chan *input, len(names))
	for i := range done {
		done[i] = make(chan *input, 1)
	}
	slots := make(chan struct{}, min(mostAtOnce, runtime.GOMAXPROCS(0)))
	go func() {
		for i, name := range names {
			select {
			case slots <- struct{}{}:
				go func() { done[i] <- a.examine(ctx, name) }()
			case <-ctx.Done():
				return
			}
		}
	}()
	for i, name := range names {
		in := await(ctx, done[i])
		if in == nil {
			in = failedInput(name, label(name, errInterrupted))
		}
		if err := use(in); err != nil {
			return err
		}
		if ctx.Err() == nil {
			<-slots
		}
	}
	return nil
}

// await returns what a worker made, and nil where ctx ends before.
func await(ctx context.Context, done <-chan *input) *input {
	select {
	case in := <-done:
		return in
	default:
	}
	select {
	case in := <-done:
		return in
	case <-ctx.Done():
		return nil
	}
}
