package htrace

import (
	"encoding/binary"
	"hash/fnv"
)

// sharedProof is how many operations in a row must be the same for two traces
// to be put end to end, or all that are there.
const sharedProof = 16

// sharedEnd finds the end of the older trace in the newer one. It returns how
// many operations the two share there, and how many come after. Since both are
// the last operations of one run, what they share reaches from the end of the
// older to the beginning of one of them.
func sharedEnd(old, new *Trace) (shared, since int) {
	x, y := backwards(old), backwards(new)
	z := prefixLengths(x, y)
	for since := range y {
		n := z[since]
		if (n == len(x) || n == len(y)-since) && n >= min(sharedProof, len(x), len(y)) {
			return n, since
		}
	}
	return 0, len(y)
}

// backwards returns what identifies each operation, the newest first.
func backwards(t *Trace) []uint64 {
	stacks := make([]uint64, len(t.stacks))
	for i, s := range t.stacks {
		stacks[i] = stackHash(s)
	}
	list := make([]uint64, len(t.Operations))
	for i := range t.Operations {
		op := &t.Operations[i]
		list[len(list)-1-i] = operationHash(op, stacks[t.stackOf[i]])
	}
	return list
}

// prefixLengths returns for each place in text how many elements from there on
// are those with which pattern begins: the Z algorithm over both in a row.
func prefixLengths(pattern, text []uint64) []int {
	at := func(i int) uint64 {
		if i < len(pattern) {
			return pattern[i]
		}
		return text[i-len(pattern)]
	}
	total := len(pattern) + len(text)
	z := make([]int, total)
	left, right := 0, 0
	for i := 1; i < total; i++ {
		n := 0
		if i < right {
			n = min(right-i, z[i-left])
		}
		for i+n < total && n < len(pattern) && at(n) == at(i+n) {
			n++
		}
		z[i] = n
		if i+n > right {
			left, right = i, i+n
		}
	}
	return z[len(pattern):]
}

func stackHash(stack []uint64) uint64 {
	h := fnv.New64a()
	var b [8]byte
	for _, a := range stack {
		binary.LittleEndian.PutUint64(b[:], a)
		h.Write(b[:])
	}
	return h.Sum64()
}

func operationHash(op *Operation, stack uint64) uint64 {
	return stackHash([]uint64{uint64(op.Kind), op.Handle, uint64(op.ThreadID)<<32 | uint64(op.ProcessID), stack})
}
