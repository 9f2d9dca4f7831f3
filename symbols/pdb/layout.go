package pdb

import "slices"

// layout says which module has what part of the image.
type layout struct {
	modules       []moduleInfo
	contributions []span // ids are indices in modules
	runs          []span // the same, with neighbours of one module in one
	complete      bool   // the contributions were all read
}

// readLayout reads the module list and the section contributions. Where the
// contributions are missing or damaged, the modules' procedures stand in.
func (f *File) readLayout() (*layout, error) {
	l := &layout{}
	var err, contribErr error
	l.modules, err = f.readModules()
	l.contributions, contribErr = f.readContributions()
	l.complete = contribErr == nil && len(l.contributions) > 0
	if err == nil {
		err = contribErr
	}
	if len(l.contributions) == 0 {
		l.contributions = f.contributionsOfProcs(l.modules)
	}
	l.runs = joinRuns(l.contributions)
	f.indexes.setModules(len(l.modules))
	return l, err
}

// joinRuns makes one span of neighbouring ones of the same module and section.
// Procedures have ends of their own, so that the gaps do no harm, and the
// search is much shorter.
func joinRuns(spans []span) []span {
	var runs []span
	for _, s := range spans {
		if n := len(runs); n > 0 && runs[n-1].id == s.id && runs[n-1].sect == s.sect {
			runs[n-1].end = s.end
			continue
		}
		runs = append(runs, s)
	}
	return slices.Clip(runs)
}

func (f *File) contributionsOfProcs(modules []moduleInfo) []span {
	var spans []span
	for i := range modules {
		for _, pr := range f.buildIndex(&modules[i]).procs {
			s := pr.span()
			s.id = uint32(i)
			spans = append(spans, s)
		}
	}
	sortSpans(spans)
	return flatten(spans)
}
