package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// checkOutput refuses a file that cannot be made, before long work is done for
// it, and one that is to be read.
func checkOutput(flag, output string, reads []string) error {
	info, err := os.Stat(output)
	switch {
	case err != nil:
		if _, err := os.Stat(filepath.Dir(followLink(output))); err != nil {
			return fmt.Errorf("--%s: %w: make the folder first", flag, err)
		}
		return nil
	case info.IsDir():
		return fmt.Errorf("--%s %s is a directory: name a file in it", flag, output)
	case !info.Mode().IsRegular():
		return nil
	}
	for _, name := range reads {
		if other, err := os.Stat(name); err == nil && os.SameFile(info, other) {
			return fmt.Errorf("--%s %s would overwrite a file that is to be read: name another", flag, output)
		}
	}
	return nil
}

// filesRead are the files that a command reads: those of its arguments and of
// its flags.
func filesRead(cmd *cobra.Command, args []string) []string {
	list := expand(args)
	for _, name := range []string{"baseline", "module"} {
		if f := cmd.Flag(name); f != nil && f.Value.Type() == "string" && f.Value.String() != "" {
			list = append(list, f.Value.String())
		}
	}
	return list
}

// checkBaseline refuses a file of --write-baseline that would replace an input
// or the report. The baseline that is read may be renewed.
func checkBaseline(name, output string, args []string) error {
	if name == stdinName {
		return fmt.Errorf("--write-baseline - : the report goes to standard output, so name a file")
	}
	if err := checkOutput("write-baseline", name, args); err != nil {
		return err
	}
	if output != "" && sameFile(name, output) {
		return fmt.Errorf("--write-baseline and --output both name %s: give each a file of its own", name)
	}
	return nil
}

// sameFile reports whether two names stand for one regular file, which need not
// be there yet.
func sameFile(a, b string) bool {
	first, errA := os.Stat(a)
	second, errB := os.Stat(b)
	if errA == nil && errB == nil {
		return first.Mode().IsRegular() && os.SameFile(first, second)
	}
	return whole(a) == whole(b)
}

// whole returns a name from the root on, with the links of its folder resolved.
func whole(name string) string {
	name = followLink(name)
	folder := filepath.Dir(name)
	if real, err := filepath.EvalSymlinks(folder); err == nil {
		folder = real
	}
	if abs, err := filepath.Abs(folder); err == nil {
		folder = abs
	}
	return filepath.Join(folder, filepath.Base(name))
}

// mayBeEmpty are the flags whose empty word has a meaning.
var mayBeEmpty = []string{"symbols"}

// refuseEmpty refuses flags with an empty word, as a script with an unset
// variable gives them: taken as not given, they would widen what is done.
func refuseEmpty(flags *pflag.FlagSet) (err error) {
	flags.Visit(func(f *pflag.Flag) {
		if f.Value.Type() == "string" && f.Value.String() == "" && !slices.Contains(mayBeEmpty, f.Name) {
			err = fmt.Errorf("--%s is empty: give it a value, or leave it out", f.Name)
		}
	})
	return err
}
