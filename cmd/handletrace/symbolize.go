package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/handletrace/handletrace/callstack"
	"github.com/handletrace/handletrace/internal/cab"
	"github.com/handletrace/handletrace/symbols"
)

type symbolizeFlags struct {
	symbolFlags
	module string
	json   bool
}

func newSymbolize() *cobra.Command {
	var flags symbolizeFlags
	cmd := &cobra.Command{
		Use:   "symbolize (--module FILE RVA... | DUMP ADDRESS...)",
		Short: "Name the code at addresses",
		Long: `Name the code at addresses of a dump, or at RVAs of one file with symbols: a PDB,
an executable or library, or a Breakpad .sym file. The answers are in the order
asked. Addresses are hexadecimal; without any on the command line they are read
from standard input, unless DUMP is -, which is the dump on standard input. They
are taken as they are: for a return address ask for the byte before it.

A word that is no address is answered with an error, and the exit status is 2
when all others have been answered.`,
		Example: `  handletrace symbolize --symbols pdbs crash.dmp 0x7ff6d1c01234
  handletrace symbolize --json --module app.pdb 0x1010 0x1098
  handletrace symbolize --module app.exe --symbols pdbs < rvas.txt`,
		RunE: stoppable(func(cmd *cobra.Command, args []string) error { return symbolize(cmd, flags, args) }),
	}
	f := cmd.Flags()
	f.StringVar(&flags.module, "module", "", "a file with symbols whose RVAs are asked for")
	flags.add(f)
	f.BoolVar(&flags.json, "json", false, "write a JSON object on each line")
	return cmd
}

// namer names the code at addresses.
type namer interface {
	ResolveAt(ctx context.Context, addresses []uint64) ([][]callstack.Frame, error)
	Close() error
}

func symbolize(cmd *cobra.Command, flags symbolizeFlags, args []string) (err error) {
	path, err := flags.open(cmd)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, path.Close()) }()
	names, args, err := openNamer(cmd, flags, path.options(), args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, names.Close()) }()
	a := newAnswerer(names, cmd.OutOrStdout(), flags.json)
	if len(args) > 0 {
		err = a.answer(cmd.Context(), args)
	} else {
		err = a.answerAll(cmd.Context(), cmd.InOrStdin())
	}
	return errors.Join(err, a.flush(), a.refused())
}

// openNamer opens what the addresses are in, and returns the words that are
// left.
func openNamer(cmd *cobra.Command, flags symbolizeFlags, opts symbols.Options, args []string) (namer, []string, error) {
	if flags.module != "" {
		m, err := symbols.OpenModule(flags.module, opts)
		if err != nil {
			return nil, nil, explainModule(flags.module, err)
		}
		return m, args, nil
	}
	switch {
	case len(args) == 0:
		return nil, nil, fmt.Errorf("symbolize needs a DUMP and addresses, or a file with symbols named by --module; %s", seeHelp(cmd))
	case len(args) == 1 && args[0] == stdinName:
		return nil, nil, errors.New("symbolize: standard input is the dump: give the addresses on the command line")
	}
	n, err := openDumpNamer(cmd, opts, args[0])
	return n, args[1:], err
}

// explainModule adds what to try where the file of --module is something else.
func explainModule(name string, err error) error {
	if info, errStat := os.Stat(name); errStat != nil || !info.Mode().IsRegular() {
		return err // a pipe might never be opened
	}
	f, errOpen := os.Open(name)
	if errOpen != nil {
		return err
	}
	defer f.Close()
	var head [4]byte
	n, _ := f.ReadAt(head[:], 0)
	switch string(head[:n]) {
	case "MDMP":
		return fmt.Errorf("--module %s is a minidump: leave --module out, as in handletrace symbolize DUMP ADDRESS, or name one of its modules' files", name)
	case cab.Magic:
		return fmt.Errorf("--module %s is a cabinet, as symbol servers keep compressed files: expand it first, with expand.exe on Windows or with cabextract, and name what was in it", name)
	}
	return err
}

// dumpNamer names the code of a dump.
type dumpNamer struct {
	*symbols.Resolver
	src *source
}

func openDumpNamer(cmd *cobra.Command, opts symbols.Options, name string) (namer, error) {
	f, src, err := openDump(name, cmd.InOrStdin())
	if err != nil {
		return nil, err
	}
	r, err := symbols.New(symbols.FromDump(f), opts)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", src.label, err), src.Close())
	}
	for _, w := range r.Warnings() {
		consoleOf(cmd).warn("%s: %v", src.label, w)
	}
	return dumpNamer{r, src}, nil
}

// Close releases the dump and the symbols.
func (d dumpNamer) Close() error { return errors.Join(d.Resolver.Close(), d.src.Close()) }
