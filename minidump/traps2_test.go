package minidump_test

import (
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// Lists.

func TestTrap09PaddingAndSlack(t *testing.T) {
	type faults = map[minidump.StreamType][]byte
	for _, stream := range []minidump.StreamType{minidump.ThreadListStream, minidump.ModuleListStream, minidump.MemoryListStream, minidump.ThreadNamesStream} {
		for _, slack := range []int{0, 4, 3, 100} {
			b := minidumptest.New(amd64)
			if slack == 4 {
				b.Faults.Padding = faults{stream: make([]byte, 4)}
			} else {
				b.Faults.Slack = faults{stream: make([]byte, slack)}
			}
			b.AddThread(minidumptest.Thread{ID: 7})
			b.AddModule(minidumptest.Module{Base: 7, Size: 1, Name: "a"})
			b.AddMemory(minidumptest.Memory{Start: 7, Data: []byte("x")})
			b.AddThreadNames(minidumptest.ThreadName{ID: 7, Name: "n"})
			f := open(t, b)
			equal(t, "thread", must(f.Threads())(t)[0].ThreadID, 7)
			equal(t, "module", must(f.Modules())(t)[0].BaseOfImage, 7)
			equal(t, "memory", must(f.MemoryList())(t)[0].StartOfMemoryRange, 7)
			equal(t, "name", must(f.ThreadNames())(t)[0].Name, "n")
			noWarnings(t, f)
		}
	}
}

func TestTrap10ExListSizes(t *testing.T) {
	infos := []minidumptest.MemoryInfo{{Base: 0x1000, Size: 0x2000, State: minidump.MemCommit, Protect: minidump.PageReadWrite}}
	t.Run("larger header", func(t *testing.T) {
		b := minidumptest.New(amd64)
		b.Faults.SizeOfHeader = map[minidump.StreamType]uint32{minidump.MemoryInfoListStream: 24}
		b.Faults.Padding = map[minidump.StreamType][]byte{minidump.MemoryInfoListStream: make([]byte, 8)}
		b.AddMemoryInfo(infos...)
		f := open(t, b)
		equal(t, "region", must(f.MemoryInfoList())(t)[0].BaseAddress, 0x1000)
		noWarnings(t, f)
	})
	t.Run("larger entries", func(t *testing.T) {
		b := minidumptest.New(amd64)
		b.Add(minidump.UnloadedModuleListStream, uint32(12), uint32(32), uint32(2),
			uint64(1), [3]uint32{2, 3, 4}, minidumptest.String("a"), uint64(99),
			uint64(5), [3]uint32{6, 7, 8}, minidumptest.String("b"), uint64(99))
		list := must(open(t, b).UnloadedModules())(t)
		if len(list) != 2 || list[1].BaseOfImage != 5 || list[1].Name != "b" {
			t.Errorf("modules = %+v", list)
		}
	})
	t.Run("smaller entries", func(t *testing.T) {
		b := minidumptest.New(amd64)
		b.Faults.SizeOfEntry = map[minidump.StreamType]uint32{minidump.MemoryInfoListStream: 4}
		b.AddMemoryInfo(infos...)
		_, err := open(t, b).MemoryInfoList()
		wantFormatError(t, err, minidump.MemoryInfoListStream)
	})
	t.Run("count of 64 bits", func(t *testing.T) {
		b := minidumptest.New(amd64)
		b.Faults.Count = map[minidump.StreamType]uint64{minidump.MemoryInfoListStream: 1 << 63}
		b.AddMemoryInfo(infos...)
		f := open(t, b)
		equal(t, "regions", len(must(f.MemoryInfoList())(t)), 1)
		wantWarning(t, f, minidump.MemoryInfoListStream, "1 are there")
	})
	for _, size := range []int{32, 40, 48} {
		b := minidumptest.New(amd64)
		b.HandleDescriptorSize = size
		b.AddHandle(minidumptest.Handle{Value: 4, Type: "Event", Name: "n"})
		b.AddHandle(minidumptest.Handle{Value: 8, Type: "File"})
		f := open(t, b)
		h := must(f.HandleData())(t)
		equal(t, "size", h.SizeOfDescriptor, uint32(size))
		for i, d := range h.All() {
			if d.Handle != uint64(4+4*i) || d.TypeName != []string{"Event", "File"}[i] {
				t.Errorf("size %d: handle %d is %+v", size, i, d)
			}
		}
		noWarnings(t, f)
	}
}

func TestTrap11ThreadNames(t *testing.T) {
	for _, align := range []int{1, 4} {
		b := minidumptest.New(amd64)
		b.Align = align
		b.AddThreadNames(minidumptest.ThreadName{ID: 1, Name: "main"}, minidumptest.ThreadName{ID: 2}, minidumptest.ThreadName{ID: 3, Name: "ü"})
		f := open(t, b)
		names := must(f.ThreadNames())(t)
		if len(names) != 3 || names[0].Name != "main" || names[1].Name != "" || names[2] != (minidump.ThreadName{ThreadID: 3, Name: "ü"}) {
			t.Errorf("names = %+v", names)
		}
		noWarnings(t, f)
	}
}

func TestTrap12NoCaps(t *testing.T) {
	b := minidumptest.New(amd64)
	name := make([]byte, 5000)
	for i := range name {
		name[i] = 'a'
	}
	for i := range 10000 {
		b.AddModule(minidumptest.Module{Base: uint64(i) << 16, Size: 0x1000, Name: string(name)})
		b.AddThread(minidumptest.Thread{ID: uint32(i)})
		b.AddMemory(minidumptest.Memory{Start: uint64(i) << 16, Data: []byte("x")})
	}
	for range 300 {
		b.Add(0x10000, uint32(1))
	}
	f := open(t, b)
	equal(t, "streams", len(f.Directory()), 304)
	equal(t, "modules", len(must(f.Modules())(t)), 10000)
	equal(t, "name", must(f.Modules())(t)[9999].Name, string(name))
	equal(t, "threads", len(must(f.Threads())(t)), 10000)
	equal(t, "ranges", must(f.Memory())(t).Len(), 10000)
	noWarnings(t, f)
}

func TestTrap13ModuleExtents(t *testing.T) {
	b := minidumptest.New(amd64)
	b.AddModule(minidumptest.Module{Base: 0x1000, Size: 0, Name: "empty"})
	b.AddModule(minidumptest.Module{Base: ^uint64(0) - 5, Size: 0x1000, Name: "over the end"})
	b.AddModule(minidumptest.Module{Base: 0x10000, Size: 0x1000, Name: "twice"})
	b.AddModule(minidumptest.Module{Base: 0x10000, Size: 0x1000, Name: "twice"})
	b.AddUnloadedModules(minidumptest.UnloadedModule{Base: 0x10000, Size: 0x1000, Name: "gone"}, minidumptest.UnloadedModule{Base: 0x10800, Size: 0x1000, Name: "gone too"})
	f := open(t, b)
	modules := must(f.Modules())(t)
	equal(t, "modules", len(modules), 3)
	if modules[0].Contains(0x1000) || !modules[1].Contains(0x10fff) || modules[1].Contains(0x11000) {
		t.Errorf("extents of %+v", modules)
	}
	unloaded := must(f.UnloadedModules())(t)
	if len(unloaded) != 2 || !unloaded[0].Contains(0x10800) || !unloaded[1].Contains(0x10800) {
		t.Errorf("unloaded = %+v", unloaded)
	}
	wantWarning(t, f, minidump.ModuleListStream, "exceeds the address space")
	equal(t, "warnings", len(f.Warnings()), 1)
}
