package minidump_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// full has a stream of each kind, in either byte order and of either width.
func full(arch minidump.ProcessorArchitecture, bigEndian bool) *minidumptest.Builder {
	b := minidumptest.New(arch)
	b.BigEndian = bigEndian
	b.AddModule(minidumptest.Module{Base: 0x140000, Size: 0x1000, Name: `C:\ü.exe`, CodeView: minidumptest.RSDS(minidump.GUID{Data1: 1, Data2: 2, Data3: 3}, 2, "a.pdb")})
	b.AddModule(minidumptest.Module{Base: 0x150000, Size: 0x1000, Name: "nb.dll", CodeView: &minidump.CodeView{Signature: minidump.CodeViewNB10, TimeDateStamp: 3, Age: 1, PdbFileName: "b.pdb"}})
	b.AddThread(minidumptest.Thread{ID: 7, Teb: 0x7000, StackBase: 0x10000, Stack: []byte("stack"), Context: make([]byte, 1407)})
	b.AddMemory(minidumptest.Memory{Start: 0x20000, Data: []byte("list")})
	b.AddMemory(minidumptest.Memory{Start: 0x7000, Data: make([]byte, 0x1800)})
	b.AddException(minidumptest.Exception{ThreadID: 7, Code: 0xc0000008, Information: []uint64{1, 0x33c}, Context: make([]byte, 1232)})
	b.AddUnloadedModules(minidumptest.UnloadedModule{Base: 0x160000, Size: 0x1000, Name: "gone.dll"})
	b.AddMemoryInfo(minidumptest.MemoryInfo{Base: 0x1000, Size: 0x1000, State: minidump.MemCommit, Protect: minidump.PageReadWrite})
	b.AddThreadNames(minidumptest.ThreadName{ID: 7, Name: "main"})
	b.AddHandle(minidumptest.Handle{Value: 0x33c, Type: "Mutant", Name: "m", ObjectInfo: minidumptest.RVA(
		minidumptest.ObjectInfo(minidumptest.RVA(minidumptest.ObjectInfo(uint32(0), 2, make([]byte, 8))), 3, make([]byte, 16)))})
	b.AddHandleOperations(minidumptest.HandleOperation{Handle: 0x33c, ThreadID: 7, Type: minidump.OperationDbOPEN, Frames: []uint64{0x140010, 0x140020}})
	b.Add(minidump.MiscInfoStream, uint32(1364), uint32(1), uint32(42), make([]byte, 1352))
	b.Add(minidump.ThreadExListStream, uint32(1), uint32(9), make([]byte, 60))
	b.Add(minidump.CommentStreamA, "ascii\x00")
	b.Add(minidump.CommentStreamW, []uint16{'w', 'i', 'd', 'e', 0})
	b.Add(minidump.FunctionTableStream, [6]uint32{24, 32, 8, 12, 1, 0}, [3]uint64{0x1000, 0x2000, 0x1000}, [2]uint32{1, 0}, make([]byte, 20))
	b.Add(minidump.ThreadInfoListStream, [3]uint32{12, 64, 1}, [4]uint32{7, 0, 0, 0x103}, [6]uint64{116444736010000000, 0, 1, 2, 0x140010, 15})
	b.Add(minidump.TokenStream, [4]uint32{32, 1, 16, 16}, [2]uint32{16, 42}, uint64(0x88))
	b.Add(minidump.SystemMemoryInfoStream, uint16(1), uint16(15), make([]byte, 488))
	b.Add(minidump.ProcessVMCountersStream, uint16(2), uint16(1), uint32(7), make([]byte, 144))
	b.Add(minidump.IptTraceStream, uint16(1), uint16(1), uint32(4), "tracerest")
	b.Add(minidump.JavaScriptDataStream, "raw")
	addBreakpad(b)
	addCrashpad(b)
	b.AddMemory64(minidumptest.Memory{Start: 0x30000, Data: []byte("full")})
	b.UnusedEntries = 1
	return b
}

func addBreakpad(b *minidumptest.Builder) {
	b.Add(minidump.WineModulesStream, uint32(0))
	b.Add(minidump.BreakpadInfoStream, [3]uint32{3, 7, 8})
	b.Add(minidump.BreakpadAssertionInfoStream, [384]uint16{'e'}, uint32(7), uint32(2))
	b.Add(minidump.LinuxCPUInfoStream, "processor : 0\n")
	b.Add(minidump.LinuxProcStatusStream, "Name: a\n")
	b.Add(minidump.LinuxLSBReleaseStream, "DISTRIB_ID=x\n")
	b.Add(minidump.LinuxCmdLineStream, "a\x00--all\x00")
	b.Add(minidump.LinuxEnvironStream, "A=1\x00B=\x00")
	b.Add(minidump.LinuxMapsStream, "00400000-00452000 r-xp 00000000 08:02 173521 /usr/bin/a\n")
	link := minidumptest.RVA(uint64(0x400000), minidumptest.String("libc.so"), uint32(0), uint64(0x401000))
	b.Add(minidump.LinuxAuxvStream, [6]uint64{6, 4096, 3, 0x400040, 0, 0})
	b.Add(minidump.LinuxDSODebugStream, uint32(1), link, uint32(1), uint32(0), [3]uint64{1, 2, 3}, "dynamic")
}

func addCrashpad(b *minidumptest.Builder) {
	text, loc := minidumptest.UTF8String, minidumptest.Location
	simple := loc(uint32(1), text("key"), text("välue"))
	object := []any{text("name"), uint16(1), uint16(0), minidumptest.RVA(uint32(5), "bytes")}
	module := loc(uint32(1), loc(uint32(2), text("one"), text("two")), simple, loc(uint32(1), object))
	b.Add(minidump.CrashpadInfoStream, uint32(1), minidump.GUID{Data1: 1}, minidump.GUID{Data1: 2}, simple,
		loc(uint32(1), uint32(1), module), uint32(0), uint64(0xffff))
}

func TestEveryStream(t *testing.T) {
	for _, bigEndian := range []bool{false, true} {
		f := open(t, full(amd64, bigEndian))
		for stream, decode := range decoders {
			if err := decode(f); err != nil {
				t.Errorf("big-endian %v: %v", bigEndian, err)
			}
			if !f.Has(stream) {
				t.Errorf("the builder made no %v", stream)
			}
		}
		checkFull(t, f)
		checkBreakpad(t, f)
		checkCrashpad(t, f)
		noWarnings(t, f)
	}
}

func checkFull(t *testing.T, f *minidump.File) {
	t.Helper()
	modules := must(f.Modules())(t)
	equal(t, "module", modules[0].Name, `C:\ü.exe`)
	equal(t, "debug id", modules[0].DebugID(), "000000010002000300000000000000002")
	equal(t, "thread name", must(f.ThreadNames())(t)[0].Name, "main")
	info := must(f.ThreadInfoList())(t)[0]
	if info.ExitStatus != 0x103 || info.CreateTime.Time().Unix() != 1 || info.StartAddress != 0x140010 {
		t.Errorf("thread info = %+v", info)
	}
	equal(t, "comment", must(f.CommentA())(t), "ascii")
	equal(t, "comment", must(f.CommentW())(t), "wide")
	equal(t, "token", must(f.Tokens())(t)[0].TokenHandle, 0x88)
	equal(t, "thread ex", must(f.ThreadExList())(t)[0].ThreadID, 9)
	equal(t, "page faults", must(f.ProcessVMCounters())(t).PageFaultCount, 7)
	trace := must(f.IptTrace())(t)
	if trace.TraceVersion != 1 || string(trace.Trace) != "trac" {
		t.Errorf("trace = %+v", trace)
	}
	pid, _ := f.ProcessID()
	equal(t, "process", pid, 42)
	m := must(f.Memory())(t)
	for addr, want := range map[uint64]string{0x10000: "stack", 0x20000: "list", 0x30000: "full"} {
		wantBytes(t, m, addr, want)
	}
	word := must(m.Uint32(0x30000))(t)
	if want := map[bool]uint32{false: 0x6c6c7566, true: 0x66756c6c}[f.Header().BigEndian]; word != want {
		t.Errorf("word = %#x", word)
	}
	must(f.ThreadContext(&must(f.Threads())(t)[0]))(t)
}

func checkBreakpad(t *testing.T, f *minidump.File) {
	t.Helper()
	equal(t, "breakpad", *must(f.BreakpadInfo())(t), minidump.BreakpadInfo{Validity: 3, DumpThreadID: 7, RequestingThreadID: 8})
	equal(t, "cpuinfo", must(f.LinuxCPUInfo())(t), "processor : 0\n")
	if c := must(f.LinuxCmdLine())(t); !slices.Equal(c, []string{"a", "--all"}) {
		t.Errorf("command line = %q", c)
	}
	if e := must(f.LinuxEnviron())(t); !slices.Equal(e, []string{"A=1", "B="}) {
		t.Errorf("environment = %q", e)
	}
	if a := must(f.LinuxAuxv())(t); len(a) != 2 || a[1] != (minidump.Auxv{Type: 3, Value: 0x400040}) {
		t.Errorf("auxv = %v", a)
	}
	d := must(f.LinuxDSODebug())(t)
	if d.Dynamic != 3 || string(d.DynamicSection) != "dynamic" || len(d.LinkMap) != 1 || d.LinkMap[0] != (minidump.LinkMap{Addr: 0x400000, Name: "libc.so", Ld: 0x401000}) {
		t.Errorf("dso debug = %+v", d)
	}
}

func checkCrashpad(t *testing.T, f *minidump.File) {
	t.Helper()
	c := must(f.CrashpadInfo())(t)
	if c.ReportID.Data1 != 1 || c.AddressMask != 0xffff || len(c.Modules) != 1 || fmt.Sprint(c.SimpleAnnotations) != "[{key välue}]" {
		t.Fatalf("crashpad = %+v", c)
	}
	m := c.Modules[0]
	if m.ModuleListIndex != 1 || !slices.Equal(m.ListAnnotations, []string{"one", "two"}) || fmt.Sprint(m.SimpleAnnotations) != "[{key välue}]" ||
		len(m.AnnotationObjects) != 1 || m.AnnotationObjects[0].Name != "name" || string(m.AnnotationObjects[0].Value) != "bytes" {
		t.Errorf("module = %+v", m)
	}
}

// A stream that the package does not know is decoded by a function of one's
// own: Unreal Engine stores its crash context as UTF-16 XML.
func ExampleDecode() {
	b := minidumptest.New(minidump.ProcessorArchitectureAMD64)
	b.Add(minidump.UnrealCrashContextStream, []uint16{'<', 'F', '/', '>', 0})
	f, err := b.Open()
	if err != nil {
		fmt.Println(err)
		return
	}
	xml, err := minidump.Decode(f, 0x10000, func(s minidump.StreamData) (string, error) {
		return s.UTF16(), nil
	})
	fmt.Println(xml, err)
	// Output: <F/> <nil>
}
