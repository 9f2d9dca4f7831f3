package htrace_test

import (
	"path/filepath"
	"testing"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// BenchmarkFromDump opens a dump of 200,000 operations (57 MB of stream), reads
// its trace and analyses it.
func BenchmarkFromDump(b *testing.B) {
	kinds := map[htrace.Kind]minidump.OperationType{
		htrace.KindOpen: minidump.OperationDbOPEN, htrace.KindClose: minidump.OperationDbCLOSE, htrace.KindBadReference: minidump.OperationDbBADREF,
	}
	var d minidumptest.Builder
	for _, op := range htrace.BusyTrace(200_000) {
		d.AddHandleOperations(minidumptest.HandleOperation{
			Handle: op.Handle, ProcessID: op.ProcessID, ThreadID: op.ThreadID, Type: kinds[op.Kind], Frames: op.Stack,
		})
	}
	name := filepath.Join(b.TempDir(), "busy.dmp")
	if err := d.WriteFile(name); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		f, err := minidump.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		t, err := htrace.FromDump(f, htrace.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if len(htrace.Analyze(t, htrace.AnalyzeOptions{Dump: f})) == 0 {
			b.Fatal("nothing was found")
		}
		f.Close()
	}
}
