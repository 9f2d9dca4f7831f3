package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/handletrace/handletrace/htrace"
)

// ruleFlags switch rules off and change how sure their findings count.
type ruleFlags struct {
	disable, grade []string
}

func (r *ruleFlags) add(f *pflag.FlagSet) {
	f.StringSliceVar(&r.disable, "disable", nil, "switch this `RULE` off: "+strings.Join(ruleNames(), ", "))
	f.StringSliceVar(&r.grade, "grade", nil, "`RULE=CONFIDENCE` that its findings are given, as in leak=possible; leak=off switches it off")
}

// rules are the rules of one run.
type rules struct {
	detectors []htrace.Detector // nil for all
	grades    map[htrace.Rule]htrace.Confidence
}

// off is the grade of a rule that is switched off.
const off = "off"

// rules reads the flags.
func (r *ruleFlags) rules() (*rules, error) {
	disabled := make(map[htrace.Rule]bool)
	list := &rules{grades: make(map[htrace.Rule]htrace.Confidence)}
	for _, word := range r.disable {
		rule, err := parseRule("disable", word)
		if err != nil {
			return nil, err
		}
		disabled[rule] = true
	}
	for _, word := range r.grade {
		name, grade, _ := strings.Cut(word, "=")
		rule, err := parseRule("grade", name)
		if err != nil {
			return nil, err
		}
		if grade == off {
			disabled[rule] = true
			continue
		}
		if slices.Contains(r.disable, name) {
			return nil, fmt.Errorf("--disable %s and --grade %s contradict each other: give one of them", name, word)
		}
		if list.grades[rule], err = htrace.ParseConfidence(grade); err != nil {
			return nil, fmt.Errorf("--grade %q: write RULE=possible, likely, certain or off, as in leak=possible", word)
		}
	}
	list.detectors = slices.DeleteFunc(htrace.Detectors(), func(d htrace.Detector) bool { return disabled[d.Rule()] })
	return list, nil
}

func ruleNames() []string {
	var names []string
	for _, d := range htrace.Detectors() {
		names = append(names, string(d.Rule()))
	}
	return names
}

func parseRule(flag, word string) (htrace.Rule, error) {
	if !slices.Contains(ruleNames(), word) {
		return "", fmt.Errorf("--%s %q: the rules are %s", flag, word, strings.Join(ruleNames(), ", "))
	}
	return htrace.Rule(word), nil
}

// regrade gives findings the confidence that the user wants for their rules.
// The failure at which the dump was written stays first, then the surest are.
func (r *rules) regrade(findings []htrace.Finding) []htrace.Finding {
	if len(r.grades) == 0 {
		return findings
	}
	for i := range findings {
		if c, ok := r.grades[findings[i].Rule]; ok {
			findings[i].Confidence = c
		}
	}
	slices.SortStableFunc(findings, func(x, y htrace.Finding) int {
		return cmp.Or(cmp.Compare(place(x), place(y)), cmp.Compare(y.Confidence, x.Confidence))
	})
	return findings
}

// place is 0 for what stays before all others.
func place(f htrace.Finding) int {
	if f.AtException {
		return 0
	}
	return 1
}
