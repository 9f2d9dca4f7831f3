package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/handletrace/handletrace/callstack"
	"github.com/handletrace/handletrace/report"
	"github.com/handletrace/handletrace/symbols"
)

type symbolizeFlags struct {
	module, symbols string
	json            bool
}

func newSymbolize() *cobra.Command {
	var flags symbolizeFlags
	cmd := &cobra.Command{
		Use:   "symbolize (--module FILE RVA... | DUMP ADDRESS...)",
		Short: "Name the code at addresses",
		Long: `Name the code at addresses of a dump, or at RVAs of one PDB or PE file, in the
order asked. Addresses are hexadecimal; without any on the command line they are
read from standard input. They are taken as they are: for a return address ask
for the byte before it.`,
		Example: `  handletrace symbolize --symbols pdbs crash.dmp 0x7ff6d1c01234
  handletrace symbolize --json --module app.pdb 0x1010 0x1098`,
		RunE: func(cmd *cobra.Command, args []string) error { return symbolize(cmd, flags, args) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.module, "module", "", "a PDB or PE file whose RVAs are asked for")
	f.StringVar(&flags.symbols, "symbols", "", "folders in which PDBs are looked for, separated by semicolons")
	f.BoolVar(&flags.json, "json", false, "write a JSON object on each line")
	return cmd
}

// namer names the code at an address.
type namer interface {
	FramesAt(address uint64) []callstack.Frame
}

func symbolize(cmd *cobra.Command, flags symbolizeFlags, args []string) (err error) {
	names, release, args, err := openNamer(flags, args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	out := bufio.NewWriter(cmd.OutOrStdout())
	write := writeFrames
	if flags.json {
		write = writeFramesJSON
	}
	answer := func(word string) error {
		address, err := parseAddress(word)
		if err != nil {
			return err
		}
		return write(out, address, names.FramesAt(address))
	}
	for _, word := range args {
		if err := answer(word); err != nil {
			return err
		}
	}
	if len(args) == 0 {
		if err := eachWord(cmd.InOrStdin(), answer); err != nil {
			return err
		}
	}
	return out.Flush()
}

// openNamer opens what the addresses are in, and returns the words that are
// left.
func openNamer(flags symbolizeFlags, args []string) (namer, func() error, []string, error) {
	if flags.module != "" {
		m, err := symbols.OpenModule(flags.module, symbols.Options{})
		if err != nil {
			return nil, nil, nil, err
		}
		return m, m.Close, args, nil
	}
	if len(args) == 0 {
		return nil, nil, nil, errors.New("symbolize: name a dump, or a PDB or PE file with --module")
	}
	f, src, err := openDump(args[0], strings.NewReader(""))
	if err != nil {
		return nil, nil, nil, err
	}
	load := loadFlags{symbols: flags.symbols}
	r, err := symbols.New(symbols.FromDump(f), symbols.Options{Directories: load.folders()})
	if err != nil {
		return nil, nil, nil, errors.Join(fmt.Errorf("%s: %w", args[0], err), src.Close())
	}
	return r, func() error { return errors.Join(r.Close(), src.Close()) }, args[1:], nil
}

// parseAddress reads an address as debuggers print it.
func parseAddress(word string) (uint64, error) {
	v, err := strconv.ParseUint(strings.TrimPrefix(strings.ToLower(strings.ReplaceAll(word, "`", "")), "0x"), 16, 64)
	if err != nil {
		return 0, fmt.Errorf("address %q: give it in hexadecimal, as in 0x7ff6d1c01234", word)
	}
	return v, nil
}

func eachWord(r io.Reader, do func(string) error) error {
	s := bufio.NewScanner(r)
	s.Split(bufio.ScanWords)
	for s.Scan() {
		if err := do(s.Text()); err != nil {
			return err
		}
	}
	if err := s.Err(); err != nil {
		return fmt.Errorf("standard input: %w", err)
	}
	return nil
}

func writeFramesJSON(w io.Writer, address uint64, frames []callstack.Frame) error {
	return json.NewEncoder(w).Encode(struct {
		Address string             `json:"address"`
		Frames  []report.FrameJSON `json:"frames"`
	}{fmt.Sprintf("%#x", address), report.NewFramesJSON(frames)})
}

func writeFrames(w io.Writer, address uint64, frames []callstack.Frame) error {
	if len(frames) == 0 {
		_, err := fmt.Fprintf(w, "%#x\n", address)
		return err
	}
	for _, f := range frames {
		if _, err := fmt.Fprintf(w, "%#x: %v%s\n", address, f, report.Source(f)); err != nil {
			return err
		}
	}
	return nil
}
