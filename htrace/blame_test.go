package htrace

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// usualSession is what the session component does when nothing goes wrong.
const usualSession = `
2 O 80 session.Open<app.Serve
2 C 80 session.Close<app.Serve`

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		name   string
		script string
		want   []string
	}{
		{"nothing happens", "", nil},
		{"a balanced program", usualSession + usualSession, nil},
		{"the story: a second close hits another thread's object", `
1 O 3c legacy.Init
1 C 3c legacy.Cleanup
2 O 3c session.Open
1 C 3c legacy.Cleanup
2 U 3c session.Write
2 B 3c session.Close`,
			[]string{"stolen-close certain culprit=3 first=1 victim=2 related=4,5"}},
		{"the second close comes from another place of the component", `
1 O 3c legacy.Init<app.Main
1 C 3c legacy.Close<app.Main
2 O 3c session.Open<app.Serve
1 C 3c legacy.Destructor<app.Main
2 B 3c session.Close<app.Serve` + usualSession,
			[]string{"stolen-close certain culprit=3 first=1 victim=2 related=4"}},
		{"the victims hit one another in turn", usualSession + usualSession + `
3 O 84 pool.Acquire
3 C 84 pool.Release
1 O 3c legacy.Init
1 C 3c legacy.Cleanup
2 O 3c session.Open<app.Serve
1 C 3c legacy.Cleanup
3 O 3c pool.Acquire
2 C 3c session.Close<app.Serve
3 B 3c pool.Release`,
			[]string{"stolen-close certain culprit=9 first=7 victim=8 related=11,12"}},
		{"the culprit closes a third time and fails", `
1 O 3c legacy.Init
1 C 3c legacy.Cleanup
2 O 3c session.Open
1 C 3c legacy.Cleanup
1 B 3c legacy.Cleanup
2 B 3c session.Close` + usualSession,
			[]string{"stolen-close certain culprit=3 first=1 victim=2 related=4,5"}},
		{"two threads run the same code", repeat(3, `
1 O 50 pool.Acquire
1 C 50 pool.Release`) + `
1 O 3c pool.Acquire
1 C 3c pool.Release
2 O 3c pool.Acquire
1 C 3c pool.Release
2 B 3c pool.Release`,
			[]string{"stolen-close certain culprit=9 first=7 victim=8 related=10"}},
		{"a queue's consumers close what producers open; one item is closed twice", repeat(3, `
1 O 50 queue.Put
3 C 50 queue.Take
2 O 54 queue.Put
4 C 54 queue.Take`) + `
1 O 3c queue.Put
3 C 3c queue.Take
2 O 3c queue.Put
3 C 3c queue.Take
4 B 3c queue.Take`,
			// Or thread 3 closed the first item twice, and hit that of thread 4.
			[]string{"double-close possible culprit=16 first=15 victim=-"}},
		{"a double close at the same place", `
1 O 3c legacy.Init
1 C 3c legacy.Cleanup
1 B 3c legacy.Cleanup`,
			[]string{"double-close certain culprit=2 first=1 victim=-"}},
		{"a loop reuses one value, then closes it twice", repeat(20, `
1 O 3c legacy.Init
1 C 3c legacy.Cleanup`) + `
1 B 3c legacy.Cleanup`,
			[]string{"double-close certain culprit=40 first=39 victim=-"}},
		{"an error path closes first, then the usual path", repeat(5, usualSession) + `
2 O 3c session.Open<app.Serve
2 C 3c session.Fail<app.Serve
2 B 3c session.Close<app.Serve`,
			[]string{"double-close certain culprit=12 first=11 victim=-"}},
		{"a late double close, when another object has come and gone", `
1 O 3c legacy.Init
1 C 3c legacy.Cleanup
2 O 3c session.Open<app.Serve
2 C 3c session.Close<app.Serve
1 B 3c legacy.Cleanup` + usualSession,
			[]string{"double-close certain culprit=4 first=1 victim=-"}},
		{"a failed close that is tried again and again is one incident", `
1 O 3c legacy.Init
1 C 3c legacy.Cleanup
1 B 3c legacy.Cleanup
1 B 3c legacy.Cleanup
1 B 3c legacy.Cleanup`,
			[]string{"double-close certain culprit=2 first=1 victim=- related=3,4"}},
		{"a use after the close", `
1 O 3c legacy.Init
1 C 3c legacy.Stop
2 U 3c legacy.Flush
2 B 3c legacy.Stop`,
			[]string{"use-after-close certain culprit=2 first=1 victim=- related=3"}},
		{"two closes with no open between, at one place", `
1 O 3c legacy.Init
1 C 3c legacy.Cleanup
1 C 3c legacy.Cleanup`,
			[]string{"double-close likely culprit=2 first=1 victim=-"}},
		{"two closes with no open between, by strangers", `
1 O 3c legacy.Init
1 C 3c legacy.Cleanup
2 C 3c session.Close`,
			[]string{"double-close possible culprit=2 first=1 victim=-"}},
		{"the trace begins with closes of older handles", `
1 C 3c legacy.Cleanup
2 C 40 session.Close
1 O 3c legacy.Init
1 C 3c legacy.Cleanup`, nil},
		{"a bad reference of a value never seen", `
1 U deadbeef legacy.Flush
1 B deadbeef legacy.Cleanup`,
			[]string{"bad-reference possible culprit=0 first=- victim=- related=1"}},
		{"tag bits name the same handle", `
1 O 3c legacy.Init
1 C 3d legacy.Cleanup
1 B 3e legacy.Cleanup`,
			[]string{"double-close certain culprit=2 first=1 victim=-"}},
		{"tag bits tell whose the handle was", repeat(4, `
1 O 44 legacy.Init
1 C 45 legacy.Cleanup
2 O 80 session.Open
2 C 80 session.Close`) + `
1 O 3c legacy.Init
1 C 3d legacy.Cleanup
2 O 3c session.Open
2 C 3c session.Close
7 B 3d app.Late`,
			[]string{"double-close certain culprit=20 first=17 victim=-"}},
		{"who has failed with a handle goes on with it", repeat(4, usualSession) + `
1 O 3c legacy.Init
1 C 3c legacy.Cleanup
2 O 3c session.Open<app.Serve
1 C 3c legacy.Cleanup
2 U 3c session.Write<app.Serve
2 B 3c session.Abandon<app.Serve`,
			[]string{"stolen-close certain culprit=11 first=9 victim=10 related=12,13"}},
		{"a shutdown on one thread, near the end", repeat(4, usualSession) + repeat(4, `
1 O 44 legacy.Init
1 C 44 legacy.Cleanup`) + `
9 O 50 legacy.Init
9 C 50 legacy.Cleanup
2 O 50 session.Open<app.Serve
2 O 54 session.Open<app.Serve
2 O 58 session.Open<app.Serve
1 O 5c legacy.Init
1 O 60 legacy.Init
1 O 64 legacy.Init
9 C 54 legacy.Cleanup
9 C 58 legacy.Cleanup
9 C 5c legacy.Cleanup
9 C 60 legacy.Cleanup
9 C 64 legacy.Cleanup
9 C 50 legacy.Cleanup`, nil},
		{"a handed-over object is closed by its new owner", repeat(4, `
1 O 3c queue.Put
2 C 3c queue.Take`), nil},
		{"an error path taken twice under the same value", repeat(5, usualSession) + repeat(5, `
1 O 50 pool.Acquire
1 C 50 pool.Release`) + `
1 O 3c pool.Acquire
1 C 3c app.Fail
2 O 3c session.Open<app.Serve
2 C 3c app.Fail`, nil},
		{"a shutdown closes everything", repeat(3, usualSession) + `
1 O 3c pool.Acquire
2 O 40 session.Open<app.Serve
1 O 44 legacy.Init
9 C 3c app.Shutdown
9 C 40 app.Shutdown
9 C 44 app.Shutdown`, nil},
		{"two records of a reuse are swapped", `
1 O 3c legacy.Init
2 O 3c session.Open
1 C 3c legacy.Cleanup
2 C 3c session.Close`, nil},
		{"a victim that never complains", repeat(3, usualSession) + repeat(3, `
1 O 44 legacy.Init
1 C 44 legacy.Cleanup`) + `
1 O 3c legacy.Init
1 C 3c legacy.Cleanup
2 O 3c session.Open<app.Serve
1 C 3c legacy.Cleanup`,
			[]string{"stolen-close likely culprit=15 first=13 victim=14"}},
		{"a victim on the same thread that never complains, where both places are well known", repeat(40, `
2 O 44 legacy.Init<legacy.Work<app.Serve
2 C 44 legacy.Cleanup<legacy.Work<app.Serve
2 O 80 session.Open<session.Work<app.Serve
2 C 80 session.Close<session.Work<app.Serve
3 O 84 pool.Acquire
3 C 84 pool.Release`) + `
2 O 3c legacy.Init<legacy.Work<app.Serve
2 C 3c legacy.Cleanup<legacy.Work<app.Serve
2 O 3c session.Open<session.Work<app.Serve
2 C 3c legacy.Cleanup<legacy.Work<app.Serve` + repeat(40, usualSession),
			[]string{"stolen-close possible culprit=243 first=241 victim=242"}},
		{"a theft that happens again and again is no habit", repeat(8, `
1 O 44 legacy.Init<legacy.Work
1 C 44 legacy.Cleanup<legacy.Work
2 O 80 session.Open<session.Work
2 C 80 session.Close<session.Work`) + `
1 O 3c legacy.Init<legacy.Work
1 C 3c legacy.Cleanup<legacy.Work
2 O 3c session.Open<session.Work
1 C 3c legacy.Cleanup<legacy.Work
2 B 3c session.Close<session.Work
1 O 48 legacy.Init<legacy.Work
1 C 48 legacy.Cleanup<legacy.Work
2 O 48 session.Open<session.Work
1 C 48 legacy.Cleanup<legacy.Work
2 B 48 session.Close<session.Work
1 O 4c legacy.Init<legacy.Work
1 C 4c legacy.Cleanup<legacy.Work
2 O 4c session.Open<session.Work
1 C 4c legacy.Cleanup<legacy.Work` + repeat(60, usualSession),
			[]string{
				"stolen-close certain culprit=35 first=33 victim=34 related=36",
				"stolen-close certain culprit=40 first=38 victim=39 related=41",
				"stolen-close likely culprit=45 first=43 victim=44",
			}},
		{"a theft of what its owner never closes", repeat(40, `
1 O 44 legacy.Init<legacy.Work
1 C 44 legacy.Cleanup<legacy.Work`) + "\n" + opened(20, 0x200, "queue.Put<queue.Run") + `
1 O 48 legacy.Init<legacy.Work
1 C 48 legacy.Cleanup<legacy.Work
3 O 48 queue.Put<queue.Run
1 C 48 legacy.Cleanup<legacy.Work` + repeat(60, usualSession),
			[]string{
				"stolen-close likely culprit=143 first=141 victim=142",
				"leak possible culprit=137 first=- victim=- count=20",
			}},
		{"who is caught once is caught again where nobody complains", repeat(40, `
1 O 44 legacy.Init<legacy.Work
1 C 44 legacy.Cleanup<legacy.Work
2 O 80 session.Open<session.Work
2 C 80 session.Close<session.Work`) + `
1 O 48 legacy.Init<legacy.Work
1 C 48 legacy.Cleanup<legacy.Work
2 O 48 session.Open<session.Work
1 C 48 legacy.Abort<legacy.Work
2 B 48 session.Close<session.Work` + repeat(60, usualSession) + `
1 O 4c legacy.Init<legacy.Work
1 C 4c legacy.Cleanup<legacy.Work
2 O 4c session.Open<session.Work
1 C 4c legacy.Abort<legacy.Work` + repeat(60, usualSession),
			[]string{
				"stolen-close certain culprit=163 first=161 victim=162 related=164",
				"stolen-close likely culprit=288 first=286 victim=287",
			}},
		{"a victim that finds out while an earlier one has not yet", repeat(40, `
1 O 44 legacy.Init<legacy.Work
1 C 44 legacy.Cleanup<legacy.Work
2 O 80 session.Open<session.Work
2 C 80 session.Close<session.Work
3 O 90 pool.Acquire<pool.Work
3 C 90 pool.Release<pool.Work`) + `
1 O 48 legacy.Init<legacy.Work
1 C 48 legacy.Cleanup<legacy.Work
2 O 48 session.Open<session.Work
1 C 48 legacy.Abort<legacy.Work
1 O 48 legacy.Init<legacy.Work
1 C 48 legacy.Cleanup<legacy.Work
3 O 48 pool.Acquire<pool.Work
1 C 48 legacy.Abort<legacy.Work
3 B 48 pool.Release<pool.Work
2 B 48 session.Close<session.Work`,
			[]string{
				"stolen-close certain culprit=243 first=241 victim=242 related=249",
				"stolen-close certain culprit=247 first=245 victim=246 related=248",
			}},
		{"who fails again and again means objects of one owner", repeat(20, usualSession) + repeat(20, `
1 O 44 legacy.Init
1 C 44 legacy.Cleanup`) + `
1 O 4c legacy.Init
1 C 4c legacy.Cleanup
9 U 4c queue.Peek` + repeat(40, usualSession) + `
1 O 50 legacy.Init
1 C 50 legacy.Cleanup
9 U 50 queue.Peek` + repeat(40, usualSession) + `
1 O 48 legacy.Init
1 C 48 legacy.Cleanup
2 O 48 session.Open
2 C 48 session.Close
9 U 48 queue.Peek`,
			[]string{
				"use-after-close certain culprit=82 first=81 victim=-",
				"use-after-close certain culprit=165 first=164 victim=-",
				"use-after-close certain culprit=250 first=247 victim=-",
			}},
		{"a double close stays one when a shutdown closes what has the value then", repeat(8, usualSession) + repeat(8, `
1 O 44 legacy.Init
1 C 44 legacy.Cleanup`) + `
1 O 3c legacy.Init
1 C 3c legacy.Cleanup
1 B 3c legacy.Cleanup
2 O 3c session.Open<app.Serve
1 O 54 legacy.Init
2 O 58 session.Open<app.Serve
9 C 54 app.Shutdown
9 C 58 app.Shutdown
9 C 3c app.Shutdown`,
			[]string{"double-close certain culprit=34 first=33 victim=-"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			stored, code := parseScript(t, c.script)
			got := verdicts(Analyze(New(stored, Options{Order: OldestFirst}), AnalyzeOptions{Code: code}))
			if diff := cmp.Diff(append([]string{}, c.want...), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A shutdown closes the objects of all. The function that does is named, and
// not the outermost of those that call it in turn.
func TestShutdownIsResponsible(t *testing.T) {
	stored, code := parseScript(t, repeat(4, usualSession)+repeat(4, `
1 O 44 legacy.Init
1 C 44 legacy.Cleanup
3 O 84 pool.Acquire
3 C 84 pool.Release`)+`
1 O 3c legacy.Init
2 O 40 session.Open<app.Serve
3 O 48 pool.Acquire
9 C 3c app.CloseAll<app.Shutdown<app.Main
9 C 40 app.CloseAll<app.Shutdown<app.Main
9 C 48 app.CloseAll<app.Shutdown<app.Main
9 B 48 app.CloseAll<app.Shutdown<app.Main`)
	findings := Analyze(New(stored, Options{Order: OldestFirst}), AnalyzeOptions{Code: code})
	if len(findings) != 1 || findings[0].Where.Function != "CloseAll" {
		t.Errorf("findings: %v, the first in %+v", verdicts(findings), findings[0].Where)
	}
}

// With no name and no module known, the system's code is told by where it
// stands on the stacks.
func TestBareAddresses(t *testing.T) {
	const outer = "<app.Main<kernelbase.BaseThreadInitThunk<ntdll.RtlUserThreadStart"
	const session = `
2 O 80 session.Open` + outer + `
2 C 80 common.SafeClose<session.Close` + outer
	const legacy = `
1 O 44 legacy.Init` + outer + `
1 C 44 common.SafeClose<legacy.Cleanup` + outer
	const pool = `
3 O 84 pool.Acquire` + outer + `
3 C 84 pool.Release` + outer
	stored, _ := parseScript(t, repeat(8, session)+repeat(8, legacy)+repeat(8, pool)+`
1 O 3c legacy.Init`+outer+`
1 C 3c common.SafeClose<legacy.Cleanup`+outer+`
2 O 3c session.Open`+outer+`
1 C 3c common.SafeClose<legacy.Cleanup`+outer+repeat(60, pool))
	got := verdicts(Analyze(New(stored, Options{Order: OldestFirst}), AnalyzeOptions{}))
	want := []string{"stolen-close likely culprit=51 first=49 victim=50"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
