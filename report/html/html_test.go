package html

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/report"
	"github.com/handletrace/handletrace/symbols"
)

// labInput analyses the dump of the lab.
func labInput(t *testing.T) report.Input {
	t.Helper()
	dump, err := minidump.Open("../../testdata/handlelab/handlelab-x64.dmp")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dump.Close() })
	trace, err := htrace.FromDump(dump, htrace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	code, err := symbols.New(symbols.FromDump(dump), symbols.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { code.Close() })
	return report.Input{Path: "handlelab-x64.dmp", Kind: report.Minidump, Trace: trace, Code: code, Findings: htrace.Analyze(trace, htrace.AnalyzeOptions{Code: code})}
}

func write(t *testing.T, inputs ...report.Input) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, inputs); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var dataElement = regexp.MustCompile(`(?s)<script type="application/json" class="data">(.*?)</script>`)

func timelinesOf(t *testing.T, page string) []timeline {
	t.Helper()
	var list []timeline
	for _, m := range dataElement.FindAllStringSubmatch(page, -1) {
		var tl timeline
		if err := json.Unmarshal([]byte(m[1]), &tl); err != nil {
			t.Fatalf("the timeline is no JSON: %v", err)
		}
		list = append(list, tl)
	}
	return list
}

func TestPage(t *testing.T) {
	in := labInput(t)
	page := write(t, in)
	for _, want := range []string{"stolen-close", "LegacyCleanup_CloseEvent", "The open of the object that it hit", in.Findings[0].ID} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	list := timelinesOf(t, page)
	if len(list) != 1 {
		t.Fatalf("%d timelines, want one", len(list))
	}
	tl := &list[0]
	opens, closes, failures := 0, 0, 0
	for _, v := range tl.Values {
		for _, l := range v.Lives {
			if l[0] >= 0 {
				opens++
			}
			if l[1] >= 0 {
				closes++
			}
			if l[2] >= len(tl.Sites) || l[5] >= len(tl.Stacks) {
				t.Fatalf("a life refers to what is not there: %v", l)
			}
		}
		failures += len(v.Failures)
	}
	if want := in.Trace; opens != want.Count(htrace.KindOpen) || closes != want.Count(htrace.KindClose) || failures != want.Count(htrace.KindBadReference) {
		t.Errorf("%d opens, %d closes, %d failures are drawn; the trace has %d, %d, %d", opens, closes, failures, want.Count(htrace.KindOpen), want.Count(htrace.KindClose), want.Count(htrace.KindBadReference))
	}
	if len(tl.Faults) == 0 {
		t.Error("no operation is marked as one of a finding")
	}
}

// The policy allows the page's own script and style sheet and nothing else.
func TestPolicy(t *testing.T) {
	page := write(t, labInput(t))
	for _, want := range []string{"default-src &#39;none&#39;", "sha256-" + strings.ReplaceAll(hash(script), "+", "&#43;"), "<style>" + styleSheet + "</style>", "<script>" + script + "</script>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %.80q", want)
		}
	}
	for _, forbidden := range []string{"http://", "https://", " style=", " onclick="} {
		if body := strings.ReplaceAll(page, "http://www.w3.org/2000/svg", ""); strings.Contains(body, forbidden) {
			t.Errorf("the page has %q", forbidden)
		}
	}
}

// hostileCode names everything so that it would act on a careless page.
type hostileCode struct{}

const hostile = `</script><script>alert(1)</script><!-- <img src=x onerror=alert(2)> "' & ` + "\u202e\x1b[31m"

func (hostileCode) Frames(a uint64) []htrace.Frame {
	return []htrace.Frame{{Address: a, Module: hostile, Function: hostile, File: hostile, Line: 1, FunctionStart: a}}
}

func (hostileCode) IsSystem(uint64) bool { return false }

// What a dump names can do nothing.
func TestHostileNames(t *testing.T) {
	ops := []htrace.Operation{
		{Handle: 0x3c, Kind: htrace.KindOpen, ThreadID: 1, Stack: []uint64{1, 2}},
		{Handle: 0x3c, Kind: htrace.KindClose, ThreadID: 1, Stack: []uint64{3, 2}},
		{Handle: 0x3c, Kind: htrace.KindBadReference, ThreadID: 1, Stack: []uint64{3, 2}},
	}
	trace := htrace.New(ops, htrace.Options{Order: htrace.OldestFirst})
	code := hostileCode{}
	in := report.Input{
		Path: hostile, Kind: report.Minidump, Trace: trace, Code: code, Findings: htrace.Analyze(trace, htrace.AnalyzeOptions{Code: code}),
		Warnings: []string{hostile}, ThreadNames: map[uint32]string{1: hostile},
	}
	page := write(t, in, report.Input{Path: hostile, Err: errors.New(hostile)})
	for _, bad := range []string{"<script>alert", "<img", "\x1b", "\u202e"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	if n := len(timelinesOf(t, page)); n != 1 {
		t.Errorf("%d timelines, want that of the input which was analysed", n)
	}
}
