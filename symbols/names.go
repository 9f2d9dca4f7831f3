package symbols

import "github.com/handletrace/handletrace/callstack"

// name fills in the function of a frame, if an export names it. rva is the
// address that is looked up, which lies before the frame's own.
func (m *image) name(f *Frame, rva uint32) {
	img := m.open()
	if img == nil {
		return
	}
	if begin, _, ok := img.FunctionBounds(rva); ok {
		f.FunctionStart = m.Base + uint64(begin)
	}
	e, _, ok := img.ExportFor(rva)
	if !ok {
		return
	}
	f.Function = e.Name
	if f.Function == "" {
		f.Function = ordinalName(e.Ordinal)
	}
	f.FunctionStart = m.Base + uint64(e.RVA)
	f.Offset = f.Address - f.FunctionStart
	f.Source = callstack.Export
}
