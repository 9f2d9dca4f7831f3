package minidump

// Bits of SystemMemoryInfo.Flags: which members the writer filled.
const (
	SystemMemoryTransitionRepurposeCount   uint16 = 0x0001
	SystemMemoryBasicPerformance           uint16 = 0x0002
	SystemMemoryDirtyPages                 uint16 = 0x0004
	SystemMemoryResidentAvailablePages     uint16 = 0x0008
	SystemMemoryMdlPagesAllocated          uint16 = 0x0010 // revision 2
	SystemMemorySystemPageTableCommitPages uint16 = 0x0020 // revision 2
)

// SystemMemoryInfo is a MINIDUMP_SYSTEM_MEMORY_INFO_1 or _2: the memory of the
// machine when the dump was written. Members beyond the end of the stream are
// zero, and their bits in Flags are cleared.
type SystemMemoryInfo struct {
	Revision  uint16
	Flags     uint16
	BasicInfo SystemBasicInformation
	FileCache SystemFileCacheInformation
	BasicPerf SystemBasicPerformanceInformation
	Perf      SystemPerformanceInformation
}

// SystemBasicInformation is a MINIDUMP_SYSTEM_BASIC_INFORMATION.
type SystemBasicInformation struct {
	TimerResolution              uint32
	PageSize                     uint32 // bytes
	NumberOfPhysicalPages        uint32
	LowestPhysicalPageNumber     uint32
	HighestPhysicalPageNumber    uint32
	AllocationGranularity        uint32 // bytes
	MinimumUserModeAddress       uint64
	MaximumUserModeAddress       uint64
	ActiveProcessorsAffinityMask uint64
	NumberOfProcessors           uint32
}

// SystemFileCacheInformation is a MINIDUMP_SYSTEM_FILECACHE_INFORMATION.
type SystemFileCacheInformation struct {
	CurrentSize                           uint64 // bytes
	PeakSize                              uint64 // bytes
	PageFaultCount                        uint32
	MinimumWorkingSet                     uint64
	MaximumWorkingSet                     uint64
	CurrentSizeIncludingTransitionInPages uint64
	PeakSizeIncludingTransitionInPages    uint64
	TransitionRePurposeCount              uint32
	Flags                                 uint32
}

// SystemBasicPerformanceInformation is a
// MINIDUMP_SYSTEM_BASIC_PERFORMANCE_INFORMATION, in pages.
type SystemBasicPerformanceInformation struct {
	AvailablePages uint64
	CommittedPages uint64
	CommitLimit    uint64
	PeakCommitment uint64
}

// SystemPerformanceInformation is a MINIDUMP_SYSTEM_PERFORMANCE_INFORMATION.
type SystemPerformanceInformation struct {
	IdleProcessTime      uint64 // units of 100 ns
	IoReadTransferCount  uint64
	IoWriteTransferCount uint64
	IoOtherTransferCount uint64

	IoReadOperationCount, IoWriteOperationCount, IoOtherOperationCount  uint32
	AvailablePages, CommittedPages, CommitLimit, PeakCommitment         uint32
	PageFaultCount, CopyOnWriteCount, TransitionCount                   uint32
	CacheTransitionCount, DemandZeroCount, PageReadCount                uint32
	PageReadIoCount, CacheReadCount, CacheIoCount                       uint32
	DirtyPagesWriteCount, DirtyWriteIoCount                             uint32
	MappedPagesWriteCount, MappedWriteIoCount                           uint32
	PagedPoolPages, NonPagedPoolPages                                   uint32
	PagedPoolAllocs, PagedPoolFrees, NonPagedPoolAllocs                 uint32
	NonPagedPoolFrees, FreeSystemPtes, ResidentSystemCodePage           uint32
	TotalSystemDriverPages, TotalSystemCodePages                        uint32
	NonPagedPoolLookasideHits, PagedPoolLookasideHits                   uint32
	AvailablePagedPoolPages, ResidentSystemCachePage                    uint32
	ResidentPagedPoolPage, ResidentSystemDriverPage                     uint32
	CcFastReadNoWait, CcFastReadWait, CcFastReadResourceMiss            uint32
	CcFastReadNotPossible, CcFastMdlReadNoWait, CcFastMdlReadWait       uint32
	CcFastMdlReadResourceMiss, CcFastMdlReadNotPossible                 uint32
	CcMapDataNoWait, CcMapDataWait, CcMapDataNoWaitMiss                 uint32
	CcMapDataWaitMiss, CcPinMappedDataCount, CcPinReadNoWait            uint32
	CcPinReadWait, CcPinReadNoWaitMiss, CcPinReadWaitMiss               uint32
	CcCopyReadNoWait, CcCopyReadWait, CcCopyReadNoWaitMiss              uint32
	CcCopyReadWaitMiss, CcMdlReadNoWait, CcMdlReadWait                  uint32
	CcMdlReadNoWaitMiss, CcMdlReadWaitMiss, CcReadAheadIos              uint32
	CcLazyWriteIos, CcLazyWritePages, CcDataFlushes, CcDataPages        uint32
	ContextSwitches, FirstLevelTbFills, SecondLevelTbFills, SystemCalls uint32

	CcTotalDirtyPages      uint64 // SystemMemoryDirtyPages
	CcDirtyPageThreshold   uint64 // SystemMemoryDirtyPages
	ResidentAvailablePages int64  // SystemMemoryResidentAvailablePages
	SharedCommittedPages   uint64 // SystemMemoryResidentAvailablePages

	MdlPagesAllocated             uint64 // SystemMemoryMdlPagesAllocated
	PfnDatabaseCommittedPages     uint64 // SystemMemoryMdlPagesAllocated
	SystemPageTableCommittedPages uint64 // SystemMemorySystemPageTableCommitPages
	ContiguousPagesAllocated      uint64 // SystemMemorySystemPageTableCommitPages
}

const (
	systemMemory1Size = 492
	systemMemory2Size = 524
)

// SystemMemoryInfo decodes stream 21.
func (f *File) SystemMemoryInfo() (*SystemMemoryInfo, error) {
	return once(f, SystemMemoryInfoStream, f.decodeSystemMemory)
}

func (f *File) decodeSystemMemory() (*SystemMemoryInfo, error) {
	m := new(SystemMemoryInfo)
	size, err := f.structStream(SystemMemoryInfoStream, m, systemMemory1Size)
	if err != nil {
		return nil, err
	}
	if size < systemMemory2Size {
		m.Flags &^= SystemMemoryMdlPagesAllocated | SystemMemorySystemPageTableCommitPages
	}
	return m, nil
}
