package report

import "github.com/handletrace/handletrace/htrace"

// Part is an operation that has a role in a finding.
type Part struct {
	Title     string // what it is, for people
	Operation *htrace.Operation
}

var culpritTitles = map[htrace.Rule]string{
	htrace.StolenClose:   "The wrong close",
	htrace.DoubleClose:   "The second close",
	htrace.UseAfterClose: "The use after the close",
	htrace.BadReference:  "The bad reference",
	htrace.WrongClose:    "The wrong kind of close",
	htrace.Leak:          "The newest open of the leak",
	htrace.TableMismatch: "The newest operation that does not agree",
}

// Parts returns the operations of a finding that have a role of their own: the
// one at fault first, then the close that was right and the open of the object
// that was hit, where there are such.
func Parts(f *htrace.Finding) []Part {
	title, ok := culpritTitles[f.Rule]
	if !ok {
		title = "The operation at fault"
	}
	var list []Part
	for _, p := range []Part{
		{title, f.Culprit},
		{"The close that was right", f.FirstClose},
		{"The open of the object that it hit", f.Victim},
	} {
		if p.Operation != nil {
			list = append(list, p)
		}
	}
	return list
}
