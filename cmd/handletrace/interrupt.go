package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

// errInterrupted is of what was not done when the user stopped.
var errInterrupted = errors.New("interrupted before it was done")

// untilInterrupt returns a context that the first interrupt ends. A second one
// ends the program.
func untilInterrupt(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// grace is how long a command that is interrupted may take to end in order, as
// downloads do. Reading from a pipe or a long computation cannot be ended so:
// the end of the program ends them.
const grace = 250 * time.Millisecond

// stoppable makes an interrupt end a command, of which nothing is written any
// more from then on.
func stoppable(do func(*cobra.Command, []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		ctx, stop := untilInterrupt(cmd.Context())
		defer stop()
		cmd.SetContext(ctx)
		done := make(chan error, 1)
		go func() { done <- do(cmd, args) }()
		select {
		case err := <-done:
			return ended(cmd, err)
		case <-ctx.Done():
		}
		consoleOf(cmd).shut()
		shut(cmd.OutOrStdout())
		select {
		case err := <-done:
			return ended(cmd, err)
		case <-time.After(grace):
			return interrupted(cmd, nil)
		}
	}
}

// ended is the error of a command that ended by itself with err, which may be
// because it was interrupted.
func ended(cmd *cobra.Command, err error) error {
	if err == nil || cmd.Context().Err() == nil {
		return err
	}
	return interrupted(cmd, err)
}

// interrupted is the error of a command that was interrupted, which says what
// its results are worth. The command may have told more with its own.
func interrupted(cmd *cobra.Command, own error) error {
	var told *interruptedAt
	if errors.As(own, &told) {
		return told
	}
	r, ok := cmd.OutOrStdout().(*results)
	switch {
	case !ok || !r.wrote.Load():
		return errInterrupted
	case r.file() != nil:
		return fmt.Errorf("%w: the file of --output is left as it was", errInterrupted)
	}
	return fmt.Errorf("%w: the results above are only a part", errInterrupted)
}

// interruptedAt is an interrupt that tells how far the work had come.
type interruptedAt struct{ done string }

func (e *interruptedAt) Error() string { return errInterrupted.Error() + ": " + e.done }

// Is makes it an interrupt as all others.
func (e *interruptedAt) Is(target error) bool { return target == errInterrupted }

// gate is a writer that can be shut.
type gate struct {
	io.Writer
	mu    sync.Mutex // held while something is written
	isOff atomic.Bool
	wrote atomic.Bool // whether anything was written
}

func (g *gate) Write(b []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.isOff.Load() {
		return 0, errInterrupted
	}
	g.wrote.Store(true)
	return g.Writer.Write(b)
}

// shut lets nothing more through a gate. What is being written may still
// arrive, but where nobody reads it is not waited for.
func shut(w io.Writer) {
	var g *gate
	switch w := w.(type) {
	case *gate:
		g = w
	case *results:
		g = &w.gate
	default:
		return
	}
	g.isOff.Store(true)
	for range 20 {
		if g.mu.TryLock() {
			g.mu.Unlock()
			return
		}
		time.Sleep(grace / 20)
	}
}
