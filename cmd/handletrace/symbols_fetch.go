package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/spf13/cobra"

	"github.com/handletrace/handletrace/report"
	"github.com/handletrace/handletrace/symbols/symstore"
)

type fetchFlags struct {
	moduleFlags
	manifest, images, breakpad bool
}

func newSymbolsFetch() *cobra.Command {
	var flags fetchFlags
	cmd := &cobra.Command{
		Use:   "fetch DUMP",
		Short: "Fetch the symbols of all modules, so that later commands need no network",
		Long: `Fetch the PDBs of a dump's modules along the symbol path, and the images of the
modules whose memory is not in the dump. What is there already is not fetched
again.

--manifest prints the files that would be looked for, one a line as they lie in
a symbol store, and looks for none: the list may go to a machine with a network.

Exit status: 0 all were found, 1 some were not, 2 the work could not be done.`,
		Example: `  handletrace symbols fetch --symbols 'srv*symbols*https://msdl.microsoft.com/download/symbols' crash.dmp
  handletrace symbols fetch --manifest crash.dmp`,
		Args: exactly(1, "a DUMP: "+aDump),
		RunE: stoppable(func(cmd *cobra.Command, args []string) error { return fetchSymbols(cmd.Context(), cmd, flags, args[0]) }),
	}
	f := cmd.Flags()
	flags.add(f)
	f.BoolVar(&flags.images, "images", false, "the images of all modules too")
	f.BoolVar(&flags.breakpad, "breakpad", false, "Breakpad symbol files too, as Mozilla's server has them")
	f.BoolVar(&flags.manifest, "manifest", false, "print what would be looked for, and look for nothing")
	return cmd
}

// errIncomplete ends a command that did not find all that it looked for.
var errIncomplete = errors.New("some symbols were not found")

func fetchSymbols(ctx context.Context, cmd *cobra.Command, flags fetchFlags, name string) (err error) {
	var path *symbolPath
	if !flags.manifest {
		flags.keep = true
		if path, err = flags.open(cmd); err != nil {
			return err
		}
		if path == nil {
			return errNoSymbolPath
		}
		defer func() { err = errors.Join(err, path.Close()) }()
	}
	// No resolver is to look for anything: what is wanted are the files.
	var none *symbolPath
	m, err := openModules(cmd, name, flags.stacks, none.options())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	wanted := wantedFiles(m, flags)
	if flags.manifest {
		return writeManifest(cmd.OutOrStdout(), flags.json, wanted)
	}
	if fetchAll(ctx, path, wanted) != nil {
		return &interruptedAt{soFar(wanted)}
	}
	path.meter.end()
	return writeFetched(cmd.OutOrStdout(), flags.json, wanted)
}

// wantedModule is a module with the keys of its files.
type wantedModule struct {
	moduleJSON
	keys []symstore.Key
}

func wantedFiles(m *modules, flags fetchFlags) []wantedModule {
	list := make([]wantedModule, len(m.list))
	for i := range m.list {
		module := &m.list[i]
		list[i].moduleJSON = newModuleJSON(module)
		list[i].keys = keysOfModule(module, flags.images || !m.hasMemory(module))
		if k, err := symstore.BreakpadKey(module.DebugFile, module.DebugID); err == nil && flags.breakpad {
			list[i].keys = append(list[i].keys, k)
		}
		for _, k := range list[i].keys {
			list[i].Files = append(list[i].Files, fileJSON{Key: k.String()})
		}
	}
	return list
}

// fetchAtOnce is how many files are looked for at a time.
const fetchAtOnce = 16

// fetchAll looks for all files. The error is ctx's.
func fetchAll(ctx context.Context, path *symbolPath, list []wantedModule) error {
	free := make(chan struct{}, fetchAtOnce)
	var all sync.WaitGroup
	for i := range list {
		for n, k := range list[i].keys {
			free <- struct{}{}
			all.Go(func() {
				defer func() { <-free }()
				r, err := path.Find(ctx, k)
				list[i].Files[n] = newFileJSON(k, r, err)
			})
		}
	}
	all.Wait()
	return ctx.Err()
}

// soFar says what was found until the work was interrupted.
func soFar(list []wantedModule) string {
	found, all := 0, 0
	for i := range list {
		for _, f := range list[i].Files {
			all++
			if f.Path != "" {
				found++
			}
		}
	}
	return fmt.Sprintf("%d of %d files were found, and stay where they are", found, all)
}

func writeManifest(w io.Writer, asJSON bool, list []wantedModule) error {
	if asJSON {
		return writeModulesJSON(w, plainModules(list))
	}
	out := bufio.NewWriter(w)
	for _, m := range list {
		for _, f := range m.Files {
			fmt.Fprintln(out, report.Plain(f.Key))
		}
	}
	return out.Flush()
}

// writeFetched reports on all files; the error is errIncomplete if some are
// missing.
func writeFetched(w io.Writer, asJSON bool, list []wantedModule) error {
	found, missing := 0, 0
	out := bufio.NewWriter(w)
	for _, m := range list {
		for _, f := range m.Files {
			state := f.Path
			if f.Error != "" {
				state = f.Error
				missing++
			} else {
				found++
			}
			if !asJSON {
				fmt.Fprintf(out, "%s: %s\n", report.Plain(f.Key), report.Plain(state))
			}
		}
	}
	var err error
	if asJSON {
		err = writeModulesJSON(out, plainModules(list))
	} else {
		fmt.Fprintf(out, "%d of %d files found\n", found, found+missing)
	}
	if err := errors.Join(err, out.Flush()); err != nil {
		return err
	}
	if missing > 0 {
		return errIncomplete
	}
	return nil
}

func plainModules(list []wantedModule) []moduleJSON {
	plain := make([]moduleJSON, len(list))
	for i := range list {
		plain[i] = list[i].moduleJSON
	}
	return plain
}
