package report

import (
	"fmt"

	"github.com/handletrace/handletrace/minidump"
)

// InfoDSODebug is the dynamic linker's own list of modules.
type InfoDSODebug struct {
	Version            uint32        `json:"version"`
	Brk                string        `json:"brk"`
	LdBase             string        `json:"ld_base"`
	Dynamic            string        `json:"dynamic"`
	DynamicSectionSize int           `json:"dynamic_section_size"`
	LinkMap            []InfoLinkMap `json:"link_map"`
}

// InfoLinkMap is an entry of it.
type InfoLinkMap struct {
	Addr string `json:"addr"`
	Name string `json:"name"`
	Ld   string `json:"ld"`
}

var linuxDSODebugSection = one[InfoDSODebug]{
	infoPlace: shows("linux_dso_debug", "Dynamic linker", minidump.LinuxDSODebugStream),
	read: func(f *minidump.File) (*InfoDSODebug, error) {
		d, err := f.LinuxDSODebug()
		if err != nil {
			return nil, err
		}
		info := &InfoDSODebug{d.Version, hex(d.Brk), hex(d.LdBase), hex(d.Dynamic), len(d.DynamicSection), []InfoLinkMap{}}
		// The names of a sound dump lie apart, so that they fit in the file.
		budget := f.Size()
		for _, l := range d.LinkMap {
			if budget -= int64(len(l.Name)); budget < 0 {
				l.Name = ""
			}
			info.LinkMap = append(info.LinkMap, InfoLinkMap{hex(l.Addr), l.Name, hex(l.Ld)})
		}
		return info, nil
	},
	set: func(i *Info, d *InfoDSODebug) { i.LinuxDSODebug = d },
	write: func(t *infoText, d *InfoDSODebug) {
		t.field("version", fmt.Sprint(d.Version))
		t.field("break point function", d.Brk)
		t.field("linker", d.LdBase)
		t.field("dynamic section", fmt.Sprintf("%s, %s in the dump", d.Dynamic, count(d.DynamicSectionSize, "byte")))
		table(t, rowsOf(d.LinkMap), []column[InfoLinkMap]{
			number("moved by", func(l *InfoLinkMap) string { return l.Addr }),
			number("dynamic section", func(l *InfoLinkMap) string { return l.Ld }),
			text("name", func(l *InfoLinkMap) string { return l.Name }),
		}, nil)
	},
}
