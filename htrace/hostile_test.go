package htrace

import (
	"runtime"
	"slices"
	"testing"
)

// What no program does must not cost more than in proportion to its size.
func TestHostileTraces(t *testing.T) {
	const n, mostBytes = 20_000, 48 << 10
	for _, h := range hostileTraces {
		t.Run(h.name, func(t *testing.T) {
			trace := New(hostileTrace(n, true, h.op), Options{})
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			a := NewAnalysis(trace, AnalyzeOptions{})
			found := a.Findings()
			runtime.ReadMemStats(&after)
			if most := freeEffort + (effortOperation+generations)*n; a.effort > most {
				t.Errorf("%d choices were looked at, want at most %d", a.effort, most)
			}
			if each := (after.TotalAlloc - before.TotalAlloc) / n; each > mostBytes {
				t.Errorf("%d bytes for each operation, want at most %d", each, mostBytes)
			}
			for _, f := range found {
				if slices.Contains(f.Related, f.Culprit) {
					t.Fatalf("a finding is related to itself: %+v", f)
				}
			}
		})
	}
}
