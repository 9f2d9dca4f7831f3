package minidump

import (
	"bytes"
	"strings"
)

// linuxText returns a stream that is a copy of a text file of the system.
func (f *File) linuxText(t StreamType) (string, error) {
	d, err := f.streamData(t)
	if err != nil {
		return "", err
	}
	return validUTF8(bytes.TrimRight(d.Bytes, "\x00")), nil
}

// LinuxCPUInfo returns stream 0x47670003: the text of /proc/cpuinfo.
func (f *File) LinuxCPUInfo() (string, error) { return f.linuxText(LinuxCPUInfoStream) }

// LinuxProcStatus returns stream 0x47670004: the text of /proc/PID/status.
func (f *File) LinuxProcStatus() (string, error) { return f.linuxText(LinuxProcStatusStream) }

// LinuxLSBRelease returns stream 0x47670005: the text of /etc/lsb-release.
func (f *File) LinuxLSBRelease() (string, error) { return f.linuxText(LinuxLSBReleaseStream) }

// LinuxCmdLine returns stream 0x47670006: the arguments of the process, its
// own name first.
func (f *File) LinuxCmdLine() ([]string, error) { return f.linuxStrings(LinuxCmdLineStream) }

// LinuxEnviron returns stream 0x47670007: the environment of the process when
// it began, as NAME=VALUE.
func (f *File) LinuxEnviron() ([]string, error) { return f.linuxStrings(LinuxEnvironStream) }

// plentyOf is how many strings or lines a stream may have whatever its size;
// what is made of each is larger than the shortest that a hostile one has.
const plentyOf = 1 << 16

func (f *File) linuxStrings(t StreamType) ([]string, error) {
	text, err := f.linuxText(t)
	if text == "" || err != nil {
		return nil, err
	}
	there := strings.Count(text, "\x00") + 1
	list := make([]string, 0, min(there, max(len(text)/16, plentyOf)))
	for part := range strings.SplitSeq(text, "\x00") {
		if len(list) == cap(list) {
			f.warn(t, f.offsetOf(t), "%d of %d strings are kept: most are very short", len(list), there)
			break
		}
		list = append(list, part)
	}
	return list, nil
}

// Auxv is an entry of the auxiliary vector that Linux passes to a process.
type Auxv struct {
	Type  uint64 // an AT_ constant
	Value uint64
}

// LinuxAuxv decodes stream 0x47670008, up to its AT_NULL.
func (f *File) LinuxAuxv() ([]Auxv, error) { return once(f, LinuxAuxvStream, f.decodeAuxv) }

func (f *File) decodeAuxv() ([]Auxv, error) {
	s, err := f.section(LinuxAuxvStream)
	if err != nil {
		return nil, err
	}
	c, err := f.cursorOf(s)
	if err != nil {
		return nil, err
	}
	words := wordCursor{c, f.PointerSize()}
	list := make([]Auxv, 0, c.Len()/(2*words.size))
	for {
		a := Auxv{words.word(), words.word()}
		if c.Err() != nil || a.Type == 0 {
			return list, nil
		}
		list = append(list, a)
	}
}
