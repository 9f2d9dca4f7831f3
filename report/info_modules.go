package report

import (
	"fmt"

	"github.com/handletrace/handletrace/minidump"
)

// InfoModule is a module of the process.
type InfoModule struct {
	Base           string           `json:"base"`
	Size           uint32           `json:"size"`
	Name           string           `json:"name"`
	Version        string           `json:"version,omitempty"`
	Timestamp      uint32           `json:"timestamp"`
	CheckSum       string           `json:"checksum,omitempty"`
	CodeID         string           `json:"code_id,omitempty"`
	DebugFile      string           `json:"debug_file,omitempty"`
	DebugID        string           `json:"debug_id,omitempty"`
	CodeView       *InfoCodeView    `json:"code_view,omitempty"`
	VersionInfo    *InfoVersionInfo `json:"version_info,omitempty"`
	MiscRecordSize uint32           `json:"misc_record_size,omitempty"`
}

// InfoCodeView is the record that names a module's debug file.
type InfoCodeView struct {
	Kind      string `json:"kind"`
	GUID      string `json:"guid,omitempty"`
	Age       uint32 `json:"age,omitempty"`
	Timestamp uint32 `json:"timestamp,omitempty"`
	BuildID   string `json:"build_id,omitempty"`
}

// InfoVersionInfo is the version resource of a module.
type InfoVersionInfo struct {
	FileVersion    string `json:"file_version,omitempty"`
	ProductVersion string `json:"product_version,omitempty"`
	StrucVersion   string `json:"struc_version"`
	FlagsMask      string `json:"flags_mask"`
	Flags          string `json:"flags"`
	OS             string `json:"os"`
	Type           string `json:"type"`
	Subtype        string `json:"subtype"`
	Date           string `json:"date"`
}

var modulesSection = moduleSection("modules", "Modules", minidump.ModuleListStream,
	(*minidump.File).Modules, func(i *Info, list []InfoModule) { i.Modules = list })

var wineModulesSection = moduleSection("wine_modules", "ELF modules under Wine", minidump.WineModulesStream,
	(*minidump.File).WineModules, func(i *Info, list []InfoModule) { i.WineModules = list })

func moduleSection(key, title string, stream minidump.StreamType,
	modules func(*minidump.File) ([]minidump.Module, error), set func(*Info, []InfoModule)) many[InfoModule] {
	return many[InfoModule]{
		infoPlace: shows(key, title, stream),
		read: func(f *minidump.File) (rows[InfoModule], error) {
			list, err := modules(f)
			return rowsFrom(list, infoModule), err
		},
		set:   set,
		write: func(t *infoText, r rows[InfoModule]) { table(t, r, moduleColumns, moduleDetail(t.all)) },
	}
}

var unloadedModulesSection = many[InfoModule]{
	infoPlace: shows("unloaded_modules", "Unloaded modules", minidump.UnloadedModuleListStream),
	read: func(f *minidump.File) (rows[InfoModule], error) {
		list, err := f.UnloadedModules()
		return rowsFrom(list, func(m *minidump.UnloadedModule) InfoModule {
			return InfoModule{Base: hex(m.BaseOfImage), Size: m.SizeOfImage, Name: m.Name, Timestamp: m.TimeDateStamp, CheckSum: nonZero(m.CheckSum)}
		}), err
	},
	set:   func(i *Info, list []InfoModule) { i.UnloadedModules = list },
	write: func(t *infoText, r rows[InfoModule]) { table(t, r, moduleColumns, moduleDetail(t.all)) },
}

// signatureOfVersion is that of a VS_FIXEDFILEINFO which is there.
const signatureOfVersion = 0xfeef04bd

func infoModule(m *minidump.Module) InfoModule {
	info := InfoModule{
		Base: hex(m.BaseOfImage), Size: m.SizeOfImage, Name: m.Name, Version: m.VersionInfo.FileVersion(),
		Timestamp: m.TimeDateStamp, CheckSum: nonZero(m.CheckSum), CodeID: m.CodeID(), DebugFile: m.DebugFile(),
		DebugID: m.DebugID(), MiscRecordSize: m.MiscRecord.DataSize,
	}
	if cv := m.CodeView; cv != nil {
		info.CodeView = &InfoCodeView{Kind: cv.Signature.String(), Age: cv.Age, Timestamp: cv.TimeDateStamp, BuildID: fmt.Sprintf("%x", cv.BuildID)}
		if !cv.GUID.IsZero() {
			info.CodeView.GUID = cv.GUID.String()
		}
	}
	if v := &m.VersionInfo; v.Signature == signatureOfVersion {
		info.VersionInfo = &InfoVersionInfo{
			FileVersion: v.FileVersion(), ProductVersion: v.ProductVersion(),
			StrucVersion: hex(v.StrucVersion), FlagsMask: hex(v.FileFlagsMask), Flags: hex(v.FileFlags), OS: hex(v.FileOS),
			Type: hex(v.FileType), Subtype: hex(v.FileSubtype), Date: hex(uint64(v.FileDateMS)<<32 | uint64(v.FileDateLS)),
		}
	}
	return info
}

// nonZero returns a number as hex returns it, or nothing for zero.
func nonZero(v uint32) string {
	if v == 0 {
		return ""
	}
	return hex(v)
}

var moduleColumns = []column[InfoModule]{
	number("base", func(m *InfoModule) string { return m.Base }),
	number("size", func(m *InfoModule) string { return fmt.Sprintf("%#x", m.Size) }),
	text("version", func(m *InfoModule) string { return m.Version }),
	text("debug id", func(m *InfoModule) string { return m.DebugID }),
	text("name", func(m *InfoModule) string { return m.Name }),
}

// moduleDetail returns the lines below a module where all is asked for.
func moduleDetail(all bool) func(*InfoModule) []string {
	if !all {
		return nil
	}
	return func(m *InfoModule) []string {
		first := fmt.Sprintf("time stamp %#x", m.Timestamp)
		for _, part := range [][2]string{{", checksum ", m.CheckSum}, {", code id ", m.CodeID}, {", debug file ", m.DebugFile}} {
			if part[1] != "" {
				first += part[0] + part[1]
			}
		}
		list := []string{first}
		if cv := m.CodeView; cv != nil {
			list = append(list, cv.line())
		}
		if v := m.VersionInfo; v != nil {
			list = append(list, fmt.Sprintf("version resource: file %s, product %s, structure %s, flags %s of %s, OS %s, type %s, subtype %s, date %s",
				v.FileVersion, v.ProductVersion, v.StrucVersion, v.Flags, v.FlagsMask, v.OS, v.Type, v.Subtype, v.Date))
		}
		if m.MiscRecordSize != 0 {
			list = append(list, fmt.Sprintf("a misc record of %s", count(int(m.MiscRecordSize), "byte")))
		}
		return list
	}
}

func (c *InfoCodeView) line() string {
	s := "CodeView " + c.Kind
	if c.GUID != "" {
		s += ", GUID " + c.GUID
	}
	if c.Timestamp != 0 {
		s += fmt.Sprintf(", signature %#x", c.Timestamp)
	}
	if c.Age != 0 {
		s += fmt.Sprintf(", age %d", c.Age)
	}
	if c.BuildID != "" {
		s += ", build id " + c.BuildID
	}
	return s
}
