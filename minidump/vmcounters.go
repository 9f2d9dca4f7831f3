package minidump

// Bits of ProcessVMCounters.Flags: which members the writer filled.
const (
	VMCountersBasic       uint16 = 0x0001
	VMCountersVirtualSize uint16 = 0x0002
	VMCountersEx          uint16 = 0x0004
	VMCountersEx2         uint16 = 0x0008
	VMCountersJob         uint16 = 0x0010
)

// ProcessVMCounters is a MINIDUMP_PROCESS_VM_COUNTERS_1 or _2: what memory the
// process used. All sizes are in bytes. The first form ends with PrivateUsage,
// which there stands where the second has PeakVirtualSize.
type ProcessVMCounters struct {
	Revision                   uint16
	Flags                      uint16 // of the second form; set to those of its members for the first
	PageFaultCount             uint32
	PeakWorkingSetSize         uint64
	WorkingSetSize             uint64
	QuotaPeakPagedPoolUsage    uint64
	QuotaPagedPoolUsage        uint64
	QuotaPeakNonPagedPoolUsage uint64
	QuotaNonPagedPoolUsage     uint64
	PagefileUsage              uint64
	PeakPagefileUsage          uint64
	PeakVirtualSize            uint64 // VMCountersVirtualSize
	VirtualSize                uint64 // VMCountersVirtualSize
	PrivateUsage               uint64 // VMCountersEx
	PrivateWorkingSetSize      uint64 // VMCountersEx2
	SharedCommitUsage          uint64 // VMCountersEx2
	JobSharedCommitUsage       uint64 // VMCountersJob, as those below
	JobPrivateCommitUsage      uint64
	JobPeakPrivateCommitUsage  uint64
	JobPrivateCommitLimit      uint64
	JobTotalCommitLimit        uint64
}

const (
	vmCounters1Size = 80
	vmCounters2Size = 152
)

// ProcessVMCounters decodes stream 22.
func (f *File) ProcessVMCounters() (*ProcessVMCounters, error) {
	return once(f, ProcessVMCountersStream, f.decodeVMCounters)
}

func (f *File) decodeVMCounters() (*ProcessVMCounters, error) {
	v := new(ProcessVMCounters)
	size, err := f.structStream(ProcessVMCountersStream, v, vmCounters1Size)
	if err != nil {
		return nil, err
	}
	if size >= vmCounters2Size {
		return v, nil
	}
	if size != vmCounters1Size || v.Revision > 1 {
		f.warn(ProcessVMCountersStream, f.offsetOf(ProcessVMCountersStream), "%d bytes of revision %d, of which the first form's %d are read", size, v.Revision, vmCounters1Size)
	}
	// What was read into PeakVirtualSize is the first form's last member, and
	// its padding stands where the second has Flags.
	v.PrivateUsage = v.PeakVirtualSize
	v.PeakVirtualSize, v.VirtualSize = 0, 0
	v.PrivateWorkingSetSize, v.SharedCommitUsage = 0, 0
	v.JobSharedCommitUsage, v.JobPrivateCommitUsage, v.JobPeakPrivateCommitUsage = 0, 0, 0
	v.JobPrivateCommitLimit, v.JobTotalCommitLimit = 0, 0
	v.Flags = VMCountersBasic | VMCountersEx
	return v, nil
}
