package htrace

import (
	"slices"
	"testing"
)

// The order is found out whichever way the entries are stored.
func TestOrderIsFoundOut(t *testing.T) {
	for _, c := range []struct {
		name   string
		script string
		table  []uint64
	}{
		{name: "one life", script: "1 O 3c legacy.Init\n1 C 3c legacy.Cleanup"},
		{name: "a use after close", script: "1 O 3c legacy.Init\n1 C 3c legacy.Cleanup\n1 U 3c legacy.Flush\n1 O 3c legacy.Init\n1 C 3c legacy.Cleanup\n1 O 3c legacy.Init"},
		{name: "the ring lost the opens, a bad reference tells", script: "1 C 3c legacy.Cleanup\n1 B 3c legacy.Cleanup\n1 O 3c legacy.Init"},
		{name: "only the handle table tells", script: "1 C 3c legacy.Cleanup\n2 O 3c session.Open", table: []uint64{0x3c}},
		{
			name: "values always in use: only habits tell",
			script: "1 C 3c legacy.Cleanup\n" + repeat(10, `
2 O 3c session.Open
2 C 3c session.Close
1 O 3c legacy.Init
1 C 3c legacy.Cleanup
3 O 3c pool.Acquire
3 C 3c pool.Release
1 O 3c legacy.Init
1 C 3c legacy.Cleanup`) + "\n2 O 3c session.Open",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			stored, _ := parseScript(t, c.script)
			opts := Options{}
			for _, v := range c.table {
				opts.Table = map[uint64]TableEntry{v: {}}
			}
			if tr := New(slices.Clone(stored), opts); tr.Order != OldestFirst || tr.OrderScore <= 0 {
				t.Errorf("oldest first: found %v with score %d", tr.Order, tr.OrderScore)
			}
			slices.Reverse(stored)
			tr := New(stored, opts)
			if tr.Order != NewestFirst || tr.OrderScore <= 0 {
				t.Errorf("newest first: found %v with score %d", tr.Order, tr.OrderScore)
			}
			if first := tr.Operations[0].Index; first != len(stored)-1 {
				t.Errorf("the oldest operation is the stored entry %d", first)
			}
		})
	}
}

// Where nothing tells, the order is that of !htrace, and the score says that
// it is a guess.
func TestOrderUnknown(t *testing.T) {
	stored, _ := parseScript(t, "1 O 3c legacy.Init\n1 O 40 legacy.Init\n1 O 44 legacy.Init")
	if tr := New(stored, Options{}); tr.Order != NewestFirst || tr.OrderScore != 0 {
		t.Errorf("found %v with score %d", tr.Order, tr.OrderScore)
	}
}

// A forced order is kept, and its score says what the data think of it.
func TestOrderForced(t *testing.T) {
	stored, _ := parseScript(t, "1 O 3c legacy.Init\n1 C 3c legacy.Cleanup\n1 U 3c legacy.Flush")
	if tr := New(stored, Options{Order: NewestFirst}); tr.Order != NewestFirst || tr.OrderScore >= 0 {
		t.Errorf("found %v with score %d", tr.Order, tr.OrderScore)
	}
}
