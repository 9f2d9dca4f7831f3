package htrace

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// busyTrace returns stored operations, newest first, of a program with some
// hundreds of places and as many values, whose objects are opened, closed and
// now and then used too late.
func busyTrace(n int) []Operation {
	rnd := rand.New(rand.NewPCG(1, 2))
	stacks := make([][]uint64, 600)
	for i := range stacks {
		stacks[i] = make([]uint64, 16)
		for j := range stacks[i] {
			stacks[i][j] = 0x7ff600000000 + uint64(i/(1+j))*0x40 + uint64(j)*0x100000
		}
	}
	var open, free []uint64
	next := uint64(0x40)
	places := make(map[uint64]int)
	ops := make([]Operation, 0, n)
	for len(ops) < n {
		op := Operation{ProcessID: 77, ThreadID: uint32(1 + rnd.IntN(64))}
		switch {
		case len(open) < 50 || rnd.IntN(len(open)) < 200:
			op.Kind = KindOpen
			if len(free) > 0 {
				op.Handle, free = free[len(free)-1], free[:len(free)-1]
			} else {
				op.Handle = next
				next += 4
			}
			place := rnd.IntN(300)
			places[op.Handle] = place
			op.Stack = stacks[place]
			open = append(open, op.Handle)
		case rnd.IntN(1000) == 0 && len(free) > 0:
			op.Kind, op.Handle = KindBadReference, free[rnd.IntN(len(free))]
			op.Stack = stacks[300+places[op.Handle]]
		default:
			i := rnd.IntN(len(open))
			op.Kind, op.Handle = KindClose, open[i]
			op.Stack = stacks[300+places[op.Handle]]
			open = slices.Delete(open, i, i+1)
			free = append(free, op.Handle)
		}
		ops = append(ops, op)
	}
	slices.Reverse(ops)
	return ops
}

func BenchmarkAnalyze(b *testing.B) {
	for _, n := range []int{20_000, 200_000, 2_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			stored := busyTrace(n)
			b.ReportAllocs()
			for b.Loop() {
				t := New(slices.Clone(stored), Options{})
				if len(Analyze(t, AnalyzeOptions{})) == 0 {
					b.Fatal("nothing was found")
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/operation")
		})
	}
}
