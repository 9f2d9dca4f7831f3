package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/handletrace/handletrace/minidump"
)

// InfoHandle is a handle that was open.
type InfoHandle struct {
	Handle string `json:"handle"`
	Type   string `json:"type"`
	Name   string `json:"name"`
	Access string `json:"access"`
	Count  uint32 `json:"count"`
}

// InfoHandleDetail is a handle and all else that is known of it.
type InfoHandleDetail struct {
	InfoHandle
	Attributes   string       `json:"attributes"`
	PointerCount uint32       `json:"pointer_count"`
	Objects      []InfoObject `json:"object_information,omitempty"`
}

// InfoHandleData is the table of handles as a whole.
type InfoHandleData struct {
	DescriptorSize uint32           `json:"descriptor_size"`
	Announced      uint32           `json:"announced"`
	Types          []InfoHandleType `json:"types"`
}

// InfoHandleType is how many handles of a type were open.
type InfoHandleType struct {
	Type  string `json:"type"`
	Count int    `json:"count"`
}

var handleDataSection = one[InfoHandleData]{
	infoPlace: shows("handle_data", "Handle table"),
	read: func(f *minidump.File) (*InfoHandleData, error) {
		data, err := f.HandleData()
		if err != nil {
			return nil, nil // the handles' own section tells
		}
		info := &InfoHandleData{data.SizeOfDescriptor, data.NumberOfDescriptors, []InfoHandleType{}}
		counts := map[string]int{}
		for _, d := range data.All() {
			counts[d.TypeName]++
		}
		for name, n := range counts {
			info.Types = append(info.Types, InfoHandleType{name, n})
		}
		slices.SortFunc(info.Types, func(a, b InfoHandleType) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Type, b.Type))
		})
		return info, nil
	},
	set: func(i *Info, d *InfoHandleData) { i.HandleData = d },
	write: func(t *infoText, d *InfoHandleData) {
		t.field("handles", fmt.Sprintf("%s announced, descriptors of %s", grouped(uint64(d.Announced)), count(int(d.DescriptorSize), "byte")))
		table(t, rowsOf(d.Types), []column[InfoHandleType]{
			text("type", func(h *InfoHandleType) string { return cmp.Or(h.Type, "(none)") }),
			number("handles", func(h *InfoHandleType) string { return grouped(uint64(h.Count)) }),
		}, nil)
	},
}

var handlesSection = many[InfoHandleDetail]{
	infoPlace: shows("handles", "Handles", minidump.HandleDataStream),
	read: func(f *minidump.File) (rows[InfoHandleDetail], error) {
		data, err := f.HandleData()
		if err != nil {
			return rows[InfoHandleDetail]{}, err
		}
		return rows[InfoHandleDetail]{data.Len(), func(yield func(InfoHandleDetail) bool) {
			for _, d := range data.All() {
				if !yield(infoHandle(data, &d)) {
					return
				}
			}
		}}, nil
	},
	set: func(i *Info, list []InfoHandleDetail) { i.Handles = list },
	write: func(t *infoText, r rows[InfoHandleDetail]) {
		table(t, r, []column[InfoHandleDetail]{
			number("handle", func(h *InfoHandleDetail) string { return h.Handle }),
			text("type", func(h *InfoHandleDetail) string { return h.Type }),
			number("access", func(h *InfoHandleDetail) string { return h.Access }),
			number("attributes", func(h *InfoHandleDetail) string { return h.Attributes }),
			number("handles", func(h *InfoHandleDetail) string { return fmt.Sprint(h.Count) }),
			number("pointers", func(h *InfoHandleDetail) string { return fmt.Sprint(h.PointerCount) }),
			text("name", func(h *InfoHandleDetail) string { return h.Name }),
		}, func(h *InfoHandleDetail) []string {
			var list []string
			for i := range h.Objects {
				list = append(list, h.Objects[i].line())
			}
			return list
		})
	},
}

func infoHandle(data *minidump.HandleData, d *minidump.HandleDescriptor) InfoHandleDetail {
	info := InfoHandleDetail{
		InfoHandle: InfoHandle{hex(d.Handle), d.TypeName, d.ObjectName, hex(d.GrantedAccess), d.HandleCount},
		Attributes: hex(d.Attributes), PointerCount: d.PointerCount,
	}
	if d.ObjectInfoRva == 0 {
		return info
	}
	for _, o := range data.ObjectInformation(*d) {
		info.Objects = append(info.Objects, infoObject(&o))
	}
	return info
}
