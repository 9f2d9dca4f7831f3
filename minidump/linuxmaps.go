package minidump

import (
	"strconv"
	"strings"
)

// LinuxMap is a line of /proc/PID/maps.
type LinuxMap struct {
	Start       uint64
	End         uint64 // the first address behind it
	Permissions string // such as r-xp
	Offset      uint64 // in the file
	Device      string // major:minor
	Inode       uint64
	Path        string // may be empty
}

// LinuxMaps decodes stream 0x47670009. A line that is none is left out, with a
// warning.
func (f *File) LinuxMaps() ([]LinuxMap, error) { return once(f, LinuxMapsStream, f.decodeLinuxMaps) }

func (f *File) decodeLinuxMaps() ([]LinuxMap, error) {
	text, err := f.linuxText(LinuxMapsStream)
	if err != nil {
		return nil, err
	}
	lines := strings.Count(text, "\n") + 1
	maps := make([]LinuxMap, 0, min(lines, max(len(text)/64, plentyOf)))
	at := f.offsetOf(LinuxMapsStream)
	for line := range strings.Lines(text) {
		if len(maps) == cap(maps) {
			f.warn(LinuxMapsStream, at, "%d of %d lines are kept: most are too short", len(maps), lines)
			break
		}
		if m, ok := parseLinuxMap(strings.TrimRight(line, "\r\n")); ok {
			maps = append(maps, m)
		} else if strings.TrimSpace(line) != "" {
			f.warn(LinuxMapsStream, at, "a line is left out: %.100q", line)
		}
		at += int64(len(line))
	}
	return maps, nil
}

func parseLinuxMap(line string) (m LinuxMap, ok bool) {
	var fields [5]string
	rest := line
	for i := range fields {
		fields[i], rest, _ = strings.Cut(strings.TrimLeft(rest, " \t"), " ")
	}
	start, end, _ := strings.Cut(fields[0], "-")
	numbers := []struct {
		text string
		base int
		to   *uint64
	}{{start, 16, &m.Start}, {end, 16, &m.End}, {fields[2], 16, &m.Offset}, {fields[4], 10, &m.Inode}}
	for _, n := range numbers {
		v, err := strconv.ParseUint(n.text, n.base, 64)
		if err != nil {
			return m, false
		}
		*n.to = v
	}
	m.Permissions, m.Device = fields[1], fields[3]
	m.Path = strings.TrimSpace(rest)
	return m, m.Start <= m.End && len(m.Permissions) == 4
}
