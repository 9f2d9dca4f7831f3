package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/handletrace/handletrace/symbols"
	"github.com/handletrace/handletrace/symbols/undname"
)

// styles are the values of undname's --style.
var styles = map[string]undname.Style{"name": undname.Name, "full": undname.Full}

func newUndname() *cobra.Command {
	var word string
	cmd := &cobra.Command{
		Use:   "undname [NAME...]",
		Short: "Turn decorated C++ and Rust names into readable ones",
		Long: `Turn decorated names into readable ones, a line for each: those of Microsoft's
C++, of the Itanium ABI (GCC, and Clang for mingw) and of Rust. Without arguments
the names are read from standard input, one on each line. A name that is not
decorated, or not validly, comes back as it is.`,
		Example: `  handletrace undname '??1?$vector@HV?$allocator@H@std@@@std@@QEAA@XZ'
  handletrace undname --style full < names.txt`,
		RunE: stoppable(func(cmd *cobra.Command, args []string) error {
			style, err := pick("style", word, styles)
			if err != nil {
				return err
			}
			out := bufio.NewWriter(cmd.OutOrStdout())
			for _, name := range args {
				fmt.Fprintln(out, undecorate(name, style))
			}
			if len(args) == 0 {
				if err := undnameLines(out, cmd.InOrStdin(), style); err != nil {
					return err
				}
			}
			return out.Flush()
		}),
	}
	cmd.Flags().StringVar(&word, "style", "name", "spelling: name (as WinDbg prints it) or full (with types, as llvm-undname does)")
	return cmd
}

func undecorate(name string, style undname.Style) string {
	// A name that is not valid comes back unchanged, which is the answer here.
	s, _ := symbols.Demangle(name, style)
	return s
}

func undnameLines(out io.Writer, in io.Reader, style undname.Style) error {
	r := bufio.NewReader(in)
	for {
		line, err := r.ReadString('\n')
		if line != "" {
			fmt.Fprintln(out, undecorate(strings.TrimRight(line, "\r\n"), style))
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("standard input: %w", err)
		}
	}
}
