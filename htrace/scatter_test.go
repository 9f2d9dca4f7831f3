package htrace_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/htrace/internal/scatter"
)

// What the analyser must not fall behind over scattered programs.
const (
	scatterSeeds     = 300
	minScatterRecall = 0.9
	maxScatterAlarms = 10
)

// TestScattered judges the analyser by random programs. SCATTER_SEED=N prints
// the case of a seed, SCATTER_SEEDS=N judges N seeds, SCATTER_FROM=N begins at
// another one.
func TestScattered(t *testing.T) {
	if seed, err := strconv.ParseUint(os.Getenv("SCATTER_SEED"), 10, 64); err == nil {
		c := scatter.Generate(seed)
		results, extra := c.Judge(analyzeScattered(c))
		t.Log(c.Story(results, extra))
		return
	}
	seeds, err := strconv.Atoi(os.Getenv("SCATTER_SEEDS"))
	if err != nil {
		seeds = scatterSeeds
	}
	from, _ := strconv.Atoi(os.Getenv("SCATTER_FROM"))
	var all, found int
	outcomes := make(map[string]map[string]int)
	var failures, alarms, possible []string
	for seed := from; seed < from+seeds; seed++ {
		c := scatter.Generate(uint64(seed))
		results, extra := c.Judge(analyzeScattered(c))
		for _, r := range results {
			line := fmt.Sprintf("%d: %s %q %q", seed, r.Truth.Name, r.Wrong, r.Truth.Unclear)
			if r.Finding != nil {
				line += fmt.Sprintf(" (%v %s)", r.Finding.Confidence, r.Finding.Rule)
			}
			if r.Wrong == "culprit" && r.Finding.Confidence >= htrace.Likely {
				alarms = append(alarms, line)
			}
			name, outcome := r.Truth.Name, r.Wrong
			if r.Truth.Unclear != "" {
				name += " (unclear)"
			}
			if outcomes[name] == nil {
				outcomes[name] = make(map[string]int)
			}
			if outcome == "" {
				outcome = "found " + r.Finding.Confidence.String()
			}
			outcomes[name][outcome]++
			if r.Truth.Unclear != "" {
				continue
			}
			all++
			if r.Wrong == "" {
				found++
			} else {
				failures = append(failures, line)
			}
		}
		for _, f := range extra {
			line := fmt.Sprintf("%d: extra %v %s", seed, f.Confidence, f.Rule)
			of := c.Of(f)
			if of != nil {
				line += fmt.Sprintf(" of %s, %q", of.Name, of.Unclear)
			}
			switch {
			case f.Rule == htrace.Leak && c.LooksLeaked(f), c.BegunBefore(f):
			case f.Confidence >= htrace.Likely && (of == nil || of.Unclear == "" || f.Confidence == htrace.Certain):
				alarms = append(alarms, line)
			default:
				possible = append(possible, line)
			}
		}
	}
	recall := float64(found) / float64(max(all, 1))
	t.Logf("%d seeds, %d mistakes, recall %.4f, %d false alarms, %d wrong possible", seeds, all, recall, len(alarms), len(possible))
	for _, name := range sortedKeys(outcomes) {
		t.Logf("%-30s %v", name, outcomes[name])
	}
	if os.Getenv("SCATTER_LIST") != "" {
		t.Logf("failures:\n%s\nalarms:\n%s\npossible:\n%s", list(failures), list(alarms), list(possible))
	}
	if recall < minScatterRecall {
		t.Errorf("recall %.4f, want at least %.2f:\n%s", recall, minScatterRecall, list(failures))
	}
	if len(alarms) > maxScatterAlarms {
		t.Errorf("%d false alarms, want at most %d:\n%s", len(alarms), maxScatterAlarms, list(alarms))
	}
}

func analyzeScattered(c *scatter.Case) []htrace.Finding {
	return htrace.Analyze(htrace.New(slices.Clone(c.Operations), c.Options), htrace.AnalyzeOptions{Code: c.Code})
}
