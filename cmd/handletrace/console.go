package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/handletrace/handletrace/report"
)

// console is where a command tells what is no result.
type console struct {
	stderr   io.Writer
	quiet    bool
	log      *slog.Logger
	progress *progress
	terminal bool // whether results go to a terminal
	color    bool // whether they may be coloured
}

type consoleKey struct{}

// consoleOf returns the console of the command that is being run.
func consoleOf(cmd *cobra.Command) *console {
	if c, ok := cmd.Context().Value(consoleKey{}).(*console); ok {
		return c
	}
	return newConsole(cmd.ErrOrStderr(), io.Discard, true, false)
}

// newConsole returns the console of a command that writes its results to out.
func newConsole(stderr, out io.Writer, quiet, verbose bool) *console {
	c := &console{stderr: &gate{Writer: stderr}, quiet: quiet, log: slog.New(slog.DiscardHandler)}
	if verbose {
		c.log = slog.New(slog.NewTextHandler(c.stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	if !quiet && !verbose && isTerminal(stderr) {
		c.progress = newProgress(c.stderr)
	}
	c.terminal = isTerminal(out)
	c.color = c.terminal && hasColors(os.Getenv)
	return c
}

func (c *console) install(cmd *cobra.Command) {
	cmd.SetContext(context.WithValue(cmd.Context(), consoleKey{}, c))
}

// warn writes a warning, unless nothing of the kind is wanted.
func (c *console) warn(format string, args ...any) {
	if !c.quiet {
		fmt.Fprintf(c.stderr, "handletrace: warning: %s\n", report.Plain(fmt.Sprintf(format, args...)))
	}
}

// watched returns where progress may be shown: nowhere where nothing but
// results is wanted.
func (c *console) watched() io.Writer {
	if c.progress == nil {
		return io.Discard
	}
	return c.stderr
}

// shut lets nothing more through, and takes what was shown for the moment off
// the screen.
func (c *console) shut() {
	shut(c.stderr)
	if g, ok := c.stderr.(*gate); ok && c.progress != nil {
		fmt.Fprint(g.Writer, eraseLine)
	}
}

// isTerminal reports whether somebody may watch what is written. The null
// device is one of characters too.
func isTerminal(w io.Writer) bool {
	if g, ok := w.(*gate); ok {
		w = g.Writer
	}
	f, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}

// hasColors reports whether a terminal takes colours, as far as the
// environment tells, and the user wants them (https://no-color.org).
func hasColors(getenv func(string) string) bool {
	if getenv("NO_COLOR") != "" {
		return false
	}
	return runtime.GOOS != "windows" || getenv("WT_SESSION") != "" || getenv("ANSICON") != "" || getenv("TERM") != ""
}
