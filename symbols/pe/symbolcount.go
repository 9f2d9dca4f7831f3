package pe

// NumberOfSymbols returns how many records the COFF symbol table has as the
// header says, in either layout. The records themselves are in the file alone.
func (m *Image) NumberOfSymbols() uint32 {
	if m.headers.pointerToSymbolTable == 0 {
		return 0
	}
	return m.headers.numberOfSymbols
}
