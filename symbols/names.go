package symbols

import (
	"github.com/handletrace/handletrace/callstack"
	"github.com/handletrace/handletrace/symbols/undname"
)

// name fills in the function of a frame, if an export names it. rva is the
// address that is looked up.
func (m *image) name(f *Frame, rva uint32) bool {
	if m.pe == nil {
		return false
	}
	if begin, _, ok := m.pe.FunctionBounds(rva); ok {
		f.FunctionStart = m.Base + uint64(begin)
	}
	e, _, ok := m.pe.ExportFor(rva)
	if !ok || uint64(e.RVA) > f.Address-m.Base {
		// A part of the function that the linker moved before it has no offset.
		return false
	}
	f.Function = undname.PublicName(e.Name, m.x86())
	if f.Function == "" {
		f.Function = ordinalName(e.Ordinal)
	}
	f.FunctionStart = m.Base + uint64(e.RVA)
	f.Offset = f.Address - f.FunctionStart
	f.Source = callstack.Export
	return true
}
