package minidump_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// large describes a full dump such as big services have.
type large struct {
	modules, threads, ranges, handles, operations, infos int
	bytes                                                uint64 // of memory
}

// inputA is the dump that the figures of other readers were measured on.
var inputA = large{modules: 300, threads: 200, ranges: 20000, handles: 50000, operations: 200000, infos: 35307, bytes: 2 << 30}

// builder returns the dump. Its ranges lie in three regions of the address
// space, with gaps, as heaps, images and stacks do.
func (l large) builder() *minidumptest.Builder {
	rnd := rand.New(rand.NewPCG(1, 2))
	b := minidumptest.New(minidump.ProcessorArchitectureAMD64)
	b.Flags = minidump.WithFullMemory | minidump.WithHandleData
	for i := range l.modules {
		b.AddModule(minidumptest.Module{Base: 0x7ff800000000 + uint64(i)<<24, Size: 0x100000, Name: fmt.Sprintf(`C:\Windows\System32\module%03d.dll`, i),
			CodeView: minidumptest.RSDS(minidump.GUID{Data1: uint32(i)}, 1, fmt.Sprintf("module%03d.pdb", i))})
	}
	for i := range l.threads {
		b.AddThread(minidumptest.Thread{ID: uint32(4 * i), Teb: uint64(0x1000 + i), Context: make([]byte, 1232)})
	}
	b.AddMiscInfo(4242)
	for i := range l.handles {
		b.AddHandle(minidumptest.Handle{Value: uint64(4 * i), Type: []string{"File", "Event", "Key", "Mutant"}[i%4],
			Name: fmt.Sprintf(`\Device\HarddiskVolume3\Users\someone\file%06d.txt`, i), Access: 0x12019f, HandleCount: 1, PointerCount: 0x7fff})
	}
	b.AddHandleOperations(l.handleOperations(rnd)...)
	l.addMemoryInfo(b)
	l.addMemory(b, rnd)
	return b
}

func (l large) handleOperations(rnd *rand.Rand) []minidumptest.HandleOperation {
	frames := make([]uint64, 16)
	for i := range frames {
		frames[i] = 0x7ff800001000 + uint64(i)*0x1234
	}
	ops := make([]minidumptest.HandleOperation, l.operations)
	for i := range ops {
		ops[i] = minidumptest.HandleOperation{Handle: 4 * rnd.Uint64N(10000), ProcessID: 4242, ThreadID: uint32(4 * rnd.IntN(200)),
			Type: minidump.OperationType(1 + i%2), Frames: frames}
	}
	return ops
}

func (l large) addMemoryInfo(b *minidumptest.Builder) {
	infos := make([]minidumptest.MemoryInfo, l.infos)
	for i := range infos {
		infos[i] = minidumptest.MemoryInfo{Base: uint64(i) << 16, AllocationBase: uint64(i) << 16, Size: 1 << 16, State: minidump.MemCommit,
			Protect: minidump.PageReadWrite, Type: minidump.MemPrivate}
	}
	if len(infos) > 0 {
		b.AddMemoryInfo(infos...)
	}
}

func (l large) addMemory(b *minidumptest.Builder, rnd *rand.Rand) {
	average := l.bytes / uint64(max(l.ranges, 1)) >> 12
	regions := []uint64{0x10000, 0x1d000000000, 0x7ff600000000}
	for i := range l.ranges {
		at := &regions[i*len(regions)/l.ranges]
		size := (1 + rnd.Uint64N(2*average)) << 12
		b.AddMemory64(minidumptest.Memory{Start: *at, Size: size})
		*at += size + rnd.Uint64N(32)<<12
	}
}
