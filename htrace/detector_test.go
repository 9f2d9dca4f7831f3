package htrace

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A program finds its own kind of misuse: here objects of one module that
// another closes.
func TestOwnDetector(t *testing.T) {
	stored, code := parseScript(t, "1 O 3c session.Open\n1 C 3c session.Close\n1 O 3c session.Open\n2 C 3c pool.Close")
	strangers := NewDetector("session-closed-elsewhere", func(a *Analysis) []Finding {
		var list []Finding
		for l := range a.Lifetimes() {
			if l.Open == nil || l.Close == nil || a.Where(l.Open).Module != "session.dll" || a.Where(l.Close).Module == "session.dll" {
				continue
			}
			f := a.NewFinding("", Possible, l.Close, "A session was closed by "+a.Where(l.Close).Function+".")
			f.Victim = l.Open
			list = append(list, f)
		}
		return list
	})
	found := Analyze(New(stored, Options{Order: OldestFirst}), AnalyzeOptions{Code: code, Detectors: append(Detectors(), strangers)})
	if len(found) != 1 {
		t.Fatalf("findings: %v", verdicts(found))
	}
	f := found[0]
	if f.Rule != "session-closed-elsewhere" || f.Culprit.Index != 3 || f.Victim.Index != 2 || f.Where.Function != "Close" || f.ID == "" {
		t.Errorf("got %+v", f)
	}
}

// A framework of one's own that closes for others is no culprit.
func TestPlumbing(t *testing.T) {
	stored, code := parseScript(t, "1 O 3c session.Open\n1 C 3c session.Close\n1 B 3c queue.Put<legacy.Stop")
	for _, c := range []struct {
		plumbing []string
		want     string
	}{{nil, "Put"}, {[]string{"QUEUE"}, "Stop"}, {[]string{"que*"}, "Stop"}} {
		found := Analyze(New(stored, Options{Order: OldestFirst}), AnalyzeOptions{Code: code, Plumbing: c.plumbing})
		if len(found) != 1 || found[0].Where.Function != c.want {
			t.Errorf("plumbing %v: %v in %v, want one in %s", c.plumbing, verdicts(found), found, c.want)
		}
	}
}

// shiftedCode is the same program loaded elsewhere.
type shiftedCode struct {
	Code
	by uint64
}

func (s shiftedCode) Frames(a uint64) []Frame {
	frames := s.Code.Frames(a - s.by)
	for i := range frames {
		frames[i].Address += s.by
		frames[i].FunctionStart += s.by
	}
	return frames
}

// The identity of a finding is the same in a run with other addresses, other
// values and other threads, and another for other code.
func TestIdentity(t *testing.T) {
	ids := func(script string, by uint64) []string {
		stored, code := parseScript(t, script)
		for i := range stored {
			for k := range stored[i].Stack {
				stored[i].Stack[k] += by
			}
		}
		var list []string
		for _, f := range Analyze(New(stored, Options{Order: OldestFirst}), AnalyzeOptions{Code: shiftedCode{code, by}}) {
			list = append(list, f.ID)
		}
		return list
	}
	const story = "1 O %[1]s session.Open\n1 C %[1]s session.Close\n2 B %[1]s legacy.Stop"
	first := ids(fmt.Sprintf(story, "3c"), 0)
	if len(first) != 1 || len(first[0]) != 2*identityBytes {
		t.Fatalf("identities %q", first)
	}
	if diff := cmp.Diff(first, ids(strings.ReplaceAll(fmt.Sprintf(story, "7c"), "2 B", "9 B"), 0x5550000)); diff != "" {
		t.Errorf("another run (-first +second):\n%s", diff)
	}
	if other := ids(strings.ReplaceAll(fmt.Sprintf(story, "3c"), "legacy.Stop", "pool.Stop"), 0); other[0] == first[0] {
		t.Error("other code has the same identity")
	}
}

func TestStablePlace(t *testing.T) {
	for _, c := range []struct {
		frame Frame
		want  string
	}{
		{Frame{Address: 1}, "unknown"},
		{Frame{Module: "App.exe", Offset: 0x10d0, Address: 0x4010d0}, "app+0x10d0"},
		{Frame{Module: "App.exe", Function: "ns::f", Offset: 0x20, Source: "pdb"}, "app!ns::f"},
		{Frame{Module: "App.exe", Function: "f::<lambda_0a1b2c>::operator()", Source: "pdb"}, "app!f::<lambda>::operator()"},
		{Frame{Module: "clr", Function: "ClrCreateManagedInstance", Offset: 0x1ae0a, Source: "transcript"}, "clr!ClrCreateManagedInstance+0x1ae0a"},
	} {
		if got := StablePlace(c.frame); got != c.want {
			t.Errorf("%+v: %q, want %q", c.frame, got, c.want)
		}
	}
}
