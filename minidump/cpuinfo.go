package minidump

import "encoding/binary"

// X86CPU is the X86CpuInfo form of a CPU_INFORMATION: what CPUID said.
type X86CPU struct {
	VendorID               string // such as GenuineIntel
	VersionInformation     uint32 // CPUID 1, eax: family, model, stepping
	FeatureInformation     uint32 // CPUID 1, edx
	AMDExtendedCPUFeatures uint32 // CPUID 0x80000001, edx; of AMD only
}

// X86CPU returns the processor of a 32-bit x86 dump. Others have
// [SystemInfo.ProcessorFeatures].
func (s *SystemInfo) X86CPU() (X86CPU, bool) {
	if s.ProcessorArchitecture != ProcessorArchitectureIntel {
		return X86CPU{}, false
	}
	var vendor []byte
	for i := range 3 {
		vendor = binary.LittleEndian.AppendUint32(vendor, s.order().Uint32(s.CPU[4*i:]))
	}
	return X86CPU{
		VendorID:               decodeBytes(vendor),
		VersionInformation:     s.order().Uint32(s.CPU[12:]),
		FeatureInformation:     s.order().Uint32(s.CPU[16:]),
		AMDExtendedCPUFeatures: s.order().Uint32(s.CPU[20:]),
	}, true
}

// ProcessorFeatures returns the OtherCpuInfo form of a CPU_INFORMATION: bit n
// of the first number is PF_ feature n of IsProcessorFeaturePresent, and so on
// from 64 in the second. 32-bit x86 dumps have [SystemInfo.X86CPU] instead.
func (s *SystemInfo) ProcessorFeatures() ([2]uint64, bool) {
	if s.ProcessorArchitecture == ProcessorArchitectureIntel {
		return [2]uint64{}, false
	}
	return [2]uint64{s.order().Uint64(s.CPU[:]), s.order().Uint64(s.CPU[8:])}, true
}

func (s *SystemInfo) order() binary.ByteOrder {
	if s.bigEndian {
		return binary.BigEndian
	}
	return binary.LittleEndian
}
