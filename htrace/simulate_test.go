package htrace_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/htrace/internal/simulate"
)

// What the analyser must not fall behind. The aim is a recall of 0.98 and no
// false alarm at all; these are what it reaches, with a little room.
const (
	// simulateSeeds is how many traces of each mode are judged.
	simulateSeeds = 12
	// minRecall is the part of all bugs that can be decided to be found, with
	// rule, culprit, first close and victim right.
	minRecall = 0.975
	// maxFalseAlarms is how many findings of at least likely, over all traces
	// with bugs, may accuse an operation that is not at fault, or split an
	// incident. In a healthy trace there may be none.
	maxFalseAlarms = 1
	// maxPossible is how many wrong findings of confidence possible there may
	// be for each trace, on average.
	maxPossible = 0.15
)

// TestSimulated judges the analyser by traces whose truth is known. One case
// is printed in full by its name, as the lists of failures show it:
//
//	SIMULATE_SEED=stolen-close/silent/3 go test ./htrace -run TestSimulated -v
//
// With SIMULATE_ALL=1 every operation of it is. SIMULATE_SEEDS=N judges N
// seeds of each mode, SIMULATE_MODE=leak only the modes whose name begins so,
// SIMULATE_FROM=N begins at another seed, and SIMULATE_LIST=1 lists what went
// wrong.
func TestSimulated(t *testing.T) {
	if name := os.Getenv("SIMULATE_SEED"); name != "" {
		printSimulated(t, name)
		return
	}
	seeds := simulateSeeds
	if n, err := strconv.Atoi(os.Getenv("SIMULATE_SEEDS")); err == nil {
		seeds = n
	}
	from, _ := strconv.Atoi(os.Getenv("SIMULATE_FROM"))
	var sum tally
	for _, mode := range simulate.Modes() {
		if !strings.HasPrefix(mode.Name, os.Getenv("SIMULATE_MODE")) {
			continue
		}
		for seed := from; seed < from+seeds; seed++ {
			c := simulate.Generate(mode, uint64(seed))
			sum.add(c, judge(c))
		}
	}
	t.Log(sum.table())
	if os.Getenv("SIMULATE_LIST") != "" {
		t.Logf("failures:\n%s\nfalse alarms:\n%s\nwrong possible findings:\n%s", list(sum.failures), list(sum.alarms), list(sum.possible))
	}
	if r := sum.recall(); r < minRecall {
		t.Errorf("recall %.4f, want at least %.3f; failures:\n%s", r, minRecall, list(sum.failures))
	}
	for _, alarm := range sum.alarms {
		if strings.HasPrefix(alarm, "healthy/") {
			t.Errorf("a false alarm in a healthy program: %s", alarm)
		}
	}
	if n := len(sum.alarms); n > maxFalseAlarms {
		t.Errorf("%d false alarms, want at most %d:\n%s", n, maxFalseAlarms, list(sum.alarms))
	}
	if rate := float64(len(sum.possible)) / float64(sum.cases); rate > maxPossible {
		t.Errorf("%.3f wrong possible findings for each trace, want at most %.2f:\n%s", rate, maxPossible, list(sum.possible))
	}
}

func judge(c *simulate.Case) simulate.Verdict {
	trace := htrace.New(slices.Clone(c.Operations), c.Options)
	return c.Judge(htrace.Analyze(trace, htrace.AnalyzeOptions{Code: c.Code}))
}

func printSimulated(t *testing.T, name string) {
	i := strings.LastIndexByte(name, '/')
	mode, ok := simulate.ModeNamed(name[:max(i, 0)])
	seed, err := strconv.ParseUint(name[i+1:], 10, 64)
	if !ok || err != nil {
		t.Fatalf("SIMULATE_SEED=%s is no mode and seed", name)
	}
	c := simulate.Generate(mode, seed)
	var b strings.Builder
	c.Print(&b, judge(c), os.Getenv("SIMULATE_ALL") != "")
	trace := htrace.New(slices.Clone(c.Operations), c.Options)
	t.Logf("the analyser's order: %v, score %d\n%s", trace.Order, trace.OrderScore, b.String())
}

// tally sums verdicts up.
type tally struct {
	cases   int
	rows    map[string]map[simulate.Outcome]int // of bugs that can be decided, by fault
	unclear map[string]map[simulate.Outcome]int // of the others
	sure    map[string][htrace.Certain + 1]int  // confidence of what was found, by fault

	failures, alarms, possible []string
}

func (s *tally) add(c *simulate.Case, v simulate.Verdict) {
	if s.rows == nil {
		s.rows = make(map[string]map[simulate.Outcome]int)
		s.unclear = make(map[string]map[simulate.Outcome]int)
		s.sure = make(map[string][htrace.Certain + 1]int)
	}
	s.cases++
	name := fmt.Sprintf("%s/%d", c.Mode, c.Seed)
	for _, r := range v.Results {
		s.addResult(name, &r)
	}
	for _, e := range v.Extras {
		line := fmt.Sprintf("%-45s extra %v %v of %q", name, e.Finding.Confidence, e.Finding.Rule, e.Of)
		switch {
		case e.FalseAlarm():
			s.alarms = append(s.alarms, line)
		case !e.Undecidable:
			s.possible = append(s.possible, line)
		}
	}
}

func (s *tally) addResult(name string, r *simulate.Result) {
	fault := r.Truth.Fault
	rows := s.rows
	if r.Truth.Undecidable != "" {
		rows = s.unclear
	}
	if rows[fault] == nil {
		rows[fault] = make(map[simulate.Outcome]int)
	}
	rows[fault][r.Outcome]++
	line := fmt.Sprintf("%-45s %s: %s", name, fault, r.Outcome)
	if r.Finding != nil {
		line += fmt.Sprintf(" (%v %v)", r.Finding.Confidence, r.Finding.Rule)
	}
	switch {
	case r.FalseAlarm():
		s.alarms = append(s.alarms, line)
	case r.Outcome == simulate.Found:
		n := s.sure[fault]
		n[r.Finding.Confidence]++
		s.sure[fault] = n
	}
	if r.Outcome != simulate.Found && r.Truth.Undecidable == "" {
		s.failures = append(s.failures, line)
	}
}

func (s *tally) recall() float64 {
	found, all := 0, 0
	for _, row := range s.rows {
		for o, n := range row {
			all += n
			if o == simulate.Found {
				found += n
			}
		}
	}
	return float64(found) / float64(max(all, 1))
}

func (s *tally) table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d traces, recall %.4f, %d false alarms, %d wrong possible findings\n", s.cases, s.recall(), len(s.alarms), len(s.possible))
	for _, part := range []struct {
		title string
		rows  map[string]map[simulate.Outcome]int
	}{{"decidable", s.rows}, {"undecidable", s.unclear}} {
		fmt.Fprintf(&b, "%-42s", part.title)
		for _, o := range simulate.Outcomes {
			fmt.Fprintf(&b, " %13.13s", strings.ReplaceAll(string(o), "wrong ", "wr. "))
		}
		fmt.Fprintf(&b, "   certain/likely/possible\n")
		for _, fault := range sortedKeys(part.rows) {
			fmt.Fprintf(&b, "%-42s", fault)
			for _, o := range simulate.Outcomes {
				fmt.Fprintf(&b, " %13d", part.rows[fault][o])
			}
			n := s.sure[fault]
			fmt.Fprintf(&b, "   %d/%d/%d\n", n[htrace.Certain], n[htrace.Likely], n[htrace.Possible])
		}
	}
	return b.String()
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func list(lines []string) string {
	const most = 150
	s := strings.Join(lines[:min(most, len(lines))], "\n")
	if len(lines) > most {
		s += fmt.Sprintf("\n... and %d more", len(lines)-most)
	}
	return s
}
