package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

// results is where a command writes what it was asked for: standard output,
// unless --output names a file.
type results struct{ io.Writer }

// outputFile is the file of --output. It is made when something is written, so
// that what fails at once leaves an older file as it was.
type outputFile struct {
	name string
	f    *os.File
}

func (o *outputFile) Write(b []byte) (int, error) {
	if err := o.create(); err != nil {
		return 0, err
	}
	return o.f.Write(b)
}

func (o *outputFile) create() (err error) {
	if o.f == nil {
		o.f, err = os.Create(o.name)
	}
	return err
}

// finish closes the file. Where the command was successful there is one, even
// if nothing was written.
func (o *outputFile) finish(successful bool) error {
	if successful {
		if err := o.create(); err != nil {
			return err
		}
	}
	if o.f == nil {
		return nil
	}
	return o.f.Close()
}

// globals are the flags of all commands, and what they made.
type globals struct {
	quiet, verbose bool
	output         string
	results        results
	file           *outputFile // of --output; nil without
}

func (g *globals) add(root *cobra.Command) {
	f := root.PersistentFlags()
	f.BoolVarP(&g.quiet, "quiet", "q", false, "no warnings and no progress beside the results")
	f.BoolVarP(&g.verbose, "verbose", "v", false, "say on standard error what is done")
	f.StringVarP(&g.output, "output", "o", "", "write the results to this `FILE`")
	root.MarkFlagsMutuallyExclusive("quiet", "verbose")
	root.PersistentPreRunE = g.prepare
}

// prepare makes the console and the output file of a command.
func (g *globals) prepare(cmd *cobra.Command, args []string) error {
	if g.output != "" {
		if err := notAmong(g.output, args); err != nil {
			return err
		}
		g.file = &outputFile{name: g.output}
		g.results.Writer = g.file
	}
	newConsole(cmd.ErrOrStderr(), g.results.Writer, g.quiet, g.verbose).install(cmd)
	return nil
}

// finish ends the output.
func (g *globals) finish(successful bool) error {
	if g.file == nil {
		return nil
	}
	return g.file.finish(successful)
}

// notAmong refuses to overwrite a file that is to be read.
func notAmong(output string, args []string) error {
	info, err := os.Stat(output)
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	for _, a := range args {
		if other, err := os.Stat(a); err == nil && os.SameFile(info, other) {
			return fmt.Errorf("--output %s would overwrite a file that is to be read: name another", output)
		}
	}
	return nil
}
