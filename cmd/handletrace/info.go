package main

import (
	"github.com/spf13/cobra"

	"github.com/handletrace/handletrace/report"
)

func newInfo() *cobra.Command {
	var asJSON bool
	var options report.InfoOptions
	cmd := &cobra.Command{
		Use:   "info FILE",
		Short: "Show what is in a dump",
		Long: `Show everything that is in a dump: the system, the process, its threads,
modules, handles and memory, and what the writers of dumps add of their own.

Long tables are cut; --all shows them whole, with the registers of every thread
and the environment of the process, which may be private. --json writes all of
it as docs/info.schema.json describes.`,
		Example: `  handletrace info crash.dmp
  handletrace info --all crash.dmp
  handletrace info --json --output facts.json crash.dmp`,
		Args: exactly(1, "a FILE: "+aDump),
		RunE: stoppable(func(cmd *cobra.Command, args []string) error {
			f, src, err := openDump(args[0], cmd.InOrStdin())
			if err != nil {
				return err
			}
			defer src.Close()
			if asJSON {
				return report.WriteInfoJSON(cmd.OutOrStdout(), f)
			}
			return report.WriteInfoText(cmd.OutOrStdout(), f, options)
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	cmd.Flags().BoolVar(&options.All, "all", false, "show all rows, registers and variables")
	return cmd
}
