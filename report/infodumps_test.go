package report_test

import (
	"bytes"
	"encoding/binary"
	"testing"

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
