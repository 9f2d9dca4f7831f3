package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/handletrace/handletrace/minidump"
)

// InfoMemoryInfo is a region of equal pages, in the dump or not.
type InfoMemoryInfo struct {
	Base              string `json:"base"`
	Size              uint64 `json:"size"`
	State             string `json:"state"`
	Type              string `json:"type"`
	Protect           string `json:"protect"`
	AllocationBase    string `json:"allocation_base"`
	AllocationProtect string `json:"allocation_protect"`
}

var memoryInfoSection = many[InfoMemoryInfo]{
	infoPlace: shows("memory_info", "Memory regions", minidump.MemoryInfoListStream),
	read: func(f *minidump.File) (rows[InfoMemoryInfo], error) {
		list, err := f.MemoryInfoList()
		return rowsFrom(list, func(m *minidump.MemoryInfo) InfoMemoryInfo {
			return InfoMemoryInfo{hex(m.BaseAddress), m.RegionSize, m.State.String(), m.Type.String(), m.Protect.String(),
				hex(m.AllocationBase), m.AllocationProtect.String()}
		}), err
	},
	set: func(i *Info, list []InfoMemoryInfo) { i.MemoryInfo = list },
	write: func(t *infoText, r rows[InfoMemoryInfo]) {
		table(t, rowsOf(memoryUse(r)), memoryUseColumns, nil)
		if !t.all {
			t.line("--all shows every region")
			return
		}
		t.sub("each region", func() { table(t, r, memoryInfoColumns, nil) })
	},
}

// memoryKind is what the summary counts by.
type memoryKind struct{ state, kind, protect string }

type memoryTotal struct {
	memoryKind
	regions int
	bytes   uint64
}

// memoryUse sums the regions up, the most used kind first.
func memoryUse(r rows[InfoMemoryInfo]) []memoryTotal {
	index := map[memoryKind]int{}
	var list []memoryTotal
	for m := range r.all {
		k := memoryKind{m.State, m.Type, m.Protect}
		i, ok := index[k]
		if !ok {
			i = len(list)
			index[k] = i
			list = append(list, memoryTotal{memoryKind: k})
		}
		list[i].regions++
		list[i].bytes += m.Size
	}
	slices.SortStableFunc(list, func(a, b memoryTotal) int {
		if c := strings.Compare(a.state, b.state); c != 0 {
			return c
		}
		return cmp.Compare(b.bytes, a.bytes)
	})
	return list
}

var memoryUseColumns = []column[memoryTotal]{
	text("state", func(m *memoryTotal) string { return m.state }),
	text("type", func(m *memoryTotal) string { return m.kind }),
	text("protection", func(m *memoryTotal) string { return m.protect }),
	number("regions", func(m *memoryTotal) string { return grouped(uint64(m.regions)) }),
	text("size", func(m *memoryTotal) string { return size(m.bytes) }),
}

var memoryInfoColumns = []column[InfoMemoryInfo]{
	number("base", func(m *InfoMemoryInfo) string { return m.Base }),
	number("size", func(m *InfoMemoryInfo) string { return fmt.Sprintf("%#x", m.Size) }),
	text("state", func(m *InfoMemoryInfo) string { return m.State }),
	text("type", func(m *InfoMemoryInfo) string { return m.Type }),
	text("protection", func(m *InfoMemoryInfo) string { return m.Protect }),
	number("allocation", func(m *InfoMemoryInfo) string { return m.AllocationBase }),
	text("at first", func(m *InfoMemoryInfo) string { return m.AllocationProtect }),
}
