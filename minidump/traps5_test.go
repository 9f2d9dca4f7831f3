package minidump_test

import (
	"encoding/binary"
	"reflect"
	"slices"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// Handles.

func words(n ...uint64) []byte {
	var b []byte
	for _, v := range n {
		b = binary.LittleEndian.AppendUint64(b, v)
	}
	return b
}

func dwords(n ...uint32) []byte {
	var b []byte
	for _, v := range n {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

func TestTrap27ObjectInformation(t *testing.T) {
	tests := []struct {
		typ  uint32
		arch minidump.ProcessorArchitecture
		data []byte
		want any
	}{
		{1, amd64, words(0xdead<<32|0x103, 0x7000, 42, 43, 15, 8|9<<32), &minidump.ThreadObject{ExitStatus: 0x103, Teb: 0x7000, ProcessID: 42, ThreadID: 43, AffinityMask: 15, Priority: 8, BasePriority: 9}},
		{1, x86, dwords(0x103, 0x7000, 42, 43, 15, 8, 9), &minidump.ThreadObject{ExitStatus: 0x103, Teb: 0x7000, ProcessID: 42, ThreadID: 43, AffinityMask: 15, Priority: 8, BasePriority: 9}},
		{2, amd64, []byte{0xff, 0xff, 0xff, 0xff, 1, 0, 0xaa, 0xbb}, &minidump.MutantObject{CurrentCount: -1, OwnedByCaller: true}},
		{3, amd64, words(42, 43), &minidump.MutantOwner{ProcessID: 42, ThreadID: 43}},
		{3, x86, dwords(42, 43), &minidump.MutantOwner{ProcessID: 42, ThreadID: 43}},
		{4, amd64, words(0x103, 0x7000, 15, 0xaa<<32|8, 42, 41), &minidump.ProcessObject{ExitStatus: 0x103, Peb: 0x7000, AffinityMask: 15, BasePriority: 8, ProcessID: 42, ParentProcessID: 41}},
		{5, amd64, words(64, 0x103, 0x7000, 15, 8, 42, 41, 3), &minidump.ProcessObject{ExitStatus: 0x103, Peb: 0x7000, AffinityMask: 15, BasePriority: 8, ProcessID: 42, ParentProcessID: 41, Flags: 3}},
		{5, x86, dwords(32, 0x103, 0x7000, 15, 8, 42, 41, 3), &minidump.ProcessObject{ExitStatus: 0x103, Peb: 0x7000, AffinityMask: 15, BasePriority: 8, ProcessID: 42, ParentProcessID: 41, Flags: 3}},
		{6, amd64, dwords(1, 1), &minidump.EventObject{EventType: 1, EventState: 1}},
		{7, amd64, words(0x7000, 0xdead<<32|0x8000000, 0x2000), &minidump.SectionObject{BaseAddress: 0x7000, AllocationAttributes: 0x8000000, MaximumSize: 0x2000}},
		{7, x86, dwords(0x7000, 0x8000000, 0x2000, 0), &minidump.SectionObject{BaseAddress: 0x7000, AllocationAttributes: 0x8000000, MaximumSize: 0x2000}},
		{8, amd64, dwords(1, 5), &minidump.SemaphoreObject{CurrentCount: 1, MaximumCount: 5}},
		{8, amd64, dwords(1), nil},
		{99, amd64, dwords(1), nil},
	}
	for _, test := range tests {
		b := minidumptest.New(test.arch)
		b.AddHandle(minidumptest.Handle{Value: 4, ObjectInfo: minidumptest.RVA(minidumptest.ObjectInfo(uint32(0), test.typ, test.data))})
		f := open(t, b)
		chain := chainOf(t, f)
		if len(chain) != 1 || !reflect.DeepEqual(chain[0].Value, test.want) || !slices.Equal(chain[0].Raw, test.data) {
			t.Errorf("type %d: %+v, want %+v", test.typ, chain, test.want)
		}
		noWarnings(t, f)
	}
}

// chainOf returns the object information of the first handle.
func chainOf(t *testing.T, f *minidump.File) []minidump.HandleObjectInformation {
	t.Helper()
	h := must(f.HandleData())(t)
	for _, d := range h.All() {
		return h.ObjectInformation(d)
	}
	return nil
}

func TestTrap28ChainsTurnBack(t *testing.T) {
	info := minidumptest.ObjectInfo
	t.Run("backwards in the file", func(t *testing.T) {
		b := minidumptest.New(amd64)
		b.AddHandle(minidumptest.Handle{Value: 4, ObjectInfo: minidumptest.At("second")})
		b.Add(0x10001, minidumptest.Named("first", info(uint32(0), 2, dwords(1, 0))),
			minidumptest.Named("second", info(minidumptest.At("first"), 3, words(1, 2))))
		f := open(t, b)
		chain := chainOf(t, f)
		if len(chain) != 2 || chain[0].InfoType != 3 || chain[1].InfoType != 2 || chain[1].Rva >= chain[0].Rva {
			t.Errorf("chain = %+v", chain)
		}
		noWarnings(t, f)
	})
	t.Run("to itself", func(t *testing.T) {
		b := minidumptest.New(amd64)
		b.AddHandle(minidumptest.Handle{Value: 4, ObjectInfo: minidumptest.At("self")})
		b.Add(0x10001, minidumptest.Named("self", info(minidumptest.At("self"), 6, dwords(0, 0))))
		f := open(t, b)
		equal(t, "length", len(chainOf(t, f)), 1)
		wantWarning(t, f, minidump.HandleDataStream, "turns back")
	})
	t.Run("in a ring", func(t *testing.T) {
		b := minidumptest.New(amd64)
		b.AddHandle(minidumptest.Handle{Value: 4, ObjectInfo: minidumptest.At("a")})
		b.Add(0x10001, minidumptest.Named("a", info(minidumptest.At("b"), 6, dwords(0, 0))),
			minidumptest.Named("b", info(minidumptest.At("a"), 6, dwords(0, 0))))
		f := open(t, b)
		equal(t, "length", len(chainOf(t, f)), 2)
		wantWarning(t, f, minidump.HandleDataStream, "turns back")
	})
	t.Run("out of the file", func(t *testing.T) {
		b := minidumptest.New(amd64)
		b.AddHandle(minidumptest.Handle{Value: 4, ObjectInfo: minidumptest.RVA(info(uint32(0x7fffffff), 6, dwords(0, 0)))})
		f := open(t, b)
		equal(t, "length", len(chainOf(t, f)), 1)
		wantWarning(t, f, minidump.HandleDataStream, "is cut after 1")
	})
}

func TestTrap29NoChainInShortDescriptors(t *testing.T) {
	b := minidumptest.New(amd64)
	b.HandleDescriptorSize = 32
	b.AddHandle(minidumptest.Handle{Value: 4, ObjectInfo: uint32(1)})
	f := open(t, b)
	equal(t, "length", len(chainOf(t, f)), 0)
	noWarnings(t, f)

	// An unknown kind does not end the chain.
	b = minidumptest.New(amd64)
	last := minidumptest.RVA(minidumptest.ObjectInfo(uint32(0), 6, dwords(1, 1)))
	b.AddHandle(minidumptest.Handle{Value: 4, ObjectInfo: minidumptest.RVA(minidumptest.ObjectInfo(last, 4711, []byte("x")))})
	chain := chainOf(t, open(t, b))
	if len(chain) != 2 || chain[0].Value != nil || chain[1].InfoType != minidump.MiniEventInformation1 {
		t.Errorf("chain = %+v", chain)
	}
}

func TestTrap30FileDescriptors(t *testing.T) {
	b := minidumptest.New(amd64)
	b.AddSystemInfo(minidumptest.SystemInfo{Architecture: amd64, Platform: minidump.PlatformLinux})
	b.HandleDescriptorSize = 32
	b.AddHandle(minidumptest.Handle{Value: 3, Type: "File", Name: "/var/log/ü", Attributes: 0o100644})
	f := open(t, b)
	for _, d := range must(f.HandleData())(t).All() {
		if d.Handle != 3 || d.ObjectName != "/var/log/ü" || d.Attributes != 0o100644 {
			t.Errorf("descriptor = %+v", d)
		}
	}
	noWarnings(t, f)
}

func TestTrap31Operations(t *testing.T) {
	ops := []minidumptest.HandleOperation{
		{Handle: 4, ProcessID: 1, ThreadID: 2, Type: minidump.OperationDbOPEN, Index: 9, Frames: []uint64{1, 2, 3}, Garbage: 0xdead},
		{Handle: 8, Type: minidump.OperationDbBADREF, Frames: []uint64{5, 6}, Depth: minidumptest.Ptr[uint32](0xffffffff)},
		{Type: minidump.OperationDbUnused},
	}
	for _, sizes := range [][2]int{{16, 288}, {16, 32 + 64}, {24, 300}, {16, 32}} {
		b := minidumptest.New(amd64)
		b.HandleOperationHeaderSize, b.HandleOperationSize = sizes[0], sizes[1]
		b.AddHandleOperations(ops...)
		f := open(t, b)
		list := must(f.HandleOperationList())(t)
		equal(t, "operations", list.Len(), 3)
		for i, op := range list.All() {
			want := ops[i].Frames
			if sizes[1] == 32 {
				want = nil
			}
			if op.Handle != ops[i].Handle || op.OperationType != ops[i].Type || !slices.Equal(op.ReturnAddresses, want) {
				t.Errorf("sizes %v: operation %d is %+v", sizes, i, op)
			}
		}
		noWarnings(t, f)
	}
	for _, size := range []uint32{0, 31} {
		b := minidumptest.New(amd64)
		b.AddHandleOperations(ops...)
		b.Faults.SizeOfEntry = map[minidump.StreamType]uint32{minidump.HandleOperationListStream: size}
		_, err := open(t, b).HandleOperationList()
		wantFormatError(t, err, minidump.HandleOperationListStream)
	}
	b := minidumptest.New(amd64)
	b.AddHandleOperations(ops...)
	b.Faults.Count = map[minidump.StreamType]uint64{minidump.HandleOperationListStream: 0xffffffff}
	f := open(t, b)
	equal(t, "operations", must(f.HandleOperationList())(t).Len(), 3)
	wantWarning(t, f, minidump.HandleOperationListStream, "3 are there")
}
