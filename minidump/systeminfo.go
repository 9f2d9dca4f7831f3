package minidump

import (
	"fmt"

	"github.com/handletrace/handletrace/internal/cursor"
)

// ProcessorArchitecture is a PROCESSOR_ARCHITECTURE value of SYSTEM_INFO.
type ProcessorArchitecture uint16

// Processor architectures of the Windows SDK, and those that Breakpad added.
const (
	ProcessorArchitectureIntel        ProcessorArchitecture = 0
	ProcessorArchitectureMIPS         ProcessorArchitecture = 1
	ProcessorArchitectureAlpha        ProcessorArchitecture = 2
	ProcessorArchitecturePPC          ProcessorArchitecture = 3
	ProcessorArchitectureSHX          ProcessorArchitecture = 4
	ProcessorArchitectureARM          ProcessorArchitecture = 5
	ProcessorArchitectureIA64         ProcessorArchitecture = 6
	ProcessorArchitectureAlpha64      ProcessorArchitecture = 7
	ProcessorArchitectureMSIL         ProcessorArchitecture = 8
	ProcessorArchitectureAMD64        ProcessorArchitecture = 9
	ProcessorArchitectureIA32OnWin64  ProcessorArchitecture = 10
	ProcessorArchitectureNeutral      ProcessorArchitecture = 11
	ProcessorArchitectureARM64        ProcessorArchitecture = 12
	ProcessorArchitectureARM32OnWin64 ProcessorArchitecture = 13
	ProcessorArchitectureIA32OnARM64  ProcessorArchitecture = 14
	ProcessorArchitectureSPARC        ProcessorArchitecture = 0x8001
	ProcessorArchitecturePPC64        ProcessorArchitecture = 0x8002
	ProcessorArchitectureARM64Old     ProcessorArchitecture = 0x8003
	ProcessorArchitectureMIPS64       ProcessorArchitecture = 0x8004
	ProcessorArchitectureRISCV        ProcessorArchitecture = 0x8005
	ProcessorArchitectureRISCV64      ProcessorArchitecture = 0x8006
	ProcessorArchitectureUnknown      ProcessorArchitecture = 0xffff
)

var architectures = map[ProcessorArchitecture]struct {
	name        string
	pointerSize int
}{
	ProcessorArchitectureIntel:        {"386", 4},
	ProcessorArchitectureMIPS:         {"mips", 4},
	ProcessorArchitectureAlpha:        {"alpha", 4},
	ProcessorArchitecturePPC:          {"ppc", 4},
	ProcessorArchitectureSHX:          {"sh", 4},
	ProcessorArchitectureARM:          {"arm", 4},
	ProcessorArchitectureIA64:         {"ia64", 8},
	ProcessorArchitectureAlpha64:      {"alpha64", 8},
	ProcessorArchitectureMSIL:         {"msil", 4},
	ProcessorArchitectureAMD64:        {"amd64", 8},
	ProcessorArchitectureIA32OnWin64:  {"386", 4},
	ProcessorArchitectureNeutral:      {"neutral", 8},
	ProcessorArchitectureARM64:        {"arm64", 8},
	ProcessorArchitectureARM32OnWin64: {"arm", 4},
	ProcessorArchitectureIA32OnARM64:  {"386", 4},
	ProcessorArchitectureSPARC:        {"sparc", 4},
	ProcessorArchitecturePPC64:        {"ppc64", 8},
	ProcessorArchitectureARM64Old:     {"arm64", 8},
	ProcessorArchitectureMIPS64:       {"mips64", 8},
	ProcessorArchitectureRISCV:        {"riscv", 4},
	ProcessorArchitectureRISCV64:      {"riscv64", 8},
	ProcessorArchitectureUnknown:      {"unknown", 8},
}

// String returns the architecture's name as Go spells it (386, amd64, arm64).
func (a ProcessorArchitecture) String() string {
	if k, ok := architectures[a]; ok {
		return k.name
	}
	return fmt.Sprintf("architecture %#x", uint16(a))
}

// PointerSize returns 4 or 8: the width of an address in the process. An
// architecture that is not known is taken to have 8.
func (a ProcessorArchitecture) PointerSize() int {
	if k, ok := architectures[a]; ok {
		return k.pointerSize
	}
	return 8
}

// Platform is a VER_PLATFORM value of OSVERSIONINFO.
type Platform uint32

// Platforms of the Windows SDK, and those that Breakpad added.
const (
	PlatformWin32s       Platform = 0
	PlatformWin32Windows Platform = 1
	PlatformWin32NT      Platform = 2
	PlatformWin32CE      Platform = 3
	PlatformUnix         Platform = 0x8000
	PlatformMacOS        Platform = 0x8101
	PlatformIOS          Platform = 0x8102
	PlatformLinux        Platform = 0x8201
	PlatformSolaris      Platform = 0x8202
	PlatformAndroid      Platform = 0x8203
	PlatformPS3          Platform = 0x8204
	PlatformNaCl         Platform = 0x8205
	PlatformFuchsia      Platform = 0x8206
)

var platformNames = map[Platform]string{
	PlatformWin32s:       "Win32s",
	PlatformWin32Windows: "Windows 9x",
	PlatformWin32NT:      "Windows NT",
	PlatformWin32CE:      "Windows CE",
	PlatformUnix:         "Unix",
	PlatformMacOS:        "macOS",
	PlatformIOS:          "iOS",
	PlatformLinux:        "Linux",
	PlatformSolaris:      "Solaris",
	PlatformAndroid:      "Android",
	PlatformPS3:          "PS3",
	PlatformNaCl:         "NaCl",
	PlatformFuchsia:      "Fuchsia",
}

// String returns the name, or the number of a value that is not known.
func (p Platform) String() string {
	if s, ok := platformNames[p]; ok {
		return s
	}
	return fmt.Sprintf("platform %#x", uint32(p))
}

// SystemInfo is a MINIDUMP_SYSTEM_INFO.
type SystemInfo struct {
	ProcessorArchitecture ProcessorArchitecture
	ProcessorLevel        uint16
	ProcessorRevision     uint16
	NumberOfProcessors    uint8
	ProductType           uint8
	MajorVersion          uint32
	MinorVersion          uint32
	BuildNumber           uint32
	PlatformID            Platform
	CSDVersion            string // the service pack, or the writer's own text
	SuiteMask             uint16
	CPU                   CPUInformation

	bigEndian bool
}

// CPUInformation is a CPU_INFORMATION: its raw 24 bytes, of which x86
// processors fill the form of [SystemInfo.X86CPU] and others that of
// [SystemInfo.ProcessorFeatures].
type CPUInformation [24]byte

// Version returns the system's version, as in "10.0.26200".
func (s *SystemInfo) Version() string {
	return fmt.Sprintf("%d.%d.%d", s.MajorVersion, s.MinorVersion, s.BuildNumber)
}

// SystemInfo decodes stream 7.
func (f *File) SystemInfo() (*SystemInfo, error) { return f.systemInfo.get(f.decodeSystemInfo) }

func (f *File) decodeSystemInfo() (*SystemInfo, error) {
	s, err := f.section(SystemInfoStream)
	if err != nil {
		return nil, err
	}
	c, err := f.cursorOf(s)
	if err != nil {
		return nil, err
	}
	info, csd := readSystemInfo(c)
	if c.Err() != nil {
		return nil, s.fault("%d bytes, at least 32 were expected", s.size)
	}
	info.CSDVersion = f.stringAt(s.stream, uint64(csd))
	copy(info.CPU[:], c.Bytes(min(c.Len(), len(info.CPU))))
	info.bigEndian = f.header.BigEndian
	return info, nil
}

func readSystemInfo(c *cursor.Cursor) (info *SystemInfo, csdVersionRva uint32) {
	info = &SystemInfo{
		ProcessorArchitecture: ProcessorArchitecture(c.Uint16()),
		ProcessorLevel:        c.Uint16(),
		ProcessorRevision:     c.Uint16(),
		NumberOfProcessors:    c.Uint8(),
		ProductType:           c.Uint8(),
		MajorVersion:          c.Uint32(),
		MinorVersion:          c.Uint32(),
		BuildNumber:           c.Uint32(),
		PlatformID:            Platform(c.Uint32()),
	}
	csdVersionRva = c.Uint32()
	info.SuiteMask = c.Uint16()
	c.Skip(2)
	return info, csdVersionRva
}

// PointerSize returns the width of an address in the process: 4 or 8. A dump
// without SystemInfo is taken to have 8.
func (f *File) PointerSize() int {
	info, err := f.SystemInfo()
	if err != nil {
		return 8
	}
	return info.ProcessorArchitecture.PointerSize()
}

// address undoes the sign extension that some writers give 32-bit addresses.
func (f *File) address(a uint64) uint64 {
	if f.PointerSize() == 4 {
		return a & 0xffffffff
	}
	return a
}
