package pdb

// Kind says what a name was taken from.
type Kind uint8

const (
	// KindNone: there is a source line but no name.
	KindNone Kind = iota
	// KindProcedure: a procedure record, S_LPROC32 or S_GPROC32 in one of
	// their forms. The name is as the compiler wrote it, not decorated.
	KindProcedure
	// KindInline: an inlined function, named by the IPI stream.
	KindInline
	// KindThunk: S_THUNK32, a piece of code that only goes on elsewhere, such
	// as an import thunk or an adjustor.
	KindThunk
	// KindTrampoline: S_TRAMPOLINE, a jump in the table of an incremental
	// link. It is named ILT+n(target), n being bytes from the table's start.
	KindTrampoline
	// KindSeparated: S_SEPCODE, code that was moved away from its procedure.
	// It has the procedure's name.
	KindSeparated
	// KindPublic: the nearest public symbol before the address in the same
	// section contribution. The name is decorated.
	KindPublic
)

var kindNames = [...]string{
	KindNone:       "none",
	KindProcedure:  "procedure",
	KindInline:     "inline",
	KindThunk:      "thunk",
	KindTrampoline: "trampoline",
	KindSeparated:  "separated",
	KindPublic:     "public",
}

// String returns the kind's name in lower case.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// Frame is one function at an address: the one whose code is there, or one
// that was inlined into it.
type Frame struct {
	Function string // as stored; empty if it has no name
	File     string // as the compiler wrote it; empty if unknown
	Line     uint32 // from 1; 0 if unknown
	Offset   uint32 // bytes from the function's start; outermost frame only
	Inlined  bool
	Kind     Kind
	// Aliases are other names of the same code, at most 16: functions that
	// the linker folded into one (/OPT:ICF), or several publics of one address.
	// The first record in the file gives Function. Do not change the slice.
	Aliases []string
}
