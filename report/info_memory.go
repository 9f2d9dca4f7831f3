package report

import (
	"fmt"

	"github.com/handletrace/handletrace/minidump"
)

// InfoMemory is a range of the process's memory that is in the dump.
type InfoMemory struct {
	Base string `json:"base"`
	Size uint64 `json:"size"`
}

// InfoMemoryRange is a range and its place in the file.
type InfoMemoryRange struct {
	InfoMemory
	Rva uint64 `json:"rva"`
}

// InfoMemoryLists is how much of the process's memory is in the dump, and in
// which lists.
type InfoMemoryLists struct {
	Ranges       int             `json:"ranges"`
	Bytes        uint64          `json:"bytes"`
	MemoryList   *InfoMemoryList `json:"memory_list,omitempty"`
	Memory64List *InfoMemoryList `json:"memory64_list,omitempty"`
}

// InfoMemoryList is a list of ranges.
type InfoMemoryList struct {
	Ranges  int    `json:"ranges"`
	Bytes   uint64 `json:"bytes"`
	BaseRva uint64 `json:"base_rva,omitempty"`
}

var memoryListsSection = one[InfoMemoryLists]{
	infoPlace: shows("memory_lists", "Memory"),
	read: func(f *minidump.File) (*InfoMemoryLists, error) {
		m, err := f.Memory()
		if err != nil {
			return nil, nil // the ranges' own section tells
		}
		info := &InfoMemoryLists{Ranges: m.Len(), MemoryList: memoryListOf(f), Memory64List: memory64ListOf(f)}
		for r := range m.Ranges() {
			info.Bytes += r.Size
		}
		return info, nil
	},
	set: func(i *Info, l *InfoMemoryLists) { i.MemoryLists = l },
	write: func(t *infoText, l *InfoMemoryLists) {
		t.field("in the dump", fmt.Sprintf("%s, %s", ranges(l.Ranges), size(l.Bytes)))
		if m := l.MemoryList; m != nil {
			t.field("MemoryList", fmt.Sprintf("%s, %s", ranges(m.Ranges), size(m.Bytes)))
		}
		if m := l.Memory64List; m != nil {
			t.field("Memory64List", fmt.Sprintf("%s, %s from offset %#x of the file", ranges(m.Ranges), size(m.Bytes), m.BaseRva))
		}
	},
}

func ranges(n int) string {
	if n == 1 {
		return "1 range"
	}
	return grouped(uint64(n)) + " ranges"
}

func memoryListOf(f *minidump.File) *InfoMemoryList {
	list, err := f.MemoryList()
	if err != nil {
		return nil
	}
	info := &InfoMemoryList{Ranges: len(list)}
	for i := range list {
		info.Bytes += uint64(list[i].Memory.DataSize)
	}
	return info
}

func memory64ListOf(f *minidump.File) *InfoMemoryList {
	list, err := f.Memory64List()
	if err != nil {
		return nil
	}
	info := &InfoMemoryList{Ranges: len(list.Ranges), BaseRva: list.BaseRva}
	for i := range list.Ranges {
		info.Bytes += list.Ranges[i].DataSize
	}
	return info
}

var memorySection = many[InfoMemoryRange]{
	infoPlace: shows("memory", "Memory ranges", minidump.MemoryListStream, minidump.Memory64ListStream),
	read: func(f *minidump.File) (rows[InfoMemoryRange], error) {
		m, err := f.Memory()
		if err != nil {
			return rows[InfoMemoryRange]{}, err
		}
		return rows[InfoMemoryRange]{m.Len(), func(yield func(InfoMemoryRange) bool) {
			for r := range m.Ranges() {
				if !yield(InfoMemoryRange{InfoMemory{hex(r.Start), r.Size}, uint64(r.Offset)}) {
					return
				}
			}
		}}, nil
	},
	set: func(i *Info, list []InfoMemoryRange) { i.Memory = list },
	write: func(t *infoText, r rows[InfoMemoryRange]) {
		table(t, r, []column[InfoMemoryRange]{
			number("base", func(m *InfoMemoryRange) string { return m.Base }),
			number("size", func(m *InfoMemoryRange) string { return fmt.Sprintf("%#x", m.Size) }),
			number("offset", func(m *InfoMemoryRange) string { return hex(m.Rva) }),
		}, nil)
	},
}
