package report

import (
	"fmt"

	"github.com/handletrace/handletrace/minidump"
)

// InfoAuxv is an entry of the auxiliary vector.
type InfoAuxv struct {
	Type  uint64 `json:"type"`
	Name  string `json:"name,omitempty"`
	Value string `json:"value"`
}

// auxvNames are the AT_ constants of elf.h.
var auxvNames = map[uint64]string{
	1: "AT_IGNORE", 2: "AT_EXECFD", 3: "AT_PHDR", 4: "AT_PHENT", 5: "AT_PHNUM", 6: "AT_PAGESZ", 7: "AT_BASE", 8: "AT_FLAGS",
	9: "AT_ENTRY", 10: "AT_NOTELF", 11: "AT_UID", 12: "AT_EUID", 13: "AT_GID", 14: "AT_EGID", 15: "AT_PLATFORM", 16: "AT_HWCAP",
	17: "AT_CLKTCK", 23: "AT_SECURE", 24: "AT_BASE_PLATFORM", 25: "AT_RANDOM", 26: "AT_HWCAP2", 27: "AT_RSEQ_FEATURE_SIZE",
	28: "AT_RSEQ_ALIGN", 31: "AT_EXECFN", 32: "AT_SYSINFO", 33: "AT_SYSINFO_EHDR", 51: "AT_MINSIGSTKSZ",
}

var linuxAuxvSection = many[InfoAuxv]{
	infoPlace: shows("linux_auxv", "Auxiliary vector", minidump.LinuxAuxvStream),
	read: func(f *minidump.File) (rows[InfoAuxv], error) {
		list, err := f.LinuxAuxv()
		return rowsFrom(list, func(a *minidump.Auxv) InfoAuxv { return InfoAuxv{a.Type, auxvNames[a.Type], hex(a.Value)} }), err
	},
	set: func(i *Info, list []InfoAuxv) { i.LinuxAuxv = list },
	write: func(t *infoText, r rows[InfoAuxv]) {
		table(t, r, []column[InfoAuxv]{
			number("type", func(a *InfoAuxv) string { return fmt.Sprint(a.Type) }),
			text("name", func(a *InfoAuxv) string { return a.Name }),
			number("value", func(a *InfoAuxv) string { return a.Value }),
		}, nil)
	},
}

// InfoLinuxMap is a line of /proc/PID/maps.
type InfoLinuxMap struct {
	Start       string `json:"start"`
	End         string `json:"end"`
	Permissions string `json:"permissions"`
	Offset      string `json:"offset"`
	Device      string `json:"device"`
	Inode       uint64 `json:"inode"`
	Path        string `json:"path,omitempty"`
}

var linuxMapsSection = many[InfoLinuxMap]{
	infoPlace: shows("linux_maps", "/proc/PID/maps", minidump.LinuxMapsStream),
	read: func(f *minidump.File) (rows[InfoLinuxMap], error) {
		list, err := f.LinuxMaps()
		return rowsFrom(list, func(m *minidump.LinuxMap) InfoLinuxMap {
			return InfoLinuxMap{hex(m.Start), hex(m.End), m.Permissions, hex(m.Offset), m.Device, m.Inode, m.Path}
		}), err
	},
	set: func(i *Info, list []InfoLinuxMap) { i.LinuxMaps = list },
	write: func(t *infoText, r rows[InfoLinuxMap]) {
		table(t, r, []column[InfoLinuxMap]{
			number("start", func(m *InfoLinuxMap) string { return m.Start }),
			number("end", func(m *InfoLinuxMap) string { return m.End }),
			text("access", func(m *InfoLinuxMap) string { return m.Permissions }),
			number("offset", func(m *InfoLinuxMap) string { return m.Offset }),
			text("device", func(m *InfoLinuxMap) string { return m.Device }),
			number("inode", func(m *InfoLinuxMap) string { return fmt.Sprint(m.Inode) }),
			text("path", func(m *InfoLinuxMap) string { return m.Path }),
		}, nil)
	},
}
