package minidumptest

import (
	"github.com/handletrace/handletrace/minidump"
)

// SystemInfo is what a SystemInfo stream says.
type SystemInfo struct {
	Architecture minidump.ProcessorArchitecture
	Level        uint16
	Revision     uint16
	Processors   uint8
	ProductType  uint8
	Major, Minor uint32
	Build        uint32
	Platform     minidump.Platform
	CSDVersion   string
	SuiteMask    uint16
	CPU          [6]uint32 // CPU_INFORMATION
}

// AddSystemInfo sets stream 7.
func (b *Builder) AddSystemInfo(s SystemInfo) {
	b.replace(minidump.SystemInfoStream, func() []any {
		return []any{uint16(s.Architecture), s.Level, s.Revision, s.Processors, s.ProductType,
			s.Major, s.Minor, s.Build, uint32(s.Platform), String(s.CSDVersion), s.SuiteMask, uint16(0), s.CPU}
	})
}

// Module is an entry of ModuleList.
type Module struct {
	Base          uint64
	Size          uint32
	CheckSum      uint32
	TimeDateStamp uint32
	Name          string
	NameRVA       any // instead of Name: uint32(0) for none, [RVA] of any bytes
	Version       minidump.FixedFileInfo
	CodeView      *minidump.CodeView // written in the file's byte order
	RawCodeView   []byte             // instead of CodeView
	Misc          []byte
}

// AddModule appends an entry to stream 4.
func (b *Builder) AddModule(m Module) {
	b.modules = append(b.modules, m)
	b.replace(minidump.ModuleListStream, func() []any {
		var entries []any
		for i := range b.modules {
			entries = append(entries, b.modules[i].parts())
		}
		return b.list(minidump.ModuleListStream, len(b.modules), entries)
	})
}

func (m *Module) parts() []any {
	name := m.NameRVA
	if name == nil {
		name = String(m.Name)
	}
	return []any{m.Base, m.Size, m.CheckSum, m.TimeDateStamp, name, m.Version,
		m.codeView(), orNone(m.Misc), [2]uint64{}}
}

func (m *Module) codeView() any {
	switch {
	case m.RawCodeView != nil:
		return Location(m.RawCodeView)
	case m.CodeView == nil:
		return uint64(0)
	}
	cv := m.CodeView
	switch cv.Signature {
	case minidump.CodeViewRSDS:
		return Location(uint32(cv.Signature), cv.GUID, cv.Age, cv.PdbFileName, []byte{0})
	case minidump.CodeViewNB10:
		return Location(uint32(cv.Signature), uint32(0), cv.TimeDateStamp, cv.Age, cv.PdbFileName, []byte{0})
	}
	return Location(uint32(cv.Signature), cv.BuildID)
}

// RSDS returns the record of a PDB 7.0.
func RSDS(guid minidump.GUID, age uint32, pdb string) *minidump.CodeView {
	return &minidump.CodeView{Signature: minidump.CodeViewRSDS, GUID: guid, Age: age, PdbFileName: pdb}
}

// orNone is a location, or an empty one.
func orNone(data []byte) any {
	if data == nil {
		return uint64(0)
	}
	return Location(data)
}

// UnloadedModule is an entry of UnloadedModuleList.
type UnloadedModule struct {
	Base          uint64
	Size          uint32
	CheckSum      uint32
	TimeDateStamp uint32
	Name          string
}

// AddUnloadedModules adds stream 14.
func (b *Builder) AddUnloadedModules(modules ...UnloadedModule) {
	t := minidump.UnloadedModuleListStream
	b.replace(t, func() []any {
		parts := b.exHeader(t, 12, 24, len(modules), false)
		for _, m := range modules {
			parts = append(parts, m.Base, m.Size, m.CheckSum, m.TimeDateStamp, String(m.Name))
		}
		return append(parts, b.Faults.Slack[t])
	})
}

// exHeader begins a list of the newer form.
func (b *Builder) exHeader(t minidump.StreamType, header, entry, count int, count64 bool) []any {
	n := b.count(t, count)
	parts := []any{valueOr(b.Faults.SizeOfHeader, t, uint32(header)), valueOr(b.Faults.SizeOfEntry, t, uint32(entry))}
	if count64 {
		return append(parts, n, b.Faults.Padding[t])
	}
	return append(parts, uint32(n), b.Faults.Padding[t])
}

// Thread is an entry of ThreadList.
type Thread struct {
	ID            uint32
	SuspendCount  uint32
	PriorityClass uint32
	Priority      uint32
	Teb           uint64
	StackBase     uint64
	Stack         []byte
	// StackSize is announced, with an Rva of zero, where Stack is nil: the
	// bytes are in a memory list.
	StackSize uint32
	Context   []byte
}

// AddThread appends an entry to stream 3.
func (b *Builder) AddThread(t Thread) {
	b.threads = append(b.threads, t)
	b.replace(minidump.ThreadListStream, func() []any {
		var entries []any
		for _, t := range b.threads {
			stack := any([2]uint32{t.StackSize, 0})
			if t.Stack != nil {
				stack = Location(t.Stack)
			}
			entries = append(entries, t.ID, t.SuspendCount, t.PriorityClass, t.Priority, t.Teb, t.StackBase, stack, orNone(t.Context))
		}
		return b.list(minidump.ThreadListStream, len(b.threads), entries)
	})
}

// ThreadName is an entry of ThreadNames.
type ThreadName struct {
	ID   uint32
	Name string
}

// AddThreadNames adds stream 24.
func (b *Builder) AddThreadNames(names ...ThreadName) {
	b.replace(minidump.ThreadNamesStream, func() []any {
		var entries []any
		for _, n := range names {
			entries = append(entries, n.ID, String64(n.Name))
		}
		return b.list(minidump.ThreadNamesStream, len(names), entries)
	})
}

// AddMiscInfo sets stream 15, in its first form, to a process id.
func (b *Builder) AddMiscInfo(processID uint32) {
	b.replace(minidump.MiscInfoStream, func() []any {
		return []any{uint32(24), minidump.Misc1ProcessID, processID, uint32(0), uint32(0), uint32(0)}
	})
}

// Exception is what an Exception stream says.
type Exception struct {
	ThreadID    uint32
	Code        uint32
	Flags       uint32
	Record      uint64
	Address     uint64
	Information []uint64 // at most 15
	// NumberParameters is announced where it is not nil.
	NumberParameters *uint32
	Context          []byte
}

// AddException adds a stream 6; a dump may have several.
func (b *Builder) AddException(e Exception) {
	var information [minidump.ExceptionMaximumParameters]uint64
	number := uint32(copy(information[:], e.Information))
	if e.NumberParameters != nil {
		number = *e.NumberParameters
	}
	b.Add(minidump.ExceptionStream, e.ThreadID, uint32(0), e.Code, e.Flags, e.Record, e.Address,
		number, uint32(0), information, orNone(e.Context))
}
