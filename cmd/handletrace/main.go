// Command handletrace reads Windows minidumps, finds who misused a handle and
// names the code that did it.
package main

import (
	"context"
	"errors"
	"io"
	"os"
)

// Exit statuses.
const (
	exitClean  = 0 // nothing was found at or above --fail-on
	exitFound  = 1 // something was, or symbols that were wanted are missing
	exitFailed = 2 // the work could not be done
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// errFound ends a command that found something.
var errFound = errors.New("misuse was found")

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	g := globals{results: results{gate{Writer: stdout}}}
	root := newRoot(&g)
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = g.help.misuse(stderr)
	}
	found := errors.Is(err, errFound) || errors.Is(err, errIncomplete)
	if found {
		err = nil
	}
	if err = errors.Join(err, g.finish(err)); err != nil {
		printErrors(stderr, err)
		return exitFailed
	}
	if found {
		return exitFound
	}
	return exitClean
}
