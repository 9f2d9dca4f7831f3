package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/symbols"
)

func newSymbols() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "symbols",
		Short: "Find or fetch the symbols of a dump's modules",
	}
	cmd.AddCommand(newSymbolsList(), newSymbolsFetch())
	return cmd
}

// moduleFlags are those of the commands about a dump's modules.
type moduleFlags struct {
	symbolFlags
	stacks, json bool
}

func (m *moduleFlags) add(f *pflag.FlagSet) {
	m.symbolFlags.add(f)
	f.BoolVar(&m.stacks, "stacks", false, "only the modules on the stacks of the handle trace")
	f.BoolVar(&m.json, "json", false, "write JSON")
}

// errNoSymbolPath says how to name one.
var errNoSymbolPath = errors.New(`no symbol path: name one with --symbols or _NT_SYMBOL_PATH; "srv*" by itself is a cache and Microsoft's public server`)

// modules is a dump with those of its modules that are asked about.
type modules struct {
	*symbols.Resolver
	list   []symbols.Module
	memory symbols.Process
	src    *source
}

// openModules opens a dump. A nil path finds nothing.
func openModules(cmd *cobra.Command, name string, onStacks bool, opts symbols.Options) (*modules, error) {
	f, src, err := openDump(name, cmd.InOrStdin())
	if err != nil {
		return nil, err
	}
	m := &modules{src: src, memory: symbols.FromDump(f)}
	m.Resolver, err = symbols.New(m.memory, opts)
	if err == nil {
		err = errors.Join(m.Warnings()...)
	}
	if err == nil {
		err = m.pick(f, onStacks)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", src.label, err), src.Close())
	}
	return m, nil
}

// Close releases the dump and the symbols.
func (m *modules) Close() error { return errors.Join(m.Resolver.Close(), m.src.Close()) }

// pick makes the list of the loaded modules, or of those on the stacks of the
// trace.
func (m *modules) pick(f *minidump.File, onStacks bool) error {
	wanted := func(uint64) bool { return true }
	if onStacks {
		trace, err := htrace.FromDump(f, htrace.Options{})
		if errors.Is(err, minidump.ErrNoStream) {
			return noTrace(f)
		}
		if err != nil {
			return err
		}
		bases := make(map[uint64]bool)
		for _, a := range oneInEachModule(m.Resolver, eachOperation(trace)) {
			if module, ok := m.Module(a); ok {
				bases[module.Base] = true
			}
		}
		wanted = func(base uint64) bool { return bases[base] }
	}
	for status := range m.Modules() {
		if !status.Module.Unloaded && wanted(status.Module.Base) {
			m.list = append(m.list, status.Module)
		}
	}
	return nil
}

// statuses opens the symbols of the modules and says what is known of each.
func (m *modules) statuses(ctx context.Context) ([]symbols.ModuleStatus, error) {
	bases := make([]uint64, len(m.list))
	for i := range m.list {
		bases[i] = m.list[i].Base
	}
	if _, err := m.ResolveAt(ctx, bases); err != nil {
		return nil, err
	}
	list := make([]symbols.ModuleStatus, 0, len(bases))
	for status := range m.Modules() {
		if !status.Module.Unloaded && slices.Contains(bases, status.Module.Base) {
			list = append(list, status)
		}
	}
	return list, nil
}

// hasMemory reports whether the dump holds the beginning of a module's image.
func (m *modules) hasMemory(module *symbols.Module) bool {
	var head [2]byte
	_, err := m.memory.Memory(module).ReadAt(head[:], 0)
	return err == nil && string(head[:]) == "MZ"
}
