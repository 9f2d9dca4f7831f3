package report_test

import (
	"encoding/binary"
	"reflect"
	"slices"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// windowsDump has every stream of Windows.
func windowsDump(arch minidump.ProcessorArchitecture, bigEndian bool) *minidumptest.Builder {
	order, width := orderOf(bigEndian), arch.PointerSize()
	b := minidumptest.New(arch)
	b.BigEndian = bigEndian
	b.Implementation, b.CheckSum = 0x5128, 0x1234
	b.Flags = minidump.WithHandleData | minidump.WithThreadInfo
	b.AddSystemInfo(minidumptest.SystemInfo{Architecture: arch, Level: 6, Revision: 0x6a06, Processors: 4, ProductType: 3, Major: 10, Build: 26200,
		Platform: minidump.PlatformWin32NT, CSDVersion: "Service Pack 1", SuiteMask: 0x110, CPU: windowsCPU(arch, bigEndian)})
	addWindowsModules(b)
	addWindowsThreads(b, arch, order)
	addHandles(b, order, width)
	addMisc(b)
	b.Add(minidump.CommentStreamA, "an\u202eascii\r\ncomment\x00")
	b.Add(minidump.CommentStreamW, wide("a wide one", 11))
	b.Add(minidump.FunctionTableStream, [6]uint32{24, 32, 8, 12, 1, 0}, [3]uint64{0x1000, 0x2000, 0x1000}, [2]uint32{1, 0}, make([]byte, 20))
	first, second := token(order, 42), token(order, 7)
	b.Add(minidump.TokenStream, uint32(16+len(first)+len(second)), uint32(2), uint32(16), uint32(64), first, second)
	b.Add(minidump.SystemMemoryInfoStream, systemMemory())
	b.Add(minidump.ProcessVMCountersStream, [2]uint16{2, 0x1f}, uint32(7), [18]uint64{1 << 20, 2 << 20, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18})
	b.Add(minidump.IptTraceStream, [2]uint16{1, 1}, uint32(4), "tracerest")
	b.Add(minidump.JavaScriptDataStream, "raw")
	b.Add(0x10000, "<FGenericCrashContext/>")
	b.Add(minidump.WineModulesStream, uint32(1), uint64(0x7f0000000000), [4]uint32{0x1000}, [13]uint32{}, [4]uint32{}, [2]uint64{})
	b.Add(minidump.BreakpadInfoStream, [3]uint32{3, 7, 8})
	b.Add(minidump.BreakpadAssertionInfoStream, wide("p != NULL", 128), wide("main", 128), wide("a.c", 128), [2]uint32{7, 1})
	b.AddMemory64(minidumptest.Memory{Start: 0x30000, Data: []byte("full")})
	b.UnusedEntries = 1
	return b
}

// windowsCPU is a CPU_INFORMATION in either form.
func windowsCPU(arch minidump.ProcessorArchitecture, bigEndian bool) [6]uint32 {
	switch {
	case arch == x86:
		return [6]uint32{0x756e6547, 0x49656e69, 0x6c65746e, 0x306c3, 0xbfebfbff, 0x100}
	case bigEndian:
		return [6]uint32{0, 0x3004}
	}
	return [6]uint32{0x3004}
}

func addWindowsModules(b *minidumptest.Builder) {
	b.AddModule(minidumptest.Module{Base: 0x140000, Size: 0x1000, CheckSum: 0x123, TimeDateStamp: 0x65536465, Name: `C:\work\ü.exe`,
		CodeView: minidumptest.RSDS(minidump.GUID{Data1: 1, Data2: 2, Data3: 3}, 2, `D:\b\a.pdb`), Misc: make([]byte, 8),
		Version: minidump.FixedFileInfo{Signature: 0xfeef04bd, StrucVersion: 0x10000, FileVersionMS: 1<<16 | 2, FileVersionLS: 3<<16 | 4, ProductVersionMS: 5 << 16, FileFlagsMask: 0x3f, FileOS: 0x40004, FileType: 1}})
	b.AddModule(minidumptest.Module{Base: 0x150000, Size: 0x1000, Name: "line\nbreak.dll",
		CodeView: &minidump.CodeView{Signature: minidump.CodeViewNB10, TimeDateStamp: 3, Age: 1, PdbFileName: "b.pdb"}})
	b.AddModule(minidumptest.Module{Base: 0x160000, Size: 0x1000, Name: "libc.so", CodeView: &minidump.CodeView{Signature: minidump.CodeViewELF, BuildID: []byte{1, 2, 3, 4}}})
	b.AddUnloadedModules(minidumptest.UnloadedModule{Base: 0x170000, Size: 0x1000, CheckSum: 9, TimeDateStamp: 8, Name: "gone.dll"})
}

func addWindowsThreads(b *minidumptest.Builder, arch minidump.ProcessorArchitecture, order minidumptest.Order) {
	width := arch.PointerSize()
	context := withShadowStack(contextAt(arch, order), order)
	b.AddThread(minidumptest.Thread{ID: 7, SuspendCount: 1, PriorityClass: 0x20, Priority: 0xffffffff, Teb: 0x100000, StackBase: 0x10000, Stack: []byte("stack"), Context: context})
	b.AddThread(minidumptest.Thread{ID: 8, Context: []byte("too short")})
	b.AddThread(minidumptest.Thread{ID: 9, StackBase: 0x12000, StackSize: 0x1000})
	b.AddMemory(minidumptest.Memory{Start: 0x100000, Data: processBlocks(order, width, 0x100000).data})
	record := newBlocks(order, width, 0x8000, 0x100)
	order.PutUint32(record.data, 0xc0000005)
	order.PutUint32(record.data[4:], 1)
	record.word(8+width, 0x140020)
	order.PutUint32(record.data[8+2*width:], 2)
	at := 8 + 3*width
	record.word(at, 1)
	record.word(at+width, 0x44)
	record.word(8, 0x8000) // it leads back to itself
	b.AddMemory(minidumptest.Memory{Start: 0x8000, Data: record.data})
	b.AddException(minidumptest.Exception{ThreadID: 7, Code: 0xc0000008, Flags: 1, Record: 0x8000, Address: 0x140010, Information: []uint64{0x33c}, Context: context})
	b.AddException(minidumptest.Exception{ThreadID: 8, Code: 0xe06d7363, Context: []byte("too short")})
	b.AddThreadNames(minidumptest.ThreadName{ID: 7, Name: "main\u2066"}, minidumptest.ThreadName{ID: 6, Name: "itanium"}, minidumptest.ThreadName{ID: 77, Name: "another"})
	b.Add(minidump.ThreadExListStream, uint32(1), [4]uint32{6}, [2]uint64{0x7000, 0x10000}, [4]uint32{16}, uint64(0x20000), [2]uint32{32})
	b.Add(minidump.ThreadInfoListStream, [3]uint32{12, 64, 3},
		[4]uint32{6, 0, 0, 1}, [6]uint64{133445556667778889, 133445557667778889, 1, 2, 0x140030, 15},
		[4]uint32{7, 2, 0, 0x103}, [6]uint64{133445556667778889, 0, 156250, 312500, 0x140020, 15},
		[4]uint32{70, 4, 0x80004005, 1}, [6]uint64{133445556667778889, 133445557667778889, 1, 2, 0x140030, 15})
	b.AddMemoryInfo(
		minidumptest.MemoryInfo{Base: 0x1000, AllocationBase: 0x1000, AllocationProtect: minidump.PageReadWrite, Size: 0x1000, State: minidump.MemCommit, Protect: minidump.PageReadWrite | minidump.PageGuard, Type: minidump.MemPrivate},
		minidumptest.MemoryInfo{Base: 0x2000, Size: 0x7ff00000, State: minidump.MemFree, Protect: minidump.PageNoAccess})
}

func addHandles(b *minidumptest.Builder, order minidumptest.Order, width int) {
	object := func(kind uint32, words ...uint64) []byte {
		var out []byte
		for _, w := range words {
			if width == 4 {
				out = order.AppendUint32(out, uint32(w))
			} else {
				out = order.AppendUint64(out, w)
			}
		}
		return out
	}
	numbers := func(n ...uint32) (out []byte) {
		for _, v := range n {
			out = order.AppendUint32(out, v)
		}
		return out
	}
	thread := numbers(0x103, 0x7000, 42, 43, 15, 8, 9)
	section := numbers(0x7000, 0x8000000, 0x2000, 0)
	if order == minidumptest.Order(binary.BigEndian) {
		section = numbers(0x7000, 0x8000000, 0, 0x2000)
	}
	if width == 8 {
		thread = slices.Concat(numbers(0x103, 0), object(1, 0x7000, 42, 43, 15), numbers(8, 9))
		section = slices.Concat(object(7, 0x7000), numbers(0x8000000, 0), object(7, 0x2000))
	}
	process := object(4, 0x103, 0x7000, 15, 8, 42, 41, 3)
	if width == 8 {
		process = slices.Concat(numbers(0x103, 0), object(4, 0x7000, 15), numbers(8, 0), object(4, 42, 41), numbers(3, 0))
	}
	parts := []struct {
		name string
		kind uint32
		data []byte
	}{
		{"Thread", 1, thread}, {"Mutant", 2, slices.Concat(numbers(0xffffffff), []byte{1, 0, 0, 0})}, {"Mutant", 3, object(3, 42, 43)},
		{"Process", 4, process}, {"Process", 5, slices.Concat(object(5, 64), process)}, {"Event", 6, numbers(1, 1)},
		{"Section", 7, section}, {"Semaphore", 8, numbers(1, 5)}, {"Other", 99, []byte("bytes")},
	}
	for i, p := range parts {
		b.AddHandle(minidumptest.Handle{Value: uint64(4 * (i + 1)), Type: p.name, Name: `\BaseNamedObjects\` + p.name, Attributes: 2, Access: 0x1f0003, HandleCount: 1, PointerCount: 32768,
			ObjectInfo: minidumptest.RVA(minidumptest.ObjectInfo(uint32(0), p.kind, p.data))})
	}
	b.AddHandleOperations(
		minidumptest.HandleOperation{Handle: 0x33c, ProcessID: 42, ThreadID: 7, Type: minidump.OperationDbOPEN, Frames: []uint64{0x140010, 0x140020}},
		minidumptest.HandleOperation{Handle: 0x33c, ProcessID: 42, ThreadID: 8, Type: minidump.OperationDbCLOSE},
		minidumptest.HandleOperation{Handle: 0x33c, ProcessID: 42, ThreadID: 8, Type: minidump.OperationDbBADREF},
		minidumptest.HandleOperation{Handle: 0x33d, ProcessID: 43, ThreadID: 9, Type: 9})
}

func addMisc(b *minidumptest.Builder) {
	b.Add(minidump.MiscInfoStream, [3]uint32{1364, 0x3f7, 42}, [3]uint32{1700000000, 2, 3}, [5]uint32{3000, 2900, 2800, 2, 1},
		[4]uint32{0x2000, 9, 1, 2}, int32(-60), wide("W. Europe Standard Time", 32), [8]uint16{1: 10, 3: 5, 4: 3}, int32(0),
		wide("W. Europe Daylight Time", 32), [8]uint16{2024, 3, 0, 31, 2}, int32(-60),
		wide("26200.1", 260), wide("dbgcore.amd64,10.0", 40), [2]uint32{528, 1663}, uint64(1)<<62|7, [128]uint32{4: 576, 5: 256, 124: 2752, 125: 8}, uint32(0xcafe))
}

// systemMemory has another number in each member.
func systemMemory() *minidump.SystemMemoryInfo {
	m := &minidump.SystemMemoryInfo{}
	next := int64(0)
	var fill func(reflect.Value)
	fill = func(v reflect.Value) {
		for i := range v.NumField() {
			next += 1001
			switch f := v.Field(i); {
			case f.Kind() == reflect.Struct:
				fill(f)
			case f.CanInt():
				f.SetInt(next)
			default:
				f.SetUint(uint64(next) % (1 << min(f.Type().Bits(), 63)))
			}
		}
	}
	fill(reflect.ValueOf(m).Elem())
	m.Revision, m.Flags = 2, 0x3f
	return m
}
