package report

import "github.com/handletrace/handletrace/htrace"

// ruleText is what a rule is about, for reports that list rules.
type ruleText struct {
	rule                htrace.Rule
	name, short, advice string
}

// ruleTexts are the rules of package htrace, the worst first.
var ruleTexts = []ruleText{
	{htrace.StolenClose, "StolenClose", "A close killed another object.",
		"The code closed a handle that it had closed before. Windows had given the value to another object by then, whose owner lost it. Find out why the code closes twice: clear the variable after the close, or let one owner close."},
	{htrace.DoubleClose, "DoubleClose", "A handle was closed twice.",
		"The second close found nothing under the value. When Windows has given the value out again in between, it kills somebody else's object. Clear the variable after the close, or let one owner close."},
	{htrace.UseAfterClose, "UseAfterClose", "A handle was used after its close.",
		"The use failed. When Windows has given the value out again, it acts on somebody else's object. Make sure that whoever closes waits for those who use."},
	{htrace.WrongClose, "WrongClose", "An object was closed through another API than it was opened with.",
		"The API that opened the object keeps its own books of it, which are wrong now. Use its own function to close."},
	{htrace.Leak, "Leak", "Objects are opened here and not closed.",
		"Handles are used up and the objects behind them live on. Close them, or let a guard do it."},
	{htrace.BadReference, "BadReference", "A value was used that was no open handle.",
		"Look for an open whose result was not checked, an uninitialised variable, or a close before the trace began."},
	{htrace.TableMismatch, "TableMismatch", "Trace and handle table disagree.",
		"The trace does not hold everything that happened to handles, which weakens the other findings."},
}

// sarifRules returns the rules of the package, and those of others that occur.
func sarifRules(inputs []Input) []sarifRule {
	var list []sarifRule
	known := make(map[htrace.Rule]bool)
	for _, r := range ruleTexts {
		known[r.rule] = true
		list = append(list, sarifRule{string(r.rule), r.name, sarifMessage{r.short}, sarifMessage{r.short}, sarifMessage{r.advice}})
	}
	for i := range inputs {
		for k := range inputs[i].Findings {
			if r := inputs[i].Findings[k].Rule; !known[r] {
				known[r] = true
				name := Plain(string(r))
				list = append(list, sarifRule{string(r), name, sarifMessage{name}, sarifMessage{name}, sarifMessage{name}})
			}
		}
	}
	return list
}
