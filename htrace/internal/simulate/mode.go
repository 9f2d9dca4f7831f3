package simulate

// Mode is a kind of trace to generate.
type Mode struct {
	// Name is the name of the mode, as Generate and tables use it.
	Name string

	faults  []string // to inject
	several int      // how many random faults to inject besides
	tune    func(*setting)
}

// setting is all that is random about a case beside its programs.
type setting struct {
	config
	naming    naming
	newest    bool // the newest operation is stored first
	tellOrder bool // the analyser is told the order
	giveTable bool // the analyser has the handle table at the end
	ring      int  // operations that the ring keeps, 0 for all
	second    bool // another process's operations are mixed in
}

// Modes returns all modes: healthy ones, one for each fault, and mixtures.
func Modes() []Mode {
	modes := []Mode{
		{Name: "healthy"},
		{Name: "healthy/small", tune: func(s *setting) { s.size = 50 + s.size%150 }},
		{Name: "healthy/large", tune: func(s *setting) { s.size = 8000 + s.size%12000 }},
		{Name: "healthy/ring", tune: func(s *setting) { s.ring = s.size / 2 }},
		{Name: "healthy/two-processes", tune: func(s *setting) { s.second = true }},
		{Name: "healthy/quick-reuse", tune: func(s *setting) { s.policy, s.free = lastFreed, 0 }},
	}
	for _, f := range faults {
		modes = append(modes, Mode{Name: f.name, faults: []string{f.name}})
	}
	return append(modes,
		Mode{
			Name: "double-close/recorded-as-close", faults: []string{"double-close/same-site"},
			tune: func(s *setting) { s.closesTwice = true },
		},
		Mode{Name: "several", several: 3},
		Mode{Name: "two-processes", several: 1, tune: func(s *setting) { s.second = true }},
	)
}

// ModeNamed returns the mode of a name. It is false where there is none.
func ModeNamed(name string) (Mode, bool) {
	for _, m := range Modes() {
		if m.Name == name {
			return m, true
		}
	}
	return Mode{}, false
}
