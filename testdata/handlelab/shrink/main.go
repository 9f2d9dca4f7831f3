// Shrink makes a full minidump of the lab small enough to be kept: it drops
// whole pages of memory that say nothing about handles. It never changes a
// byte that it keeps, except that -blank overwrites what would tell about the
// machine on which the dump was made.
//
//	go run ./testdata/handlelab/shrink [-own DIR] [-blank STRING]... IN OUT
package main

import (
	"flag"
	"fmt"
	"os"
)

// stringList is a flag that may be given several times.
type stringList []string

func (l *stringList) String() string { return fmt.Sprint(*l) }

func (l *stringList) Set(s string) error {
	*l = append(*l, s)
	return nil
}

func main() {
	var blank stringList
	own := flag.String("own", `C:\handlelab\`, "modules in this `directory` are kept whole")
	flag.Var(&blank, "blank", "overwrite this `string` with zeros, in ASCII and UTF-16")
	flag.Parse()
	if flag.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "usage: shrink [-own DIR] [-blank STRING]... IN OUT")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), flag.Arg(1), *own, blank); err != nil {
		fmt.Fprintln(os.Stderr, "shrink:", err)
		os.Exit(1)
	}
}

func run(in, out, own string, blank []string) error {
	data, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	d, err := parse(data)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	small := d.withMemory(d.keep(own))
	for _, s := range blank {
		blankOut(small, s)
	}
	return os.WriteFile(out, small, 0o644)
}
