package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/handletrace/handletrace/symbols"
	"github.com/handletrace/handletrace/symbols/symstore"
)

// symbolFlags say where the symbols of modules are looked for.
type symbolFlags struct {
	path    string
	offline bool
	time    time.Duration
	folders []string
	keep    bool // whether files that no store can take are of no use
}

func (s *symbolFlags) add(f *pflag.FlagSet) {
	f.StringVar(&s.path, "symbols", "", "symbol `PATH`: folders, stores and servers, as in _NT_SYMBOL_PATH, whose value is the default")
	f.BoolVar(&s.offline, "offline", false, "ask no symbol server")
	f.DurationVar(&s.time, "symbols-time", 5*time.Minute, "how long all looking for symbols may take; 0 for any time")
	f.StringArrayVar(&s.folders, "map-path", nil, `a folder for a Windows path in the symbol path, as in \\server\share=/mnt/share`)
}

// symbolPath finds the files of modules along the symbol path of a command.
type symbolPath struct {
	*symstore.Locator
	until time.Time // zero for ever
	meter *meter
}

// open returns what finds symbols; nil without a symbol path.
func (s *symbolFlags) open(cmd *cobra.Command) (*symbolPath, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	text := s.path
	if text == "" {
		text = symstore.FromEnvironment(os.Getenv)
	}
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	c := consoleOf(cmd)
	p := &symbolPath{meter: newMeter(c.watched())}
	if s.time > 0 {
		p.until = time.Now().Add(s.time)
	}
	opts, err := s.options(p.meter)
	if err != nil {
		return nil, err
	}
	p.Locator = symstore.New(symstore.Parse(text), opts)
	for _, w := range append(missingFolders(text, s.folders), p.Warnings()...) {
		c.warn("symbol path: %s", w)
	}
	return p, nil
}

// check refuses words that say nothing, even where there is no symbol path.
func (s *symbolFlags) check() error {
	if s.time < 0 {
		return fmt.Errorf("--symbols-time %s: give a time from 0 on, as in 30s or 5m; 0 is any time", s.time)
	}
	for _, f := range s.folders {
		if prefix, folder, _ := strings.Cut(f, "="); prefix == "" || folder == "" {
			return fmt.Errorf(`--map-path %q: give a Windows path and a folder, as in \\server\share=/mnt/share`, f)
		}
	}
	return nil
}

func (s *symbolFlags) options(m *meter) (symstore.Options, error) {
	opts := symstore.Options{Offline: s.offline, NoTemporary: s.keep, Progress: m.report, Folders: make(map[string]string)}
	for _, f := range s.folders {
		prefix, folder, _ := strings.Cut(f, "=")
		opts.Folders[prefix] = folder
	}
	if path := symstore.NetrcPath(os.Getenv); path != "" {
		var err error
		if opts.Credentials, err = symstore.Netrc(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return opts, fmt.Errorf("netrc: %w", err)
		}
	}
	return opts, nil
}

// options are those of a resolver that looks along the path. There is none for
// a nil path.
func (p *symbolPath) options() symbols.Options {
	if p == nil {
		return symbols.Options{}
	}
	return symbols.Options{Locator: p}
}

// Close ends the display of progress, and releases connections.
func (p *symbolPath) Close() error {
	if p == nil {
		return nil
	}
	p.meter.end()
	return p.Locator.Close()
}

// errTimeUp is reported for what was not found within --symbols-time.
var errTimeUp = errors.New("the time of --symbols-time is up")

// within bounds a search by what is left of the time for all.
func (p *symbolPath) within(ctx context.Context) (context.Context, context.CancelFunc) {
	if p.until.IsZero() {
		return context.WithCancel(ctx)
	}
	return context.WithDeadlineCause(ctx, p.until, errTimeUp)
}

// FindPDB is the locator's, within the time for all.
func (p *symbolPath) FindPDB(ctx context.Context, name, debugID string) (string, error) {
	ctx, cancel := p.within(ctx)
	defer cancel()
	return p.Locator.FindPDB(ctx, name, debugID)
}

// FindImage is the locator's, within the time for all.
func (p *symbolPath) FindImage(ctx context.Context, name string, timeDateStamp, sizeOfImage uint32) (string, error) {
	ctx, cancel := p.within(ctx)
	defer cancel()
	return p.Locator.FindImage(ctx, name, timeDateStamp, sizeOfImage)
}

// Find is the locator's, within the time for all.
func (p *symbolPath) Find(ctx context.Context, k symstore.Key) (symstore.Result, error) {
	ctx, cancel := p.within(ctx)
	defer cancel()
	return p.Locator.Find(ctx, k)
}
