package htrace

import "slices"

// Whose leak is it? A helper that opens for others is no place of its own as a
// rule, for each of its callers does with the objects what it will. Where the
// objects of all of its callers fare alike, though, it makes no difference who
// calls, and the helper is the place. The same is asked of each helper between
// the innermost and the site, of the site itself and of the functions that call
// it; a site that leaks on each path to it is one leak.

// mergeLeaks puts groups together that a level of the stack has in common and
// whose objects fare alike, or leak however it is reached.
func (a *Analysis) mergeLeaks(groups []*leakGroup) []*leakGroup {
	groups = slices.DeleteFunc(groups, (*leakGroup).isEmpty)
	innermost := siteLevel - 1
	for _, g := range groups {
		if g.process == 0 {
			innermost = min(innermost, -leakLevel(a.stack(g.first()).owner))
		}
	}
	for level := outmostLevel - 1; level >= innermost; level-- {
		groups = a.mergeLevel(groups, level, level == innermost)
	}
	return groups
}

func (a *Analysis) mergeLevel(groups []*leakGroup, level leakLevel, innermost bool) []*leakGroup {
	byFrame := make(map[uint64][]*leakGroup)
	var order []uint64
	var merged []*leakGroup
	for _, g := range groups {
		if g.process != 0 {
			merged = append(merged, g)
			continue
		}
		f := a.levelPlace(g.first(), level)
		if byFrame[f] == nil {
			order = append(order, f)
		}
		byFrame[f] = append(byFrame[f], g)
	}
	for _, f := range order {
		list := byFrame[f]
		switch {
		case !a.oneLeak(list, level, innermost):
			merged = append(merged, list...)
			continue
		case len(list) == 1:
			if level >= siteLevel {
				list[0].level = level
			}
			merged = append(merged, list[0])
			continue
		}
		m := &leakGroup{level: level}
		for _, g := range list {
			m.open, m.closed = append(m.open, g.open...), append(m.closed, g.closed...)
		}
		m.sort()
		merged = append(merged, m)
	}
	return merged
}

// oneLeak reports whether groups that a level has in common are one.
func (a *Analysis) oneLeak(groups []*leakGroup, level leakLevel, innermost bool) bool {
	switch {
	case len(groups) == 1:
		return true
	case level >= siteLevel:
		return alikeLeaks(groups) || a.allLeak(groups)
	case innermost:
		return alikeLeaks(groups)
	}
	return alikeLeaks(groups) && a.allLeak(groups)
}

// allLeak reports whether each of several groups has objects that were
// forgotten: then the site that they have in common leaks, whoever calls it.
func (a *Analysis) allLeak(groups []*leakGroup) bool {
	end := int32(len(a.trace.Operations))
	for _, g := range groups {
		t := a.ages(g, end)
		if lost, _, _ := g.forgotten(&t, end); len(lost) < fewestLeaks {
			return false
		}
	}
	return true
}

// alikeLeaks reports whether about the same part of the objects of several
// groups is still open, as far as chance allows (Pearson's test).
func alikeLeaks(groups []*leakGroup) bool {
	open, all := 0.0, 0.0
	for _, g := range groups {
		open += float64(len(g.open))
		all += float64(len(g.open) + len(g.closed))
	}
	part := open / all
	if part == 0 || part == 1 {
		return true
	}
	sum := 0.0
	for _, g := range groups {
		n := float64(len(g.open) + len(g.closed))
		d := float64(len(g.open)) - part*n
		deviation := d * d / (n * part * (1 - part))
		const most = 5 // of a single group, by chance
		if sum += deviation; deviation > most {
			return false
		}
	}
	return sum <= 2*float64(len(groups)-1)+2
}
