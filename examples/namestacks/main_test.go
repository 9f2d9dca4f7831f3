package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/minidump"
)

// bareText is what a debugger without symbols prints of a dump.
func bareText(t *testing.T) string {
	t.Helper()
	dump, err := minidump.Open("../../testdata/handlelab/handlelab-x64.dmp")
	if err != nil {
		t.Fatal(err)
	}
	defer dump.Close()
	trace, err := htrace.FromDump(dump, htrace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	modules, err := dump.Modules()
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[htrace.Kind]string{htrace.KindOpen: "OPEN", htrace.KindClose: "CLOSE", htrace.KindBadReference: "*** BAD REF ***"}
	var b strings.Builder
	b.WriteString("0:000> lm\nstart             end                 module name\n")
	for _, m := range modules {
		name := filepath.Base(strings.ReplaceAll(m.Name, `\`, "/"))
		fmt.Fprintf(&b, "%016x %016x   %s   (no symbols)\n", m.BaseOfImage, m.BaseOfImage+uint64(m.SizeOfImage), strings.TrimSuffix(name, filepath.Ext(name)))
	}
	b.WriteString("0:000> !htrace\n")
	for i := range trace.Operations {
		op := &trace.Operations[len(trace.Operations)-1-i]
		fmt.Fprintf(&b, "--------------------------------------\nHandle = 0x%016x - %s\nThread ID = 0x%016x, Process ID = 0x%016x\n\n", op.Handle, kinds[op.Kind], op.ThreadID, op.ProcessID)
		for _, a := range op.Stack {
			fmt.Fprintf(&b, "0x%016x: +0x%016x\n", a, a)
		}
	}
	fmt.Fprintf(&b, "\n--------------------------------------\nParsed 0x%X stack traces.\nDumped 0x%[1]X stack traces.\n", len(trace.Operations))
	return b.String()
}

func TestLocalSymbols(t *testing.T) {
	name := filepath.Join(t.TempDir(), "htrace.txt")
	if err := os.WriteFile(name, []byte(bareText(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := run(&out, "../../testdata/handlelab/x64", name); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"stolen-close (certain)", "legacy!LegacyCleanup_CloseEvent+", "legacy.c:"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in:\n%s", want, &out)
		}
	}
}
