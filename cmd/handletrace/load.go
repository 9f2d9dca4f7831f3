package main

import (
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/report"
	"github.com/handletrace/handletrace/symbols"
)

// loadFlags are the flags of every command that reads a trace.
type loadFlags struct {
	symbolFlags
	order, process string
}

func (l *loadFlags) add(f *pflag.FlagSet) {
	f.StringVar(&l.order, "order", "auto", "`ORDER` in which the operations are stored: "+keysOf(orders))
	f.StringVar(&l.process, "process", "", "the process whose handles are meant, by its `ID` in hexadecimal, as !htrace prints it, where there are several: 1a4 or 0x1a4; 0n420 is decimal")
	l.symbolFlags.add(f)
}

// input is a file whose trace was read, and what it was read from.
type input struct {
	report.Input
	src   *source
	dump  *minidump.File    // nil for a text
	names *symbols.Resolver // nil for a text
}

// Close releases the file and the symbols. Nothing of the report may be used
// any more.
func (in *input) Close() error {
	var errs []error
	if in.names != nil {
		errs = append(errs, in.names.Close())
	}
	if in.src != nil {
		errs = append(errs, in.src.Close())
	}
	return errors.Join(errs...)
}

// loader reads the traces of a command's files. It may be used by several
// goroutines at once.
type loader struct {
	console *console
	stdin   io.Reader
	options htrace.Options
	path    *symbolPath // nil for none
}

// options are those of reading a trace.
func (l *loadFlags) options() (opts htrace.Options, err error) {
	if opts.Order, err = pick("order", l.order, orders); err != nil || l.process == "" {
		return opts, err
	}
	id, err := parseHex(l.process)
	if err != nil || id == 0 || id > math.MaxUint32 {
		return opts, fmt.Errorf("--process %q: give its id in hexadecimal, as in 0x1a4, or in decimal, as in 0n420", l.process)
	}
	opts.ProcessID = uint32(id)
	return opts, nil
}

// loader returns what reads files as the flags say. Close releases it.
func (l *loadFlags) loader(cmd *cobra.Command) (*loader, error) {
	opts, err := l.options()
	if err != nil {
		return nil, err
	}
	path, err := l.symbolFlags.open(cmd)
	if err != nil {
		return nil, err
	}
	return &loader{consoleOf(cmd), cmd.InOrStdin(), opts, path}, nil
}

// Close ends the search for symbols.
func (l *loader) Close() error { return l.path.Close() }

// load reads the trace of a file. Close releases it. Without an error there is
// at least one operation.
func (l *loader) load(name string) (*input, error) {
	task := l.console.progress.begin(name)
	defer task.end()
	src, err := openSource(name, task.reader(l.stdin))
	if err != nil {
		return nil, err
	}
	in := &input{src: src}
	in.Path = name
	if src.text {
		err = in.readText(l.options, task)
	} else {
		err = in.readDump(l.options, l.path.options())
	}
	if err != nil {
		in.Close()
		return nil, label(src.label, err)
	}
	l.console.log.Debug("trace read", "file", name, "kind", in.Kind, "bytes", src.size(), "operations", len(in.Trace.Operations),
		"order", in.Trace.Order, "order_score", in.Trace.OrderScore, "process_id", in.Trace.ProcessID)
	return in, nil
}

// readText reads the text of !htrace.
func (in *input) readText(opts htrace.Options, task *task) error {
	t, err := htrace.ReadTranscript(in.src.content(task), opts)
	if err != nil {
		return in.neither(err)
	}
	in.Kind, in.Trace, in.Code, in.PointerSize, in.Warnings = report.Transcript, t.Trace, t, t.PointerSize, t.Warnings
	for _, o := range t.Others {
		in.Warnings = append(in.Warnings, leftOut(o.Trace))
	}
	return nil
}

// leftOut tells of the trace of another process in the same text.
func leftOut(t *htrace.Trace) string {
	n := times(len(t.Operations), "operation")
	if t.ProcessID == 0 {
		return "the text also holds " + n + " of another process, which are left out"
	}
	return fmt.Sprintf("the text also holds %s of process %#x, which are left out; --process %#x picks it", n, t.ProcessID, t.ProcessID)
}

// neither says what is wrong with a text of which nothing is of !htrace: it
// may have been meant as a dump.
func (in *input) neither(err error) error {
	var none *htrace.NoEntriesError
	if !errors.As(err, &none) || none.Counts.Stray+none.Counts.Broken+none.Counts.Controls+none.Counts.Commands > 0 {
		return err
	}
	_, notDump := in.src.dump()
	return fmt.Errorf("%w; nor has it a line that !htrace prints", notDump)
}

// readDump reads the trace of a dump.
func (in *input) readDump(opts htrace.Options, symbolOpts symbols.Options) (err error) {
	if in.dump, err = in.src.dump(); err != nil {
		return err
	}
	if in.Trace, err = htrace.FromDump(in.dump, opts); err != nil {
		if errors.Is(err, minidump.ErrNoStream) {
			return noTrace(in.dump)
		}
		return err
	}
	if len(in.Trace.Operations) == 0 {
		return emptyTrace(in.dump, in.Trace)
	}
	if in.names, err = symbols.New(symbols.FromDump(in.dump), symbolOpts); err != nil {
		return err
	}
	in.Kind, in.Code, in.PointerSize = report.Minidump, in.names, in.dump.PointerSize()
	in.ThreadNames = threadNames(in.dump)
	return nil
}

// threadNames returns the names that the program gave its threads. They are a
// help, so a dump without them has none, and broken ones are a warning.
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
