package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func newMan() *cobra.Command {
	return &cobra.Command{
		Use:   "man [COMMAND]",
		Short: "Print the manual page of the program or of a command, in the form of man(7)",
		Example: `  handletrace man > handletrace.1
  handletrace man analyze > handletrace-analyze.1`,
		Args:   cobra.ArbitraryArgs,
		Hidden: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			page, err := named(cmd.Root(), args)
			if err != nil {
				return err
			}
			return writeManPage(cmd.OutOrStdout(), page)
		},
	}
}

// writeManPage writes the page of a command.
func writeManPage(w io.Writer, cmd *cobra.Command) error {
	m := manPage{bufio.NewWriter(w)}
	name := strings.ReplaceAll(cmd.CommandPath(), " ", "-")
	m.macro("TH", strings.ToUpper(name), "1", "", "handletrace", "handletrace manual")
	m.section("NAME")
	m.text(name + ` \- ` + escape(cmd.Short))
	m.section("SYNOPSIS")
	m.text(`\fB` + escape(cmd.UseLine()) + `\fR`)
	m.section("DESCRIPTION")
	m.paragraphs(cmd.Long)
	if cmd.Long == "" {
		m.text(escape(cmd.Short) + ".")
	}
	m.commands(cmd)
	m.flags("OPTIONS", cmd.NonInheritedFlags())
	m.flags("GLOBAL OPTIONS", cmd.InheritedFlags())
	if cmd.Example != "" {
		m.section("EXAMPLES")
		m.verbatim(cmd.Example)
	}
	m.seeAlso(cmd)
	return m.w.Flush()
}

// manPage writes the macros of man(7).
type manPage struct{ w *bufio.Writer }

// macro writes a macro with its arguments in quotes.
func (m manPage) macro(name string, args ...string) {
	fmt.Fprintf(m.w, ".%s", name)
	for _, a := range args {
		fmt.Fprintf(m.w, ` "%s"`, strings.ReplaceAll(escape(a), `"`, `\(dq`))
	}
	fmt.Fprintln(m.w)
}

func (m manPage) section(title string) { m.macro("SH", title) }

// text writes a line that is escaped already.
func (m manPage) text(line string) { fmt.Fprintln(m.w, line) }

// paragraphs writes text whose paragraphs are parted by empty lines.
func (m manPage) paragraphs(text string) {
	for i, p := range strings.Split(text, "\n\n") {
		if i > 0 {
			m.macro("PP")
		}
		for line := range strings.Lines(p) {
			m.text(escape(strings.TrimSpace(line)))
		}
	}
}

// verbatim writes lines as they are.
func (m manPage) verbatim(text string) {
	m.macro("nf")
	for line := range strings.Lines(text) {
		m.text(escape(strings.TrimRight(line, "\n")))
	}
	m.macro("fi")
}

func (m manPage) commands(cmd *cobra.Command) {
	titled := false
	for _, c := range cmd.Commands() {
		if !c.IsAvailableCommand() {
			continue
		}
		if !titled {
			m.section("COMMANDS")
			titled = true
		}
		m.macro("TP")
		m.text(`\fB` + escape(c.Name()) + `\fR`)
		m.text(escape(c.Short))
	}
}

func (m manPage) flags(title string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	m.section(title)
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		names := `\fB` + escape("--"+f.Name) + `\fR`
		if f.Shorthand != "" {
			names = `\fB` + escape("-"+f.Shorthand) + `\fR, ` + names
		}
		if value != "" {
			names += ` \fI` + escape(value) + `\fR`
		}
		m.macro("TP")
		m.text(names)
		m.text(escape(usage))
	})
}

func (m manPage) seeAlso(cmd *cobra.Command) {
	var pages []string
	if cmd.HasParent() {
		pages = append(pages, `\fBhandletrace\fR(1)`)
	}
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() && c.Name() != "help" && c.Name() != "completion" {
			pages = append(pages, `\fBhandletrace\-`+escape(c.Name())+`\fR(1)`)
		}
	}
	m.section("SEE ALSO")
	m.text(strings.Join(pages, ", "))
}

// escape makes text safe for roff: backslashes, hyphens that are to stay so,
// and the dot or quote at the start of a line, which would make it a macro.
func escape(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		return `\&` + text
	}
	return text
}
