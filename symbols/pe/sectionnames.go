package pe

const coffSymbolSize = 18

// stringTable returns the file offset of the COFF string table, which follows
// the symbols. Only a file has one.
func (m *Image) stringTable() (int64, bool) {
	h := m.headers
	if m.layout != fileLayout || h.pointerToSymbolTable == 0 {
		return 0, false
	}
	return int64(h.pointerToSymbolTable) + int64(h.numberOfSymbols)*coffSymbolSize, true
}

// nameSections replaces the references to the string table in section names.
func (m *Image) nameSections() {
	var names *fileStrings
	for i := range m.sections {
		s := &m.sections[i]
		off, long := longNameOffset(s.Name)
		if !long {
			continue
		}
		if names == nil {
			if names = m.fileStrings(); names == nil {
				return
			}
		}
		if name, ok := names.at(off); ok {
			s.Name = name
		}
	}
}
