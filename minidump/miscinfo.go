package minidump

import "fmt"

// Bits of MiscInfo.Flags1: which members the writer filled.
const (
	Misc1ProcessID          uint32 = 0x0001
	Misc1ProcessTimes       uint32 = 0x0002
	Misc1ProcessorPowerInfo uint32 = 0x0004
)

// MiscInfo is a MINIDUMP_MISC_INFO. A member counts only where Flags1 says so
// and the stream is long enough for it.
type MiscInfo struct {
	SizeOfInfo        uint32
	Flags1            uint32
	ProcessID         uint32
	ProcessCreateTime uint32 // seconds since 1970 in UTC
	ProcessUserTime   uint32 // seconds
	ProcessKernelTime uint32 // seconds
}

// HasProcessID reports whether ProcessID was filled.
func (m *MiscInfo) HasProcessID() bool { return m.Flags1&Misc1ProcessID != 0 }

// HasProcessTimes reports whether the three times were filled.
func (m *MiscInfo) HasProcessTimes() bool { return m.Flags1&Misc1ProcessTimes != 0 }

// MiscInfo decodes stream 15.
func (f *File) MiscInfo() (*MiscInfo, error) { return f.miscInfo.get(f.decodeMiscInfo) }

func (f *File) decodeMiscInfo() (*MiscInfo, error) {
	s, err := f.section(MiscInfoStream)
	if err != nil {
		return nil, err
	}
	c, err := f.cursorOf(s)
	if err != nil {
		return nil, err
	}
	m := &MiscInfo{SizeOfInfo: c.Uint32(), Flags1: c.Uint32()}
	if c.Err() != nil {
		return nil, &FormatError{s.stream, s.off, fmt.Sprintf("%d bytes, at least 24 were expected", s.size)}
	}
	m.ProcessID = c.Uint32()
	if c.Err() != nil {
		m.Flags1 &^= Misc1ProcessID
	}
	m.ProcessCreateTime, m.ProcessUserTime, m.ProcessKernelTime = c.Uint32(), c.Uint32(), c.Uint32()
	if c.Err() != nil {
		m.Flags1 &^= Misc1ProcessTimes
	}
	return m, nil
}
