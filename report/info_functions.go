package report

import (
	"fmt"

	"github.com/handletrace/handletrace/minidump"
)

// InfoFunctionTables are the unwind tables of code that was made at run time.
type InfoFunctionTables struct {
	DescriptorSize       uint32              `json:"descriptor_size"`
	NativeDescriptorSize uint32              `json:"native_descriptor_size"`
	FunctionEntrySize    uint32              `json:"function_entry_size"`
	Announced            uint32              `json:"announced"`
	Tables               []InfoFunctionTable `json:"tables"`
}

// InfoFunctionTable is one of them.
type InfoFunctionTable struct {
	Minimum string `json:"minimum"`
	Maximum string `json:"maximum"`
	Base    string `json:"base"`
	Entries uint32 `json:"entries"`
}

var functionTablesSection = one[InfoFunctionTables]{
	infoPlace: shows("function_tables", "Function tables", minidump.FunctionTableStream),
	read: func(f *minidump.File) (*InfoFunctionTables, error) {
		s, err := f.FunctionTables()
		if err != nil {
			return nil, err
		}
		info := &InfoFunctionTables{s.SizeOfDescriptor, s.SizeOfNativeDescriptor, s.SizeOfFunctionEntry, s.NumberOfDescriptors, []InfoFunctionTable{}}
		for _, t := range s.All() {
			info.Tables = append(info.Tables, InfoFunctionTable{hex(t.MinimumAddress), hex(t.MaximumAddress), hex(t.BaseAddress), t.EntryCount})
		}
		return info, nil
	},
	set: func(i *Info, v *InfoFunctionTables) { i.FunctionTables = v },
	write: func(t *infoText, v *InfoFunctionTables) {
		t.field("tables", fmt.Sprintf("%d of %d", len(v.Tables), v.Announced))
		t.field("sizes", fmt.Sprintf("descriptor %d, of the system %d, entry %d", v.DescriptorSize, v.NativeDescriptorSize, v.FunctionEntrySize))
		table(t, rowsOf(v.Tables), []column[InfoFunctionTable]{
			number("from", func(f *InfoFunctionTable) string { return f.Minimum }),
			number("to", func(f *InfoFunctionTable) string { return f.Maximum }),
			number("base", func(f *InfoFunctionTable) string { return f.Base }),
			number("entries", func(f *InfoFunctionTable) string { return fmt.Sprint(f.Entries) }),
		}, nil)
	},
}
