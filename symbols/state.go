package symbols

// State says what is known of a module's names, in words like WinDbg's.
type State string

// States of a module.
const (
	StateNotAsked   State = "not asked for" // no address in it was looked up
	StateUnloaded   State = "unloaded"
	StateNone       State = "no symbols"
	StatePrivatePDB State = "private PDB"
	StateDWARF      State = "DWARF"
	StateBreakpad   State = "Breakpad symbols"
	StateGo         State = "Go symbol table"
	StateStripped   State = "public symbols only (stripped PDB)"
	StateFastLink   State = "public symbols only (fast-link PDB)"
	StatePublicPDB  State = "public symbols only"
	StateCOFF       State = "COFF symbols"
	StateExports    State = "export symbols only"
	StateBorders    State = "no symbols, borders of functions only"
	StateOther      State = "symbols of another kind" // a source that is no Origin
)

// ModuleStatus says how the names of a module are known.
type ModuleStatus struct {
	Module Module
	State  State  // of the best source that was opened so far
	Path   string // the file that it was read from; empty where it is the process's memory
	// Err says why there is nothing better, where something was looked for in
	// vain: it holds a [*MismatchError] where there is a file of another build.
	Err error
}

// String returns the state and, where there is nothing better for it, why, as
// in "export symbols only: no matching PDB (found age 3, want 2)".
func (s ModuleStatus) String() string {
	text := string(s.State)
	if s.Path != "" {
		text += " (" + s.Path + ")"
	}
	if s.Err != nil {
		text += ": " + s.Err.Error()
	}
	return text
}
