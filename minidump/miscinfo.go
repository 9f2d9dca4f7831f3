package minidump

import (
	"fmt"
	"time"
)

// Bits of MiscInfo.Flags1: which members the writer filled.
const (
	Misc1ProcessID           uint32 = 0x0001
	Misc1ProcessTimes        uint32 = 0x0002
	Misc1ProcessorPowerInfo  uint32 = 0x0004
	Misc3ProcessIntegrity    uint32 = 0x0010
	Misc3ProcessExecuteFlags uint32 = 0x0020
	Misc3Timezone            uint32 = 0x0040
	Misc3ProtectedProcess    uint32 = 0x0080
	Misc4BuildString         uint32 = 0x0100
	Misc5ProcessCookie       uint32 = 0x0200
)

// MiscInfo is a MINIDUMP_MISC_INFO_5 or one of its shorter predecessors. A
// member counts only where Flags1 says so: bits of members that lie beyond the
// end of the stream are cleared.
type MiscInfo struct {
	SizeOfInfo        uint32 // bytes, as the file says
	Flags1            uint32
	ProcessID         uint32
	ProcessCreateTime uint32 // seconds since 1970 in UTC
	ProcessUserTime   uint32 // seconds
	ProcessKernelTime uint32 // seconds

	ProcessorMaxMhz           uint32
	ProcessorCurrentMhz       uint32
	ProcessorMhzLimit         uint32
	ProcessorMaxIdleState     uint32
	ProcessorCurrentIdleState uint32
	ProcessIntegrityLevel     uint32 // the RID of a mandatory label: 0x2000 is medium
	ProcessExecuteFlags       uint32 // MEM_EXECUTE_OPTION bits
	ProtectedProcess          uint32
	TimeZoneID                uint32 // 0 unknown, 1 standard, 2 daylight time
	TimeZone                  TimeZone
	BuildString               string // of the system
	DbgBldStr                 string // of the writer: dbghelp's or Crashpad's version
	XStateData                XStateConfig
	ProcessCookie             uint32
}

// XStateConfig is an XSTATE_CONFIG_FEATURE_MSC_INFO: the extended state that
// contexts of this dump may hold.
type XStateConfig struct {
	SizeOfInfo      uint32 // zero where the dump has none
	ContextSize     uint32 // of a context with all of it, in bytes
	EnabledFeatures uint64 // bit n: Features[n] is there
	Features        [64]XStateFeature
}

// XStateFeature is the place of one feature in the XSAVE area that is not
// compacted.
type XStateFeature struct {
	Offset uint32
	Size   uint32
}

// rawMiscInfo is MINIDUMP_MISC_INFO_5 as the file has it.
type rawMiscInfo struct {
	SizeOfInfo, Flags1, ProcessID uint32
	Create, User, Kernel          uint32
	Power                         [5]uint32
	Integrity, Execute, Protected uint32
	TimeZoneID                    uint32
	TimeZone                      rawTimeZone
	BuildString                   [260]uint16
	DbgBldStr                     [40]uint16
	XState                        XStateConfig
	Cookie                        uint32
}

// miscMembers tell up to which byte a bit of Flags1 needs the stream.
var miscMembers = []struct {
	flag uint32
	end  int64
}{
	{Misc1ProcessID, 12},
	{Misc1ProcessTimes, 24},
	{Misc1ProcessorPowerInfo, 44},
	{Misc3ProcessIntegrity, 48},
	{Misc3ProcessExecuteFlags, 52},
	{Misc3ProtectedProcess, 56},
	{Misc3Timezone, 232},
	{Misc4BuildString, 832},
	{Misc5ProcessCookie, 1364},
}

// HasProcessID reports whether ProcessID was filled.
func (m *MiscInfo) HasProcessID() bool { return m.Flags1&Misc1ProcessID != 0 }

// HasProcessTimes reports whether the three times were filled.
func (m *MiscInfo) HasProcessTimes() bool { return m.Flags1&Misc1ProcessTimes != 0 }

// HasBuildString reports whether BuildString and DbgBldStr were filled.
func (m *MiscInfo) HasBuildString() bool { return m.Flags1&Misc4BuildString != 0 }

// HasTimeZone reports whether TimeZoneID and TimeZone were filled.
func (m *MiscInfo) HasTimeZone() bool { return m.Flags1&Misc3Timezone != 0 }

// CreateTime returns when the process began, or the zero Time.
func (m *MiscInfo) CreateTime() time.Time {
	if !m.HasProcessTimes() {
		return time.Time{}
	}
	return time.Unix(int64(m.ProcessCreateTime), 0).UTC()
}

// MiscInfo decodes stream 15.
func (f *File) MiscInfo() (*MiscInfo, error) { return f.miscInfo.get(f.decodeMiscInfo) }

func (f *File) decodeMiscInfo() (*MiscInfo, error) {
	var r rawMiscInfo
	size, err := f.structStream(MiscInfoStream, &r, 8)
	if err != nil {
		return nil, err
	}
	// Breakpad on macOS announces its own size; the stream is what counts.
	if r.SizeOfInfo >= 8 {
		size = min(size, int64(r.SizeOfInfo))
	}
	m := r.info(f)
	for _, member := range miscMembers {
		if size < member.end {
			m.Flags1 &^= member.flag
		}
	}
	return m, nil
}

func (r *rawMiscInfo) info(f *File) *MiscInfo {
	return &MiscInfo{
		SizeOfInfo: r.SizeOfInfo, Flags1: r.Flags1, ProcessID: r.ProcessID,
		ProcessCreateTime: r.Create, ProcessUserTime: r.User, ProcessKernelTime: r.Kernel,
		ProcessorMaxMhz: r.Power[0], ProcessorCurrentMhz: r.Power[1], ProcessorMhzLimit: r.Power[2],
		ProcessorMaxIdleState: r.Power[3], ProcessorCurrentIdleState: r.Power[4],
		ProcessIntegrityLevel: r.Integrity, ProcessExecuteFlags: r.Execute, ProtectedProcess: r.Protected,
		TimeZoneID: r.TimeZoneID, TimeZone: r.TimeZone.zone(),
		BuildString: decodeUnits(r.BuildString[:]), DbgBldStr: decodeUnits(r.DbgBldStr[:]),
		XStateData: r.XState, ProcessCookie: r.Cookie,
	}
}

// ProcessID returns the id of the dumped process, or false where the dump does
// not tell.
func (f *File) ProcessID() (uint32, bool) {
	m, err := f.MiscInfo()
	if err != nil || !m.HasProcessID() {
		return 0, false
	}
	return m.ProcessID, true
}

// integrityNames are the well-known mandatory labels.
var integrityNames = map[uint32]string{
	0x0000: "Untrusted", 0x1000: "Low", 0x2000: "Medium", 0x2100: "Medium plus",
	0x3000: "High", 0x4000: "System", 0x5000: "Protected process",
}

// IntegrityLevel returns the name of ProcessIntegrityLevel, or nothing where
// it was not filled.
func (m *MiscInfo) IntegrityLevel() string {
	if m.Flags1&Misc3ProcessIntegrity == 0 {
		return ""
	}
	if s, ok := integrityNames[m.ProcessIntegrityLevel]; ok {
		return s
	}
	return fmt.Sprintf("%#x", m.ProcessIntegrityLevel)
}
