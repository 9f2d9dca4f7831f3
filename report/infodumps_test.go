package report_test

import (
	"bytes"
	"encoding/binary"
	"reflect"
	"slices"
	"testing"
	"unicode/utf16"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

const (
	amd64 = minidump.ProcessorArchitectureAMD64
	x86   = minidump.ProcessorArchitectureIntel
)

// infoDumps are dumps that the builder makes: between them they have every
// stream, and every member that info shows.
func infoDumps() map[string]*minidumptest.Builder {
	dumps := map[string]*minidumptest.Builder{}
	for name, bigEndian := range map[string]bool{"": false, "-big-endian": true} {
		dumps["windows-amd64"+name] = windowsDump(amd64, bigEndian)
		dumps["windows-x86"+name] = windowsDump(x86, bigEndian)
		dumps["linux"+name] = linuxDump(bigEndian)
		dumps["crashpad"+name] = crashpadDump(bigEndian)
		dumps["wow64"+name] = wow64Dump(bigEndian)
	}
	dumps["empty"] = &minidumptest.Builder{}
	dumps["damaged"] = damagedDump()
	return dumps
}

// blocks lays out what lies in the memory of a process.
type blocks struct {
	order minidumptest.Order
	width int
	base  uint64
	data  []byte
}

func newBlocks(order minidumptest.Order, width int, base uint64, size int) *blocks {
	return &blocks{order, width, base, make([]byte, size)}
}

func orderOf(bigEndian bool) minidumptest.Order {
	if bigEndian {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

func (p *blocks) word(off int, v uint64) {
	if p.width == 4 {
		p.order.PutUint32(p.data[off:], uint32(v))
		return
	}
	p.order.PutUint64(p.data[off:], v)
}

// text writes a UNICODE_STRING at off, and its text at at.
func (p *blocks) text(off, at int, s string) {
	units := utf16.Encode([]rune(s))
	p.order.PutUint16(p.data[off:], uint16(2*len(units)))
	p.order.PutUint16(p.data[off+2:], uint16(2*len(units)+2))
	p.word(off+p.width, p.base+uint64(at))
	p.wide(at, s)
}

func (p *blocks) wide(at int, s string) {
	for i, u := range utf16.Encode([]rune(s)) {
		p.order.PutUint16(p.data[at+2*i:], u)
	}
}

// processBlocks has the block of a thread at 0, that of the process at 0x2000,
// its parameters at 0x3000 and texts from 0x4000 on.
func processBlocks(order minidumptest.Order, width int, base uint64) *blocks {
	o := map[int]struct{ id, tls, peb, lastError, lastStatus, slots, image, parameters, flag, version, session, in, dir, dll, path, command, environment, title int }{
		8: {0x40, 0x58, 0x60, 0x68, 0x1250, 0x1480, 0x10, 0x20, 0xbc, 0x118, 0x2c0, 0x20, 0x38, 0x50, 0x60, 0x70, 0x80, 0xb0},
		4: {0x20, 0x2c, 0x30, 0x34, 0xbf4, 0xe10, 0x08, 0x10, 0x68, 0xa4, 0x1d4, 0x18, 0x24, 0x30, 0x38, 0x40, 0x48, 0x70},
	}[width]
	p := newBlocks(order, width, base, 0x6000)
	p.word(width, 0x20000) // stack base and limit
	p.word(2*width, 0x10000)
	p.word(o.id, 42)
	p.word(o.id+width, 7)
	p.word(o.tls, 0x7700)
	p.word(o.peb, base+0x2000)
	order.PutUint32(p.data[o.lastError:], 6)
	order.PutUint32(p.data[o.lastStatus:], 0xc0000008)
	p.word(o.slots+5*width, 0xabc)
	p.data[0x2002] = 1 // being debugged
	p.word(0x2000+o.image, 0x140000)
	p.word(0x2000+o.parameters, base+0x3000)
	order.PutUint32(p.data[0x2000+o.flag:], 0x40000100)
	order.PutUint32(p.data[0x2000+o.version:], 10)
	order.PutUint32(p.data[0x2000+o.session:], 3)
	p.word(0x3000+o.in, 0x10)
	p.text(0x3000+o.dir, 0x4000, `C:\work\`)
	p.text(0x3000+o.dll, 0x4080, `C:\Windows;C:\work`)
	p.text(0x3000+o.path, 0x4100, `C:\work\ü.exe`)
	p.text(0x3000+o.command, 0x4200, `ü.exe "--all"`)
	p.text(0x3000+o.title, 0x4300, "title\x1b[2J")
	p.word(0x3000+o.environment, base+0x5000)
	p.wide(0x5000, "A=1\x00PATH=C:\\\x00\x00")
	return p
}

// contextAt returns registers with numbers at their places, for both widths.
func contextAt(arch minidump.ProcessorArchitecture, order minidumptest.Order) []byte {
	if arch == x86 {
		b := make([]byte, 716)
		for off, v := range map[int]uint32{0xb8: 0x140010, 0xc4: 0x10010, 0xb4: 0x10020} {
			order.PutUint32(b[off:], v)
		}
		return b
	}
	b := make([]byte, 1232)
	for off, v := range map[int]uint64{0xf8: 0x140010, 0x98: 0x10010, 0xa0: 0x10020} {
		order.PutUint64(b[off:], v)
	}
	return b
}

// withShadowStack adds extended state with AVX and CET to a context.
func withShadowStack(context []byte, order minidumptest.Order) []byte {
	const gap = 0x20
	size := int32(len(context))
	area := order.AppendUint64(nil, 1<<11|1<<2)
	area = order.AppendUint64(area, 1<<63|1<<11|1<<2)
	area = append(area, make([]byte, 48+256+8)...)
	area = order.AppendUint64(area, 0xabc0)
	var ex []byte
	for _, v := range []int32{-size, size + gap + int32(len(area)), -size, size, gap, int32(len(area))} {
		ex = order.AppendUint32(ex, uint32(v))
	}
	return slices.Concat(context, ex, make([]byte, gap-len(ex)), area)
}

// sid returns S-1-5-21-1-n; SIDs are little-endian in any file.
func sid(n uint32) []byte {
	return binary.LittleEndian.AppendUint32([]byte{1, 3, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0}, n)
}

// token returns an entry of the Token stream.
func token(order minidumptest.Order, id uint32) []byte {
	u32 := func(n ...uint32) (b []byte) {
		for _, v := range n {
			b = order.AppendUint32(b, v)
		}
		return b
	}
	u64 := func(n ...uint64) (b []byte) {
		for _, v := range n {
			b = order.AppendUint64(b, v)
		}
		return b
	}
	elements := [][]byte{
		u32(1),
		slices.Concat(u32(8, 7), sid(500)),
		slices.Concat(u32(2, 20, 7, 40, 0x10), sid(513), sid(1234)),
		slices.Concat(u32(4), sid(513)),
		slices.Concat(u32(2), u64(20), u32(2), u64(23), u32(3)),
		slices.Concat(u64(1, 2, 133445556667778889), u32(1, 0, 4096, 100, 2, 2), u64(9)),
	}
	var header, body []byte
	for _, e := range elements {
		header = append(header, u32(uint32(64+len(body)), uint32(len(e)))...)
		body = append(body, e...)
	}
	return slices.Concat(u32(uint32(64+len(body)), id), u64(0x88), header, body)
}

func wide(s string, n int) []uint16 { return append(utf16.Encode([]rune(s)), make([]uint16, n)...)[:n] }

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

func linuxDump(bigEndian bool) *minidumptest.Builder {
	b := minidumptest.New(amd64)
	b.BigEndian = bigEndian
	cpu := [6]uint32{0x756e6547, 0x49656e69, 0x6c65746e}
	if bigEndian {
		cpu = [6]uint32{0x47656e75, 0x696e6549, 0x6e74656c}
	}
	b.AddSystemInfo(minidumptest.SystemInfo{Architecture: amd64, Platform: minidump.PlatformLinux, Processors: 2, CSDVersion: "Linux 6.8.0 x86_64", CPU: cpu})
	b.AddModule(minidumptest.Module{Base: 0x400000, Size: 0x1000, Name: "/usr/bin/a", CodeView: &minidump.CodeView{Signature: minidump.CodeViewELF, BuildID: []byte{0xab, 0xcd}}})
	b.AddException(minidumptest.Exception{ThreadID: 7, Code: 11, Flags: 1, Address: 0x44})
	b.AddHandle(minidumptest.Handle{Value: 3, Type: "socket", Name: "socket:[123]"})
	b.Add(minidump.LinuxCPUInfoStream, "processor\t: 0\nflags\t: \x1b[31mfpu\n")
	b.Add(minidump.LinuxProcStatusStream, "Name:\ta\nPid:\t7\n")
	b.Add(minidump.LinuxLSBReleaseStream, "DISTRIB_ID=x\n")
	b.Add(minidump.LinuxCmdLineStream, "a\x00--all\x00")
	b.Add(minidump.LinuxEnvironStream, "A=1\x00SECRET=hidden\x00")
	b.Add(minidump.LinuxMapsStream, "00400000-00452000 r-xp 00001000 08:02 173521 /usr/bin/a\n7f0000000000-7f0000001000 rw-p 00000000 00:00 0 \n")
	b.Add(minidump.LinuxAuxvStream, [6]uint64{6, 4096, 77, 0x400040, 0, 0})
	link := minidumptest.RVA(uint64(0x400000), minidumptest.String("libc.so"), uint32(0), uint64(0x401000))
	b.Add(minidump.LinuxDSODebugStream, uint32(1), link, uint32(1), uint32(0), [3]uint64{1, 2, 3}, "dynamic")
	return b
}

func crashpadDump(bigEndian bool) *minidumptest.Builder {
	b := minidumptest.New(amd64)
	b.BigEndian = bigEndian
	b.AddSystemInfo(minidumptest.SystemInfo{Architecture: amd64, Platform: minidump.PlatformMacOS, Major: 14, Processors: 8})
	b.AddModule(minidumptest.Module{Base: 0x400000, Size: 0x1000, Name: "/usr/lib/dyld"})
	b.AddException(minidumptest.Exception{ThreadID: 7, Code: 1, Address: 0x44})
	text, loc := minidumptest.UTF8String, minidumptest.Location
	simple := loc(uint32(2), text("key"), text("välue"), text("other\n"), text("second\u2029"))
	objects := loc(uint32(2), text("name"), [2]uint16{1}, minidumptest.RVA(uint32(5), "bytes"), text("blob"), [2]uint16{0x8001}, minidumptest.RVA(uint32(3), "\x00\x01\x02"))
	module := loc(uint32(1), loc(uint32(2), text("one"), text("two")), simple, objects)
	b.Add(minidump.CrashpadInfoStream, uint32(1), minidump.GUID{Data1: 1}, minidump.GUID{Data1: 2}, simple,
		loc(uint32(1), uint32(0), module), uint32(0), uint64(0xffff))
	return b
}

// wow64Dump is of a 32-bit process on 64-bit Windows.
func wow64Dump(bigEndian bool) *minidumptest.Builder {
	order := orderOf(bigEndian)
	b := minidumptest.New(amd64)
	b.BigEndian = bigEndian
	b.AddModule(minidumptest.Module{Base: 0x140000, Size: 0x1000, Name: `C:\a.exe`})
	b.AddThread(minidumptest.Thread{ID: 7, Teb: 0x100000, Context: contextAt(amd64, order)})
	wide := processBlocks(order, 8, 0x100000)
	wide.word(0, 0x200000)    // the 32-bit block
	wide.word(0x1488, 0x7000) // slot 1: the 32-bit processor
	b.AddMemory(minidumptest.Memory{Start: 0x100000, Data: wide.data})
	b.AddMemory(minidumptest.Memory{Start: 0x200000, Data: processBlocks(order, 4, 0x200000).data})
	b.AddMemory(minidumptest.Memory{Start: 0x7000, Data: append(make([]byte, 4), contextAt(x86, order)...)})
	return b
}

// crowdedTokenDump has a token of more groups and privileges than Windows
// lets one have, all the same ones.
func crowdedTokenDump() *minidumptest.Builder {
	const entries = 5000
	b := minidumptest.New(amd64)
	groups := binary.LittleEndian.AppendUint32(nil, entries)
	privileges := bytes.Clone(groups)
	for range entries {
		groups = append(groups, 4, 0, 0, 0, 7, 0, 0, 0)
		privileges = append(privileges, 20, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0)
	}
	const header = 64
	sizes := [12]uint32{4: header, 5: uint32(len(groups)), 8: uint32(header + len(groups)), 9: uint32(len(privileges))}
	size := uint32(header + len(groups) + len(privileges))
	b.Add(minidump.TokenStream, [4]uint32{16 + size, 1, 16, header}, [2]uint32{size, 42}, uint64(0), sizes, groups, privileges)
	return b
}

// damagedDump has faults that cost a stream each, or a part of one.
func damagedDump() *minidumptest.Builder {
	b := windowsDump(amd64, false)
	b.Faults.Count = map[minidump.StreamType]uint64{minidump.ModuleListStream: 1000}
	b.Faults.SizeOfEntry = map[minidump.StreamType]uint32{minidump.HandleDataStream: 8, minidump.MemoryInfoListStream: 1}
	b.Faults.DataSize = map[minidump.StreamType]uint32{minidump.MiscInfoStream: 3, minidump.ThreadInfoListStream: 5, minidump.SystemMemoryInfoStream: 100, minidump.IptTraceStream: 2}
	b.Faults.Rva = map[minidump.StreamType]uint32{minidump.TokenStream: 1 << 31, minidump.UnloadedModuleListStream: 1 << 31, minidump.BreakpadInfoStream: 1 << 31}
	return b
}

func openDump(t testing.TB, b *minidumptest.Builder) *minidump.File {
	t.Helper()
	f, err := b.Open()
	if err != nil {
		t.Fatal(err)
	}
	return f
}
