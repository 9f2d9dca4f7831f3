package htrace

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// opened returns a script that opens n handles at a place, each followed by
// healthy traffic.
func opened(n int, first uint64, place string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "1 O %x %s\n%s\n", first+4*uint64(i), place, "2 O 10 session.Open\n2 C 10 session.Close")
	}
	return b.String()
}

// sharedHelper returns a script in which several components open through one
// helper, n times each, and one of them leaks.
func sharedHelper(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "1 O %x common.Make<legacy.Poll\n", 0x100+4*i)
		b.WriteString("1 O 200 common.Make<pool.Acquire\n1 C 200 pool.Release\n1 O 200 common.Make<queue.Put\n1 C 200 queue.Take\n")
	}
	return b.String()
}

// longLives returns a script that opens n objects at a place, and closes each
// when as many operations have gone by as its life is long.
func longLives(n, life int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "1 O %x pool.Grow\n%s\n", 0x100+4*i, repeat(2, "2 O 10 session.Open\n2 C 10 session.Close"))
		if k := i - life/5; k >= 0 {
			fmt.Fprintf(&b, "1 C %x pool.Drop\n", 0x100+4*k)
		}
	}
	return b.String()
}

// twoPaths returns a script of a place that leaks each object on one path to
// it, and one in four on another.
func twoPaths(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "1 O %x legacy.Poll<app.Begin\n1 O %x legacy.Poll<app.Again\n", 0x100+4*i, 0x400+4*i)
		b.WriteString(repeat(3, "1 O 10 legacy.Poll<app.Again\n1 C 10 legacy.Done<app.Again") + "\n")
	}
	return b.String()
}

// innerHelper returns a script in which two components open through one helper,
// and the place of one of them leaks, whoever of many calls it.
func innerHelper(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "1 O %x common.Make<legacy.Poll<app.Caller%d\n", 0x100+4*i, i%6)
		for range 3 {
			fmt.Fprintf(&b, "2 O 10 common.Make<session.Open<queue.Caller%d\n2 C 10 session.Close\n", i%6)
		}
	}
	return b.String()
}

// inShutdown returns a script of a place that leaks n objects until the program
// closes what else it holds, and ends.
func inShutdown(n int) string {
	var first, last strings.Builder
	for i := range n / 3 {
		fmt.Fprintf(&first, "3 O %x pool.Grow\n", 0x800+4*i)
		fmt.Fprintf(&last, "\n9 C %x pool.Drop<app.Shutdown", 0x800+4*i)
	}
	return first.String() + opened(n, 0x100, "legacy.Poll") + strings.TrimRight(last.String(), "\n")
}

func TestLeak(t *testing.T) {
	for _, c := range []struct {
		name   string
		script string
		want   []string
	}{
		{"a loop leaks", opened(10, 0x100, "legacy.Poll"), []string{"leak likely culprit=27 first=- victim=- count=10"}},
		{"a pool reaches its size", opened(10, 0x100, "pool.Grow") + repeat(40, "2 O 10 session.Open\n2 C 10 session.Close"), []string{"leak possible culprit=27 first=- victim=- count=10"}},
		{"singletons", "1 O 100 legacy.Init\n1 O 104 legacy.Init\n1 O 108 session.Start" + repeat(10, "\n2 O 10 session.Open\n2 C 10 session.Close"), nil},
		{"the last of a busy place are still in use", repeat(30, "1 O 100 queue.Put\n1 O 104 queue.Put\n1 O 108 queue.Put\n1 O 10c queue.Put\n3 C 100 queue.Take\n3 C 104 queue.Take\n3 C 108 queue.Take\n3 C 10c queue.Take") + "\n1 O 100 queue.Put\n1 O 104 queue.Put\n1 O 108 queue.Put\n1 O 10c queue.Put", nil},
		{"an error path forgets to close", strings.Join([]string{
			repeat(5, "1 O 200 session.Open\n1 C 200 session.Close"), "1 O 300 session.Open",
			repeat(5, "1 O 200 session.Open\n1 C 200 session.Close"), "1 O 304 session.Open",
			repeat(5, "1 O 200 session.Open\n1 C 200 session.Close"), "1 O 308 session.Open",
			repeat(5, "1 O 200 session.Open\n1 C 200 session.Close"), "1 O 30c session.Open",
			repeat(5, "1 O 200 session.Open\n1 C 200 session.Close"),
		}, "\n"), []string{"leak possible culprit=43 first=- victim=- count=4"}},
		{"a helper all of whose callers leak is one leak", opened(3, 0x100, "pool.Make<app.A") + opened(3, 0x200, "pool.Make<app.B") + opened(3, 0x300, "pool.Make<app.C") +
			opened(3, 0x400, "pool.Make<app.D") + opened(3, 0x500, "pool.Make<app.E") + opened(3, 0x600, "pool.Make<app.F"),
			[]string{"leak likely culprit=51 first=- victim=- count=18"}},
		{"one caller of a helper leaks", sharedHelper(12), []string{"leak likely culprit=55 first=- victim=- count=12"}},
		{"a place leaks on two paths, not alike", twoPaths(10), []string{"leak likely culprit=73 first=- victim=- count=20"}},
		{"a place that many call, and that opens through a helper as others do", innerHelper(24), []string{"leak likely culprit=161 first=- victim=- count=24"}},
		{"the program ends", inShutdown(42), []string{"leak likely culprit=137 first=- victim=- count=42"}},
		{"objects that live long", longLives(16, 40), nil},
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

// Objects that the handle table does not list were closed without a record:
// nothing can be said of their place.
func TestLeakOfUnlistedObjects(t *testing.T) {
	stored, code := parseScript(t, opened(10, 0x100, "legacy.Poll"))
	found := Analyze(New(stored, Options{Order: OldestFirst, Table: map[uint64]TableEntry{0x4: {}}}), AnalyzeOptions{Code: code, Detectors: []Detector{LeakDetector{}}})
	if len(found) != 0 {
		t.Errorf("findings: %v", verdicts(found))
	}
}
