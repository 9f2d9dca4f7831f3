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
	"github.com/handletrace/handletrace/symbols"
	"github.com/handletrace/handletrace/symbols/symstore"
)

func newSymbolsList() *cobra.Command {
	var flags moduleFlags
	cmd := &cobra.Command{
		Use:   "list DUMP",
		Short: "Show where the symbols of each module are, or where they were looked for",
		Long: `Show for each module of a dump what its names are taken from, the keys under
which its files are looked for, where they were found, and what came of each
place that was tried. What a server has is fetched; --offline asks none.`,
		Example: `  handletrace symbols list --symbols 'srv*' crash.dmp
  handletrace symbols list --offline --stacks --json crash.dmp`,
		Args: exactly(1, "a DUMP: "+aDump),
		RunE: stoppable(func(cmd *cobra.Command, args []string) error { return listSymbols(cmd.Context(), cmd, flags, args[0]) }),
	}
	flags.add(cmd.Flags())
	return cmd
}

func listSymbols(ctx context.Context, cmd *cobra.Command, flags moduleFlags, name string) (err error) {
	path, err := flags.open(cmd)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, path.Close()) }()
	opts := path.options()
	asked := new(searches)
	if path != nil {
		opts.Locator = recording{path, asked}
	}
	m, err := openModules(cmd, name, flags.stacks, opts)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	statuses, err := m.statuses(ctx)
	if err != nil {
		return err
	}
	if path != nil {
		path.meter.end()
	}
	list := make([]moduleJSON, len(statuses))
	for i := range statuses {
		list[i] = newModuleJSON(&statuses[i].Module)
		list[i].status(&statuses[i])
		list[i].Files = asked.of(&statuses[i].Module)
	}
	if flags.json {
		return writeModulesJSON(cmd.OutOrStdout(), list)
	}
	return writeModules(cmd.OutOrStdout(), list)
}

// searches remembers what came of each search, by key.
type searches struct {
	mu   sync.Mutex
	made map[string]fileJSON
}

func (s *searches) add(k symstore.Key, r symstore.Result, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made == nil {
		s.made = make(map[string]fileJSON)
	}
	s.made[k.String()] = newFileJSON(k, r, err)
}

// of returns what came of the searches for a module's files.
func (s *searches) of(m *symbols.Module) []fileJSON {
	list := []fileJSON{}
	for _, k := range keysOfModule(m, true) {
		if f, ok := s.made[k.String()]; ok {
			list = append(list, f)
		}
	}
	return list
}

// recording is a path that remembers its searches.
type recording struct {
	*symbolPath
	made *searches
}

func (r recording) find(ctx context.Context, k symstore.Key, err error) (string, error) {
	if err != nil {
		return "", err
	}
	result, err := r.Find(ctx, k)
	r.made.add(k, result, err)
	return result.Path, err
}

// FindPDB is the path's.
func (r recording) FindPDB(ctx context.Context, name, debugID string) (string, error) {
	k, err := symstore.PDBKey(name, debugID)
	return r.find(ctx, k, err)
}

// FindImage is the path's.
func (r recording) FindImage(ctx context.Context, name string, timeDateStamp, sizeOfImage uint32) (string, error) {
	k, err := symstore.ImageKey(name, timeDateStamp, sizeOfImage)
	return r.find(ctx, k, err)
}

func writeModules(w io.Writer, list []moduleJSON) error {
	out := bufio.NewWriter(w)
	for i := range list {
		m := &list[i]
		fmt.Fprintf(out, "%s %s: %s\n", m.Base, report.Plain(m.Name), report.Plain(m.summary()))
		for _, f := range m.Files {
			fmt.Fprintf(out, "    %s\n", report.Plain(f.Key))
			for _, a := range f.Attempts {
				fmt.Fprintf(out, "        %s\n", report.Plain(a.String()))
			}
		}
	}
	return out.Flush()
}
