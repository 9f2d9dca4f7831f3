package htrace

import "slices"

// Helpers that open or close for others (guards, destructors, wrappers round
// CloseHandle) are told by who calls them, code in several modules or many
// functions, and by handling the objects of many places in several modules.
const (
	helperCallers  = 5
	helperModules  = 2
	helperPartners = 3
	helperLevels   = 8 // helpers that call helpers
)

// company is what a function at the inner end of stacks is seen with, no more
// of each than it takes to tell a helper.
type company struct {
	callers  []uint64 // functions
	modules  []string // of the callers
	partners []uint64 // functions that open what it closes, or close what it opens
	foreign  []string // modules of the partners
}

// meet adds v to what was seen, up to enough.
func meet[T comparable](seen []T, v T, enough int) []T {
	if len(seen) == enough || slices.Contains(seen, v) {
		return seen
	}
	return append(seen, v)
}

func (c *company) isHelper() bool {
	return len(c.callers) >= helperCallers || len(c.modules) >= helperModules || len(c.partners) >= helperPartners && len(c.foreign) >= helperModules
}

// passHelpers finds the owner of each stack: the first responsible frame that
// is no helper. The last frame of a stack is never passed, and neither is a
// helper that one function alone calls: that tells no more than the helper.
func (s *siteTable) passHelpers(lives map[uint64]int32) {
	met := make(map[uint64]*company)
	for range helperLevels {
		seen := make(map[uint64]*company)
		for i := range s.stacks {
			s.noteCaller(seen, int32(i))
			s.noteCaller(met, int32(i))
		}
		for pair := range lives {
			s.notePartners(seen, int32(pair>>32), int32(uint32(pair)))
		}
		if !s.passOnce(seen) {
			break
		}
	}
	for i := range s.stacks {
		s.turnBack(met, int32(i))
	}
}

// passOnce passes the owners that are helpers, and reports whether there were
// any.
func (s *siteTable) passOnce(seen map[uint64]*company) bool {
	passed := false
	for i := range s.stacks {
		info := &s.stacks[i]
		if int(info.owner)+1 < len(info.frames) && seen[s.owner(int32(i)).functionStart()].isHelper() {
			info.owner++
			passed = true
		}
	}
	return passed
}

// turnBack goes back to helpers that have but one caller.
func (s *siteTable) turnBack(met map[uint64]*company, stack int32) {
	info := &s.stacks[stack]
	for info.owner > 0 {
		helper := s.frames[stack][info.frames[info.owner-1]]
		if len(met[helper.functionStart()].callers) > 1 {
			return
		}
		info.owner--
	}
}

func companyOf(seen map[uint64]*company, f stackFrame) *company {
	start := f.functionStart()
	c := seen[start]
	if c == nil {
		c = new(company)
		seen[start] = c
	}
	return c
}

func (s *siteTable) noteCaller(seen map[uint64]*company, stack int32) {
	info := &s.stacks[stack]
	c := companyOf(seen, s.owner(stack))
	if int(info.owner)+1 < len(info.frames) {
		caller := s.frames[stack][info.frames[info.owner+1]]
		c.callers = meet(c.callers, caller.functionStart(), helperCallers)
		c.modules = meet(c.modules, caller.module, helperModules)
	}
}

func (s *siteTable) notePartners(seen map[uint64]*company, open, close int32) {
	if int(open) == len(s.stacks) {
		return // another process's
	}
	x, y := s.owner(open), s.owner(close)
	for _, p := range [2][2]stackFrame{{x, y}, {y, x}} {
		c := companyOf(seen, p[0])
		c.partners = meet(c.partners, p[1].functionStart(), helperPartners)
		c.foreign = meet(c.foreign, p[1].module, helperModules)
	}
}
