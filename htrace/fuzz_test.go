package htrace

import (
	"slices"
	"testing"
)

// operationsOf makes any bytes a trace: four bytes for each operation.
func operationsOf(data []byte) []Operation {
	var ops []Operation
	for b := range slices.Chunk(data, 4) {
		if len(b) < 4 {
			break
		}
		op := Operation{Handle: uint64(b[0]), Kind: Kind(b[1] & 3), ThreadID: uint32(b[1] >> 2 & 3), ProcessID: uint32(b[1] >> 6)}
		if b[0] >= 0xf8 {
			op.Handle = ^uint64(0) - uint64(0xff-b[0])
		}
		for i := range b[2] & 7 {
			op.Stack = append(op.Stack, uint64(b[3]>>i)<<12|uint64(b[2]))
		}
		ops = append(ops, op)
	}
	return ops
}

// Whatever the operations are, findings are sound: a close that was right
// comes before the culprit, a victim is an open that the culprit ended, nobody
// is at fault twice.
func FuzzAnalyze(f *testing.F) {
	f.Add([]byte("\x3c\x05\x02\x10\x3c\x06\x02\x20\x3c\x09\x02\x30\x3c\x06\x02\x20\x3c\x0b\x02\x40"))
	f.Add([]byte("\x3c\x01\x02\x10\x3c\x02\x02\x20\x3c\x03\x02\x20"))
	f.Add([]byte("\xff\x03\x01\x01\x3c\x02\x02\x20\x3c\x02\x02\x20\x3c\x02\x02\x20"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, order := range []Order{OrderUnknown, OldestFirst, NewestFirst} {
			checkFindings(t, Analyze(New(operationsOf(data), Options{Order: order}), AnalyzeOptions{}), order)
		}
	})
}

func checkFindings(t *testing.T, findings []Finding, order Order) {
	t.Helper()
	culprits := map[*Operation]bool{}
	for _, f := range findings {
		if f.Culprit == nil || f.Message == "" || f.Count < 1 || f.Confidence < Possible || f.Confidence > Certain {
			t.Fatalf("incomplete finding %+v", f)
		}
		if culprits[f.Culprit] {
			t.Errorf("operation %d is at fault twice", f.Culprit.Index)
		}
		culprits[f.Culprit] = true
		if f.FirstClose != nil && f.FirstClose.Kind != KindClose {
			t.Errorf("the close that was right is an %v", f.FirstClose.Kind)
		}
		if (f.Victim != nil) != (f.Rule == StolenClose) {
			t.Errorf("%s with victim %v", f.Rule, f.Victim)
		}
		if f.Victim != nil && (f.Victim.Kind != KindOpen || f.Culprit.Kind != KindClose || f.Victim.Value() != f.Culprit.Value()) {
			t.Errorf("victim %+v of culprit %+v", f.Victim, f.Culprit)
		}
		if slices.Contains(f.Related, f.Culprit) || slices.Contains(f.Related, nil) {
			t.Errorf("related operations of %d: %v", f.Culprit.Index, f.Related)
		}
		before := func(a, b *Operation) bool {
			if order == NewestFirst {
				return a.Index > b.Index
			}
			return a.Index < b.Index
		}
		if order != OrderUnknown && f.FirstClose != nil && !before(f.FirstClose, f.Culprit) {
			t.Errorf("the close that was right (%d) comes after the culprit (%d)", f.FirstClose.Index, f.Culprit.Index)
		}
	}
}
