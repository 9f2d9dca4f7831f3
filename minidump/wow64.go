package minidump

import "fmt"

const (
	// wow64Slot is WOW64_TLS_CPURESERVED: the slot of the 64-bit block that
	// holds the 32-bit processor.
	wow64Slot = 1
	// wow64Context is how far the context is in it, behind two 16-bit
	// numbers.
	wow64Context = 4
)

// WOW64Context decodes the 32-bit registers of a thread of a 32-bit process on
// 64-bit Windows, whose [File.ThreadContext] is that of the 64-bit code
// around it. A process without is [ErrNotWOW64]; memory that the dump does not
// hold is [ErrNotMapped].
func (f *File) WOW64Context(t *Thread) (*ContextX86, error) {
	if _, err := f.wow64TEB(t); err != nil {
		return nil, err
	}
	m, err := f.Memory()
	if err != nil {
		return nil, err
	}
	reserved, err := m.Uint64(t.Teb + layout64.tlsSlots + wow64Slot*8)
	if err != nil {
		return nil, err
	}
	b := make([]byte, contextX86Size)
	if _, err := m.Read(reserved+wow64Context, b); err != nil {
		return nil, fmt.Errorf("minidump: the 32-bit context of thread %d: %w", t.ThreadID, err)
	}
	return decodeContextX86(b, f.order, f).(*ContextX86), nil
}
