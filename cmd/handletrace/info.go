package main

import (
	"github.com/spf13/cobra"

	"github.com/handletrace/handletrace/report"
)

func newInfo() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "info FILE",
		Short: "Show what is in a dump",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, src, err := openDump(args[0], cmd.InOrStdin())
			if err != nil {
				return err
			}
			defer src.Close()
			write := report.WriteInfoText
			if asJSON {
				write = report.WriteInfoJSON
			}
			return write(cmd.OutOrStdout(), report.InfoOf(f))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return cmd
}
