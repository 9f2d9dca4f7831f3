package htrace

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// hostileTraces are what no program does, to find where time or memory grows
// faster than the trace.
var hostileTraces = []struct {
	name string
	op   func(i int, rnd *rand.Rand) (Kind, uint64)
}{
	{"one value, opened and closed and failed", func(i int, _ *rand.Rand) (Kind, uint64) {
		return [...]Kind{KindOpen, KindClose, KindBadReference, KindClose}[i%4], 0x40
	}},
	{"one value, closed", func(int, *rand.Rand) (Kind, uint64) { return KindClose, 0x40 }},
	{"one value, opened", func(int, *rand.Rand) (Kind, uint64) { return KindOpen, 0x40 }},
	{"many values, opened", func(i int, _ *rand.Rand) (Kind, uint64) { return KindOpen, uint64(i) * 4 }},
	{"all at random", func(_ int, rnd *rand.Rand) (Kind, uint64) { return Kind(1 + rnd.IntN(3)), rnd.Uint64N(4096) * 4 }},
	{"random kinds of one value", func(_ int, rnd *rand.Rand) (Kind, uint64) { return Kind(1 + rnd.IntN(3)), 0x40 }},
}

// hostileTrace returns n operations. Where scattered is set no two have a
// stack alike.
func hostileTrace(n int, scattered bool, op func(int, *rand.Rand) (Kind, uint64)) []Operation {
	rnd := rand.New(rand.NewPCG(3, 4))
	few := make([][]uint64, 400)
	stackOf := func() []uint64 {
		s := make([]uint64, 16)
		for i := range s {
			s[i] = 0x7ff600000000 + rnd.Uint64N(1<<24)
		}
		return s
	}
	for i := range few {
		few[i] = stackOf()
	}
	ops := make([]Operation, n)
	for i := range ops {
		o := Operation{ProcessID: 7, ThreadID: uint32(1 + rnd.IntN(32)), Stack: few[rnd.IntN(len(few))]}
		if scattered {
			o.Stack = stackOf()
		}
		o.Kind, o.Handle = op(i, rnd)
		ops[i] = o
	}
	return ops
}

func BenchmarkHostile(b *testing.B) {
	const n = 200_000
	for _, scattered := range []bool{false, true} {
		for _, h := range hostileTraces {
			b.Run(map[bool]string{false: "usual stacks/", true: "scattered stacks/"}[scattered]+h.name, func(b *testing.B) {
				stored := hostileTrace(n, scattered, h.op)
				b.ReportAllocs()
				for b.Loop() {
					found := Analyze(New(slices.Clone(stored), Options{}), AnalyzeOptions{})
					b.ReportMetric(float64(len(found)), "findings")
				}
			})
		}
	}
}
