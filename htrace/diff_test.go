package htrace

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// trafficFor returns a script of a busy program whose handler leaks one object
// in a turn, from one turn to another.
func trafficFor(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, "1 O 10 session.Open\n1 O 14 queue.Put\n1 C 10 session.Close\n2 C 14 queue.Take\n3 O %x legacy.Poll\n", 0x100+4*i)
	}
	return b.String()
}

func analysisOf(t *testing.T, script string, table map[uint64]TableEntry) *Analysis {
	t.Helper()
	stored, code := parseScript(t, script)
	return NewAnalysis(New(stored, Options{Order: OldestFirst, Table: table}), AnalyzeOptions{Code: code})
}

func differences(d *Difference) []string {
	list := []string{fmt.Sprintf("shared %d since %d opened %d closed %d", d.Shared, d.Since, len(d.Opened), d.Closed)}
	for _, s := range d.Sites {
		list = append(list, fmt.Sprintf("%s %d->%d, %d new", s.Place, s.Old, s.New, s.Opened))
	}
	for _, ty := range d.Types {
		list = append(list, fmt.Sprintf("%s %d->%d", ty.Type, ty.Old, ty.New))
	}
	return list
}

func TestDiff(t *testing.T) {
	tables := func(files, events int) map[uint64]TableEntry {
		m := make(map[uint64]TableEntry)
		for i := range files {
			m[uint64(0x100+4*i)] = TableEntry{Type: "File"}
		}
		for i := range events {
			m[uint64(0x900+4*i)] = TableEntry{Type: "Event"}
		}
		return m
	}
	for _, c := range []struct {
		name     string
		old, new *Analysis
		want     []string
	}{
		{
			"the same run, the newer goes on",
			analysisOf(t, trafficFor(0, 8), nil), analysisOf(t, trafficFor(0, 12), nil),
			[]string{"shared 40 since 20 opened 4 closed 0", "legacy!Poll 8->12, 4 new"},
		},
		{
			"the ring lost the beginning",
			analysisOf(t, trafficFor(0, 8), nil), analysisOf(t, trafficFor(4, 12), nil),
			[]string{"shared 20 since 20 opened 4 closed 4", "legacy!Poll 8->8, 4 new"},
		},
		{
			"the ring turned over",
			analysisOf(t, trafficFor(0, 4), nil), analysisOf(t, trafficFor(20, 23), nil),
			[]string{"shared 0 since 15 opened 3 closed 4", "legacy!Poll 4->3, 3 new"},
		},
		{
			"nothing happened",
			analysisOf(t, trafficFor(0, 5), tables(5, 3)), analysisOf(t, trafficFor(0, 5), tables(5, 3)),
			[]string{"shared 25 since 0 opened 0 closed 0", "legacy!Poll 5->5, 0 new", "File 5->5", "Event 3->3"},
		},
		{
			"the tables count what has no record",
			analysisOf(t, trafficFor(0, 5), tables(5, 3)), analysisOf(t, trafficFor(0, 7), tables(7, 9)),
			[]string{"shared 25 since 10 opened 2 closed 0", "legacy!Poll 5->7, 2 new", "Event 3->9", "File 5->7"},
		},
		{
			"a steady loop is not put together one turn too late",
			analysisOf(t, repeat(10, "1 O 10 session.Open\n1 C 10 session.Close"), nil),
			analysisOf(t, repeat(10, "1 O 10 session.Open\n1 C 10 session.Close")+"\n1 O 10 legacy.Poll", nil),
			[]string{"shared 20 since 1 opened 1 closed 0", "legacy!Poll 0->1, 1 new"},
		},
	} {
		if diff := cmp.Diff(c.want, differences(Diff(c.old, c.new))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
