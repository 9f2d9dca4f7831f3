package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/pflag"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/report"
	"github.com/handletrace/handletrace/symbols"
)

// loadFlags are the flags of every command that reads a trace.
type loadFlags struct {
	symbolFlags
	order string
}

func (l *loadFlags) add(f *pflag.FlagSet) {
	f.StringVar(&l.order, "order", "auto", "order in which the operations are stored: "+keysOf(orders))
	l.symbolFlags.add(f)
}

// load reads the trace of a file. What it returns beside releases the file.
func load(name string, stdin io.Reader, flags loadFlags, path *symbolPath) (*report.Input, func() error, error) {
	order, err := pick("order", flags.order, orders)
	if err != nil {
		return nil, nil, err
	}
	src, err := openSource(name, stdin)
	if err != nil {
		return nil, nil, err
	}
	in, release, err := src.read(order, path)
	if err != nil {
		src.Close()
		return nil, nil, fmt.Errorf("%s: %w", src.label, err)
	}
	in.Path = name
	return in, func() error { return errors.Join(release(), src.Close()) }, nil
}

// read reads the trace of whatever the source holds.
func (s *source) read(order htrace.Order, path *symbolPath) (*report.Input, func() error, error) {
	if s.transcript {
		in, err := readTranscript(s, order)
		return in, func() error { return nil }, err
	}
	f, err := s.dump()
	if err != nil {
		return nil, nil, err
	}
	code, err := symbols.New(symbols.FromDump(f), path.options())
	if err != nil {
		return nil, nil, err
	}
	in, err := readDump(f, code, order)
	return in, code.Close, err
}

func readTranscript(r io.Reader, order htrace.Order) (*report.Input, error) {
	t, err := htrace.ReadTranscript(r, htrace.Options{Order: order})
	if err != nil {
		return nil, err
	}
	in := &report.Input{Kind: report.Transcript, Trace: t.Trace, Code: t, PointerSize: t.PointerSize, Warnings: t.Warnings}
	for _, o := range t.Others {
		in.Warnings = append(in.Warnings, fmt.Sprintf("the text also holds %d operations of process %#x, which are left out", len(o.Trace.Operations), o.Trace.ProcessID))
	}
	return in, nil
}

func readDump(f *minidump.File, code *symbols.Resolver, order htrace.Order) (*report.Input, error) {
	trace, err := htrace.FromDump(f, htrace.Options{Order: order})
	if errors.Is(err, minidump.ErrNoStream) {
		return nil, noTrace(f)
	}
	if err != nil {
		return nil, err
	}
	in := &report.Input{Kind: report.Minidump, Trace: trace, Code: code, PointerSize: f.PointerSize(), ThreadNames: threadNames(f)}
	for _, w := range f.Warnings() {
		in.Warnings = append(in.Warnings, w.String())
	}
	for _, w := range code.Warnings() {
		in.Warnings = append(in.Warnings, "modules could not be read, and their code has no names: "+w.Error())
	}
	return in, nil
}

// threadNames returns the names that the program gave its threads. They are a
// help, so a dump without them or with broken ones has none.
func threadNames(f *minidump.File) map[uint32]string {
	list, err := f.ThreadNames()
	if err != nil {
		return nil
	}
	names := make(map[uint32]string, len(list))
	for _, n := range list {
		names[n.ThreadID] = n.Name
	}
	return names
}

// howToTrace tells how to make a dump with a trace, and how to leave the
// machine as it was.
const howToTrace = `
To record one on Windows, for a program APP.EXE:
  1. appverif.exe -enable Handles -for APP.EXE     (as administrator; then start the program anew)
     or, in WinDbg attached to the running process:  !htrace -enable
  2. let the fault happen, then write a dump with handle data:
     in WinDbg:  .dump /ma C:\dumps\app.dmp      or:  procdump -ma PID C:\dumps\app.dmp
  3. switch it off again:
     appverif.exe -disable Handles -for APP.EXE   or, in WinDbg:  !htrace -disable`

// noTrace says why a dump has no trace, as far as it tells.
func noTrace(f *minidump.File) error {
	if info, err := f.SystemInfo(); err == nil && info.PlatformID != minidump.PlatformWin32NT {
		return fmt.Errorf("the dump has no handle trace: it is of a %v process, and only Windows records one", info.PlatformID)
	}
	return fmt.Errorf("the dump has no handle trace (HandleOperationList stream): tracing was off when it was written%s", howToTrace)
}
