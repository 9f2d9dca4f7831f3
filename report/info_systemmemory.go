package report

import (
	"fmt"
	"slices"

	"github.com/handletrace/handletrace/minidump"
)

// InfoSystemMemory is the memory of the machine when the dump was written. The
// members of its parts are those of the SDK's structures.
type InfoSystemMemory struct {
	Revision         uint16     `json:"revision"`
	Flags            string     `json:"flags"`
	Basic            InfoValues `json:"basic"`
	FileCache        InfoValues `json:"file_cache"`
	BasicPerformance InfoValues `json:"basic_performance,omitempty"`
	Performance      InfoValues `json:"performance"`
}

var systemMemorySection = one[InfoSystemMemory]{
	infoPlace: shows("system_memory", "Memory of the machine", minidump.SystemMemoryInfoStream),
	read: func(f *minidump.File) (*InfoSystemMemory, error) {
		m, err := f.SystemMemoryInfo()
		if err != nil {
			return nil, err
		}
		info := &InfoSystemMemory{
			Revision: m.Revision, Flags: hex(m.Flags),
			Basic:       valuesOf(&m.BasicInfo, systemBasicKind),
			FileCache:   valuesOf(&m.FileCache, fileCacheKind(m.Flags)),
			Performance: valuesOf(&m.Perf, performanceKind(m.Flags)),
		}
		if m.Flags&minidump.SystemMemoryBasicPerformance != 0 {
			info.BasicPerformance = valuesOf(&m.BasicPerf, func(string) valueKind { return plainValue })
		}
		return info, nil
	},
	set: func(i *Info, m *InfoSystemMemory) { i.SystemMemory = m },
	write: func(t *infoText, m *InfoSystemMemory) {
		t.field("revision", fmt.Sprintf("%d, flags %s", m.Revision, m.Flags))
		for _, part := range []struct {
			title  string
			values InfoValues
		}{{"basic", m.Basic}, {"file cache", m.FileCache}, {"basic performance, in pages", m.BasicPerformance}, {"performance", m.Performance}} {
			if len(part.values) > 0 {
				t.sub(part.title, func() { part.values.write(t) })
			}
		}
	},
}

func systemBasicKind(name string) valueKind {
	switch name {
	case "PageSize", "AllocationGranularity":
		return bytesValue
	case "MinimumUserModeAddress", "MaximumUserModeAddress", "ActiveProcessorsAffinityMask":
		return hexValue
	}
	return plainValue
}

func fileCacheKind(flags uint16) func(string) valueKind {
	return func(name string) valueKind {
		switch {
		case name == "CurrentSize", name == "PeakSize":
			return bytesValue
		case name == "Flags":
			return hexValue
		case name == "TransitionRePurposeCount" && flags&minidump.SystemMemoryTransitionRepurposeCount == 0:
			return noValue
		}
		return plainValue
	}
}

// performanceMembers are those that a writer may have left out, by the bit
// that says that they are there.
var performanceMembers = []struct {
	bit   uint16
	names []string
}{
	{minidump.SystemMemoryDirtyPages, []string{"CcTotalDirtyPages", "CcDirtyPageThreshold"}},
	{minidump.SystemMemoryResidentAvailablePages, []string{"ResidentAvailablePages", "SharedCommittedPages"}},
	{minidump.SystemMemoryMdlPagesAllocated, []string{"MdlPagesAllocated", "PfnDatabaseCommittedPages"}},
	{minidump.SystemMemorySystemPageTableCommitPages, []string{"SystemPageTableCommittedPages", "ContiguousPagesAllocated"}},
}

func performanceKind(flags uint16) func(string) valueKind {
	return func(name string) valueKind {
		for _, m := range performanceMembers {
			if flags&m.bit == 0 && slices.Contains(m.names, name) {
				return noValue
			}
		}
		switch name {
		case "IoReadTransferCount", "IoWriteTransferCount", "IoOtherTransferCount":
			return bytesValue
		}
		return plainValue
	}
}
