package report

import (
	"fmt"
	"slices"

	"github.com/handletrace/handletrace/minidump"
)

// InfoSystem is the system a dump was made on.
type InfoSystem struct {
	OS                string   `json:"os"`
	Platform          uint32   `json:"platform"`
	Version           string   `json:"version"`
	ServicePack       string   `json:"service_pack,omitempty"`
	Architecture      string   `json:"architecture"`
	ArchitectureID    uint16   `json:"architecture_id"`
	PointerSize       int      `json:"pointer_size"`
	Processors        uint8    `json:"processors"`
	ProcessorLevel    uint16   `json:"processor_level"`
	ProcessorRevision uint16   `json:"processor_revision"`
	ProductType       uint8    `json:"product_type"`
	Product           string   `json:"product,omitempty"`
	SuiteMask         string   `json:"suite_mask"`
	CPU               *InfoCPU `json:"cpu,omitempty"`
}

// InfoCPU is what CPUID said of a 32-bit x86 processor, or the features of
// another.
type InfoCPU struct {
	Vendor              string   `json:"vendor,omitempty"`
	Family              uint32   `json:"family,omitempty"`
	Model               uint32   `json:"model,omitempty"`
	Stepping            uint32   `json:"stepping,omitempty"`
	VersionInformation  string   `json:"version_information,omitempty"`
	FeatureInformation  string   `json:"feature_information,omitempty"`
	AMDExtendedFeatures string   `json:"amd_extended_features,omitempty"`
	Features            []string `json:"features,omitempty"`
	FeatureNames        []string `json:"feature_names,omitempty"`
}

var productTypes = map[uint8]string{1: "workstation", 2: "domain controller", 3: "server"}

var systemSection = one[InfoSystem]{
	infoPlace: shows("system", "System", minidump.SystemInfoStream),
	read:      readInfoSystem,
	set:       func(i *Info, s *InfoSystem) { i.System = s },
	write: func(t *infoText, s *InfoSystem) {
		t.field("operating system", s.name())
		t.field("platform", fmt.Sprintf("%#x", s.Platform))
		t.field("product", withName(fmt.Sprint(s.ProductType), s.Product))
		t.field("suites", s.SuiteMask)
		t.field("architecture", fmt.Sprintf("%s (%d), %d-byte pointers", s.Architecture, s.ArchitectureID, s.PointerSize))
		t.field("processors", fmt.Sprint(s.Processors))
		t.field("processor", fmt.Sprintf("level %d, revision %#x", s.ProcessorLevel, s.ProcessorRevision))
		if s.CPU != nil {
			s.CPU.write(t)
		}
	},
}

// name returns the system as one line has it.
func (s *InfoSystem) name() string {
	name := s.OS + " " + s.Version
	if s.ServicePack != "" {
		name += " (" + s.ServicePack + ")"
	}
	return name
}

func (c *InfoCPU) write(t *infoText) {
	t.field("vendor", c.Vendor)
	if c.VersionInformation != "" {
		t.field("CPUID", fmt.Sprintf("family %d, model %d, stepping %d", c.Family, c.Model, c.Stepping))
	}
	t.field("CPUID version", c.VersionInformation)
	t.field("CPUID features", c.FeatureInformation)
	t.field("AMD features", c.AMDExtendedFeatures)
	t.field("features", withName(joined(c.Features), joined(c.FeatureNames)))
}

func readInfoSystem(f *minidump.File) (*InfoSystem, error) {
	s, err := f.SystemInfo()
	if err != nil {
		return nil, err
	}
	return &InfoSystem{
		OS: s.PlatformID.String(), Platform: uint32(s.PlatformID), Version: s.Version(), ServicePack: s.CSDVersion,
		Architecture: s.ProcessorArchitecture.String(), ArchitectureID: uint16(s.ProcessorArchitecture),
		PointerSize: s.ProcessorArchitecture.PointerSize(), Processors: s.NumberOfProcessors,
		ProcessorLevel: s.ProcessorLevel, ProcessorRevision: s.ProcessorRevision,
		ProductType: s.ProductType, Product: productTypes[s.ProductType], SuiteMask: hex(uint64(s.SuiteMask)), CPU: readInfoCPU(s),
	}, nil
}

func readInfoCPU(s *minidump.SystemInfo) *InfoCPU {
	if c, ok := s.X86CPU(); ok {
		v := c.VersionInformation
		cpu := &InfoCPU{
			Vendor: c.VendorID, Family: v >> 8 & 15, Model: v >> 4 & 15, Stepping: v & 15,
			VersionInformation: hex(uint64(v)), FeatureInformation: hex(uint64(c.FeatureInformation)),
			AMDExtendedFeatures: hex(uint64(c.AMDExtendedCPUFeatures)),
		}
		// CPUID 1: the extended family and model belong to families 6 and 15.
		if cpu.Family == 6 || cpu.Family == 15 {
			cpu.Model |= v >> 12 & 0xf0
		}
		if cpu.Family == 15 {
			cpu.Family += v >> 20 & 0xff
		}
		return cpu
	}
	words, ok := s.ProcessorFeatures()
	if !ok || words == [2]uint64{} {
		return nil
	}
	if vendor := breakpadVendor(s); vendor != "" {
		return &InfoCPU{Vendor: vendor}
	}
	cpu := &InfoCPU{Features: []string{hex(words[0]), hex(words[1])}}
	// Breakpad keeps something else there on other processors too.
	if s.PlatformID == minidump.PlatformWin32NT || s.ProcessorArchitecture == minidump.ProcessorArchitectureAMD64 {
		cpu.FeatureNames = processorFeatures(words)
	}
	return cpu
}

// breakpadVendor returns the vendor of an amd64 processor, which Breakpad
// writes in place of the features as for x86.
func breakpadVendor(s *minidump.SystemInfo) string {
	vendor := s.CPU[:12]
	letter := func(b byte) bool { return 0x20 <= b && b < 0x7f }
	if s.ProcessorArchitecture != minidump.ProcessorArchitectureAMD64 || slices.ContainsFunc(vendor, func(b byte) bool { return !letter(b) }) {
		return ""
	}
	return string(vendor)
}

// processorFeatureNames are the PF_ constants of IsProcessorFeaturePresent.
var processorFeatureNames = [128]string{
	"FLOATING_POINT_PRECISION_ERRATA", "FLOATING_POINT_EMULATED", "COMPARE_EXCHANGE_DOUBLE", "MMX_INSTRUCTIONS_AVAILABLE",
	"PPC_MOVEMEM_64BIT_OK", "ALPHA_BYTE_INSTRUCTIONS", "XMMI_INSTRUCTIONS_AVAILABLE", "3DNOW_INSTRUCTIONS_AVAILABLE",
	"RDTSC_INSTRUCTION_AVAILABLE", "PAE_ENABLED", "XMMI64_INSTRUCTIONS_AVAILABLE", "SSE_DAZ_MODE_AVAILABLE",
	"NX_ENABLED", "SSE3_INSTRUCTIONS_AVAILABLE", "COMPARE_EXCHANGE128", "COMPARE64_EXCHANGE128",
	"CHANNELS_ENABLED", "XSAVE_ENABLED", "ARM_VFP_32_REGISTERS_AVAILABLE", "ARM_NEON_INSTRUCTIONS_AVAILABLE",
	"SECOND_LEVEL_ADDRESS_TRANSLATION", "VIRT_FIRMWARE_ENABLED", "RDWRFSGSBASE_AVAILABLE", "FASTFAIL_AVAILABLE",
	"ARM_DIVIDE_INSTRUCTION_AVAILABLE", "ARM_64BIT_LOADSTORE_ATOMIC", "ARM_EXTERNAL_CACHE_AVAILABLE", "ARM_FMAC_INSTRUCTIONS_AVAILABLE",
	"RDRAND_INSTRUCTION_AVAILABLE", "ARM_V8_INSTRUCTIONS_AVAILABLE", "ARM_V8_CRYPTO_INSTRUCTIONS_AVAILABLE", "ARM_V8_CRC32_INSTRUCTIONS_AVAILABLE",
	"RDTSCP_INSTRUCTION_AVAILABLE", "RDPID_INSTRUCTION_AVAILABLE", "ARM_V81_ATOMIC_INSTRUCTIONS_AVAILABLE", "MONITORX_INSTRUCTION_AVAILABLE",
	"SSSE3_INSTRUCTIONS_AVAILABLE", "SSE4_1_INSTRUCTIONS_AVAILABLE", "SSE4_2_INSTRUCTIONS_AVAILABLE", "AVX_INSTRUCTIONS_AVAILABLE",
	"AVX2_INSTRUCTIONS_AVAILABLE", "AVX512F_INSTRUCTIONS_AVAILABLE", "ERMS_AVAILABLE", "ARM_V82_DP_INSTRUCTIONS_AVAILABLE",
	"ARM_V83_JSCVT_INSTRUCTIONS_AVAILABLE", "ARM_V83_LRCPC_INSTRUCTIONS_AVAILABLE",
}

func processorFeatures(words [2]uint64) []string {
	var list []string
	for i, name := range processorFeatureNames {
		if words[i/64]>>(i%64)&1 == 0 {
			continue
		}
		if name == "" {
			name = fmt.Sprintf("feature %d", i)
		}
		list = append(list, name)
	}
	return list
}
