package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

// results is where a command writes what it was asked for: standard output,
// unless --output names a file.
type results struct{ gate }

// file returns the file of --output that is being made; nil where there is none.
func (r *results) file() *outputFile {
	if o, ok := r.Writer.(*outputFile); ok && o.part != "" {
		return o
	}
	return nil
}

// outputFile is the file of --output or --write-baseline. It is made when
// something is written, and has another name until all is: what fails leaves an
// older file as it was. A pipe or a device is written to as it is.
type outputFile struct {
	flag   string // that named it
	name   string
	f      *os.File
	part   string // the name until then; empty for a pipe
	failed bool   // whether something could not be written
}

func (o *outputFile) Write(b []byte) (int, error) {
	if err := o.create(); err != nil {
		return 0, err
	}
	n, err := o.f.Write(b)
	o.failed = o.failed || err != nil
	return n, err
}

func (o *outputFile) create() error {
	if o.f != nil {
		return nil
	}
	perm := os.FileMode(0o666) // less what the user's mask takes away
	info, err := os.Stat(o.name)
	switch {
	case err == nil && !info.Mode().IsRegular():
		o.f, err = os.OpenFile(o.name, os.O_WRONLY, 0)
		return err
	case err == nil:
		perm = info.Mode().Perm()
	}
	o.name = followLink(o.name)
	part := o.name + "." + rand.Text()[:8] + ".part"
	if o.f, err = os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm); err != nil {
		return fmt.Errorf("--%s %s: %w", o.flag, o.name, errors.Unwrap(err))
	}
	o.part = part
	return nil
}

// followLink returns what a name stands for, which need not be there yet: a
// link stays one.
func followLink(name string) string {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		return target
	}
	target, err := os.Readlink(name)
	switch {
	case err != nil:
		return name
	case filepath.IsAbs(target):
		return target
	}
	return filepath.Join(filepath.Dir(name), target)
}

// finish gives the file its name, given the error of the command. Where the
// command was successful there is one, even if nothing was written; where not,
// there is one if what could be done was written whole.
func (o *outputFile) finish(failure error) error {
	if failure == nil {
		if err := o.create(); err != nil {
			return err
		}
	}
	if o.f == nil {
		return nil
	}
	err := o.f.Close()
	if o.part == "" {
		return err
	}
	if err == nil && !o.failed && !errors.Is(failure, errInterrupted) {
		err = os.Rename(o.part, o.name)
		if err == nil {
			return nil
		}
	}
	return errors.Join(err, os.Remove(o.part))
}

// globals are the flags of all commands, and what they made.
type globals struct {
	quiet, verbose bool
	output         string
	results        results
	file           *outputFile // of --output; nil without
	help           help
}

func (g *globals) add(root *cobra.Command) {
	f := root.PersistentFlags()
	f.BoolVarP(&g.quiet, "quiet", "q", false, "no warnings and no progress beside the results")
	f.BoolVarP(&g.verbose, "verbose", "v", false, "say on standard error what is done")
	f.StringVarP(&g.output, "output", "o", "", "write the results to this `FILE`")
	root.PersistentPreRunE = g.prepare
}

// prepare makes the console and the output file of a command.
func (g *globals) prepare(cmd *cobra.Command, args []string) error {
	if err := errors.Join(refuseEmpty(cmd.Flags()), refuseContradictions(cmd.Flags())); err != nil {
		return err
	}
	// As with FILE, - is the standard stream.
	if g.output != "" && g.output != stdinName {
		if err := checkOutput("output", g.output, filesRead(cmd, args)); err != nil {
			return err
		}
		g.file = &outputFile{flag: "output", name: g.output}
		g.results.Writer = g.file
	}
	newConsole(cmd.ErrOrStderr(), g.results.Writer, g.quiet, g.verbose).install(cmd)
	return nil
}

// finish ends the output of a command that ended with err.
func (g *globals) finish(err error) error {
	if g.file == nil {
		return nil
	}
	return g.file.finish(err)
}
