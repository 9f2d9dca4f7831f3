package minidump

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// MemoryState is a MEM_ state of MEMORY_BASIC_INFORMATION.
type MemoryState uint32

// States of memory.
const (
	MemCommit  MemoryState = 0x1000
	MemReserve MemoryState = 0x2000
	MemFree    MemoryState = 0x10000
)

var memoryStates = map[MemoryState]string{MemCommit: "Commit", MemReserve: "Reserve", MemFree: "Free"}

// String returns the name, or the number of a value that is not known.
func (s MemoryState) String() string { return nameOr(memoryStates, s) }

// MemoryType is a MEM_ type of MEMORY_BASIC_INFORMATION.
type MemoryType uint32

// Types of memory.
const (
	MemPrivate MemoryType = 0x20000
	MemMapped  MemoryType = 0x40000
	MemImage   MemoryType = 0x1000000
)

var memoryTypes = map[MemoryType]string{0: "None", MemPrivate: "Private", MemMapped: "Mapped", MemImage: "Image"}

// String returns the name, or the number of a value that is not known.
func (t MemoryType) String() string { return nameOr(memoryTypes, t) }

// nameOr is the name of a number, or the number.
func nameOr[K ~uint32](names map[K]string, k K) string {
	if s, ok := names[k]; ok {
		return s
	}
	return fmt.Sprintf("%#x", uint32(k))
}

// Protection is a set of PAGE_ bits.
type Protection uint32

// Protections of pages. One of the first eight comes with any of the others.
const (
	PageNoAccess         Protection = 0x01
	PageReadOnly         Protection = 0x02
	PageReadWrite        Protection = 0x04
	PageWriteCopy        Protection = 0x08
	PageExecute          Protection = 0x10
	PageExecuteRead      Protection = 0x20
	PageExecuteReadWrite Protection = 0x40
	PageExecuteWriteCopy Protection = 0x80
	PageGuard            Protection = 0x100
	PageNoCache          Protection = 0x200
	PageWriteCombine     Protection = 0x400
	PageTargetsInvalid   Protection = 0x40000000
)

var protectionNames = []struct {
	bit  Protection
	name string
}{
	{PageNoAccess, "NoAccess"}, {PageReadOnly, "ReadOnly"}, {PageReadWrite, "ReadWrite"}, {PageWriteCopy, "WriteCopy"},
	{PageExecute, "Execute"}, {PageExecuteRead, "ExecuteRead"}, {PageExecuteReadWrite, "ExecuteReadWrite"},
	{PageExecuteWriteCopy, "ExecuteWriteCopy"}, {PageGuard, "Guard"}, {PageNoCache, "NoCache"},
	{PageWriteCombine, "WriteCombine"}, {PageTargetsInvalid, "TargetsInvalid"},
}

// String returns the names of the bits that are set, joined by "|", or "None".
func (p Protection) String() string {
	var parts []string
	for _, n := range protectionNames {
		if p&n.bit != 0 {
			parts = append(parts, n.name)
			p &^= n.bit
		}
	}
	if p != 0 {
		parts = append(parts, fmt.Sprintf("%#x", uint32(p)))
	}
	if parts == nil {
		return "None"
	}
	return strings.Join(parts, "|")
}

const (
	canRead    = PageReadOnly | PageReadWrite | PageWriteCopy | PageExecuteRead | PageExecuteReadWrite | PageExecuteWriteCopy
	canWrite   = PageReadWrite | PageWriteCopy | PageExecuteReadWrite | PageExecuteWriteCopy
	canExecute = PageExecute | PageExecuteRead | PageExecuteReadWrite | PageExecuteWriteCopy
)

// Readable reports whether the process could read the page.
func (p Protection) Readable() bool { return p&canRead != 0 && p&PageGuard == 0 }

// Writable reports whether the process could write to the page.
func (p Protection) Writable() bool { return p&canWrite != 0 && p&PageGuard == 0 }

// Executable reports whether the process could run code of the page.
func (p Protection) Executable() bool { return p&canExecute != 0 && p&PageGuard == 0 }

// MemoryInfo is a MINIDUMP_MEMORY_INFO: a region of equal pages, whether or
// not its bytes are in the dump.
type MemoryInfo struct {
	BaseAddress       uint64
	AllocationBase    uint64
	AllocationProtect Protection
	RegionSize        uint64 // bytes
	State             MemoryState
	Protect           Protection
	Type              MemoryType
}

// memoryInfoSize is sizeof(MINIDUMP_MEMORY_INFO).
const memoryInfoSize = 48

// MemoryInfoList decodes stream 16, in the order of the file, which for all
// known writers is that of the addresses.
func (f *File) MemoryInfoList() ([]MemoryInfo, error) {
	return once(f, MemoryInfoListStream, f.decodeMemoryInfo)
}

func (f *File) decodeMemoryInfo() ([]MemoryInfo, error) {
	l, err := f.exList(MemoryInfoListStream, memoryInfoSize, true)
	if err != nil {
		return nil, err
	}
	infos := make([]MemoryInfo, l.count)
	there := 0
	n, mask := f.numbers(), f.address(^uint64(0))
	for i, b := range l.all() {
		infos[i] = MemoryInfo{
			BaseAddress:       n.uint64(b) & mask,
			AllocationBase:    n.uint64(b[8:]) & mask,
			AllocationProtect: Protection(n.uint32(b[16:])),
			RegionSize:        n.uint64(b[24:]),
			State:             MemoryState(n.uint32(b[32:])),
			Protect:           Protection(n.uint32(b[36:])),
			Type:              MemoryType(n.uint32(b[40:])),
		}
		there = i + 1
	}
	return infos[:there], nil
}

// memoryInfoIndex is the key under which [once] keeps the regions of stream 16
// in the order of their addresses; no stream has this type.
const memoryInfoIndex StreamType = LastReservedStream

// MemoryInfo returns the region that holds addr. An address that stream 16
// does not describe is [ErrNotMapped], a dump without it [ErrNoStream].
func (f *File) MemoryInfo(addr uint64) (*MemoryInfo, error) {
	infos, err := once(f, memoryInfoIndex, f.sortMemoryInfo)
	if err != nil {
		return nil, err
	}
	i := sort.Search(len(infos), func(i int) bool { return infos[i].BaseAddress > addr })
	if i == 0 || addr-infos[i-1].BaseAddress >= infos[i-1].RegionSize {
		return nil, notMapped(addr)
	}
	return &infos[i-1], nil
}

func (f *File) sortMemoryInfo() ([]MemoryInfo, error) {
	infos, err := f.MemoryInfoList()
	if err != nil {
		return nil, err
	}
	order := func(a, b MemoryInfo) int { return compare(a.BaseAddress, b.BaseAddress) }
	if slices.IsSortedFunc(infos, order) {
		return infos, nil
	}
	sorted := slices.Clone(infos)
	slices.SortStableFunc(sorted, order)
	return sorted, nil
}
