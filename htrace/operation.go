package htrace

import "fmt"

// Kind is what an operation did.
type Kind uint8

// Kinds of operations. Windows records a close only where it succeeded; a
// close or use of a value that is not open is a bad reference.
const (
	KindOpen Kind = iota + 1
	KindClose
	KindBadReference
)

var kindNames = [...]string{KindOpen: "open", KindClose: "close", KindBadReference: "bad-reference"}

// String returns "open", "close" or "bad-reference", as JSON spells it.
func (k Kind) String() string {
	if int(k) < len(kindNames) && kindNames[k] != "" {
		return kindNames[k]
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// Operation is one entry of a handle trace.
type Operation struct {
	Index     int    // its place among the stored entries, from 0
	Handle    uint64 // as it was recorded, with the application's tag bits
	ProcessID uint32 // of who did it; 0 where the trace does not tell
	ThreadID  uint32 // of who did it; 0 where the trace does not tell
	Kind      Kind
	// Stack holds the return addresses, innermost first. It is shared by all
	// operations that have the same.
	Stack []uint64
}

// tagBits are the two low bits of a handle, which Windows ignores and leaves
// to the application.
const tagBits = 3

// Value returns the handle without its tag bits: what identifies it among the
// handles that are open at one time.
func (o *Operation) Value() uint64 { return o.Handle &^ tagBits }

// isPseudo reports whether a value is one of the constants that stand for the
// current process, thread or token. INVALID_HANDLE_VALUE is among them. They
// are no entries of the handle table.
func isPseudo(handle uint64) bool {
	const lowest = 6
	return handle >= -lowest&(1<<64-1) || handle <= 1<<32-1 && handle >= 1<<32-lowest
}
