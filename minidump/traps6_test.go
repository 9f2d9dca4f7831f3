package minidump_test

import (
	"bytes"
	"testing"
	"unicode/utf16"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// Token, function table, system memory, counters, MiscInfo and the rest.

// sid returns S-1-5-21-n.
func sid(n uint32) []byte {
	return append([]byte{1, 2, 0, 0, 0, 0, 0, 5}, dwords(21, n)...)
}

// token returns an entry of the Token stream. primary is the offset that the
// primary group's element announces.
func token(id uint32, primary uint32) []byte {
	elements := [][]byte{
		dwords(1),
		append(dwords(8, 0), sid(1001)...),
		append(append(dwords(2, 24, 7, 40, 0x10), make([]byte, 4)...), append(sid(513), sid(545)...)...),
		append(dwords(primary), sid(513)...),
		append(dwords(2), dwords(20, 0, 2, 23, 0, 3)...),
		append(words(1, 2, 116444736000000000), dwords(1, 0, 4096, 100, 2, 2, 9, 0)...),
		make([]byte, 8),
	}
	var header, body []byte
	for _, e := range elements {
		header = append(header, dwords(uint32(72+len(body)), uint32(len(e)))...)
		body = append(body, e...)
	}
	head := append(dwords(uint32(72+len(body)), id), words(0x88)...)
	return append(append(head, header...), body...)
}

func TestTrap32Token(t *testing.T) {
	b := minidumptest.New(amd64)
	first, second := token(42, 8), token(43, 4)
	b.Add(minidump.TokenStream, uint32(16+len(first)+len(second)), uint32(2), uint32(16), uint32(72), first, second)
	f := open(t, b)
	tokens := must(f.Tokens())(t)
	equal(t, "tokens", len(tokens), 2)
	for i, k := range tokens {
		equal(t, "id", k.TokenID, uint32(42+i))
		equal(t, "user", k.User.SID.String(), "S-1-5-21-1001")
		equal(t, "primary group", k.PrimaryGroup.String(), "S-1-5-21-513")
		if len(k.Groups) != 2 || k.Groups[1].SID.String() != "S-1-5-21-545" || k.Groups[1].Attributes != 0x10 {
			t.Errorf("groups = %v", k.Groups)
		}
		if len(k.Privileges) != 2 || k.Privileges[0].Name() != "SeDebugPrivilege" || k.Privileges[1].Attributes != 3 {
			t.Errorf("privileges = %v", k.Privileges)
		}
		if k.TokenType != 1 || k.Statistics.GroupCount != 2 || k.Statistics.ModifiedID != 9 || k.Statistics.ExpirationTime.Time().Year() != 1970 {
			t.Errorf("statistics = %+v", k.Statistics)
		}
	}
	noWarnings(t, f)
}

func TestTrap32DamagedTokens(t *testing.T) {
	whole := token(42, 8)
	for n := range whole {
		b := minidumptest.New(amd64)
		b.Add(minidump.TokenStream, uint32(16+len(whole)), uint32(1), uint32(16), uint32(72), whole[:n])
		if tokens := must(open(t, b).Tokens())(t); len(tokens) != 0 {
			t.Errorf("a token of %d bytes of %d is read", n, len(whole))
		}
		// Each byte in turn is wrong.
		bad := bytes.Clone(whole)
		bad[n] = 0xff
		b = minidumptest.New(amd64)
		b.Add(minidump.TokenStream, uint32(16+len(whole)), uint32(1), uint32(16), uint32(72), bad)
		_, _ = open(t, b).Tokens()
	}
}

func TestTrap33FunctionTable(t *testing.T) {
	for _, native := range []uint32{88, 112, 136} {
		table := func(base uint64, entries, pad uint32) []any {
			return []any{words(base, base+0x1000, base), dwords(entries, pad), make([]byte, native), make([]byte, 12*entries), make([]byte, pad)}
		}
		b := minidumptest.New(amd64)
		b.Add(minidump.FunctionTableStream, dwords(24, 32, native, 12, 3, 4), make([]byte, 4), table(0x1000, 3, 4), table(0x2000, 2, 0), table(0x3000, 1, 4),
			make([]byte, 16)) // the size is an upper bound
		f := open(t, b)
		tables := must(f.FunctionTables())(t)
		equal(t, "tables", tables.NumberOfDescriptors, 3)
		n := 0
		for i, table := range tables.All() {
			if table.BaseAddress != uint64(0x1000*(i+1)) || len(table.Entries) != 12*(3-i) || len(table.Native) != int(native) {
				t.Errorf("table %d = %+v", i, table)
			}
			n++
		}
		equal(t, "tables there", n, 3)
		noWarnings(t, f)
	}
	b := minidumptest.New(amd64)
	b.Add(minidump.FunctionTableStream, dwords(24, 32, 0, 12, 0xffffffff, 0), words(1, 2, 3), dwords(0xffffffff, 0))
	f := open(t, b)
	for range must(f.FunctionTables())(t).All() {
		t.Error("a table of four billion entries is there")
	}
	wantWarning(t, f, minidump.FunctionTableStream, "left out")
}

func TestTrap34SystemMemoryInfo(t *testing.T) {
	data := make([]byte, 524)
	for i, v := range map[int]byte{0: 2, 2: 0x3f, 8: 0x10, 52: 8, 460: 1, 476: 2, 492: 3, 516: 4} {
		data[i] = v
	}
	for _, size := range []int{492, 524, 600} {
		b := minidumptest.New(amd64)
		b.Add(minidump.SystemMemoryInfoStream, append(bytes.Clone(data), make([]byte, 100)...)[:size])
		m := must(open(t, b).SystemMemoryInfo())(t)
		if m.BasicInfo.PageSize != 0x10 || m.BasicInfo.NumberOfProcessors != 8 || m.Perf.CcTotalDirtyPages != 1 || m.Perf.ResidentAvailablePages != 2 {
			t.Errorf("%d bytes: %+v", size, m)
		}
		second := m.Perf.MdlPagesAllocated == 3 && m.Perf.ContiguousPagesAllocated == 4 && m.Flags == 0x3f
		first := m.Perf.MdlPagesAllocated == 0 && m.Flags == 0x0f
		if size == 492 && !first || size > 492 && !second {
			t.Errorf("%d bytes: flags %#x, %+v", size, m.Flags, m.Perf)
		}
	}
	b := minidumptest.New(amd64)
	b.Add(minidump.SystemMemoryInfoStream, data[:491])
	_, err := open(t, b).SystemMemoryInfo()
	wantFormatError(t, err, minidump.SystemMemoryInfoStream)
}

func TestTrap35VMCounters(t *testing.T) {
	first := append(dwords(0xdead0001, 7), words(1, 2, 3, 4, 5, 6, 7, 8, 0x9999)...)
	second := append(dwords(0x001f0002, 7), words(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0x9999, 12, 13, 14, 15, 16, 17, 18)...)
	for _, data := range [][]byte{first, second} {
		b := minidumptest.New(amd64)
		b.Add(minidump.ProcessVMCountersStream, data)
		f := open(t, b)
		v := must(f.ProcessVMCounters())(t)
		if v.PrivateUsage != 0x9999 || v.PageFaultCount != 7 || v.PeakPagefileUsage != 8 {
			t.Errorf("counters = %+v", v)
		}
		if v.Revision == 1 && (v.PeakVirtualSize != 0 || v.Flags != minidump.VMCountersBasic|minidump.VMCountersEx) ||
			v.Revision == 2 && (v.VirtualSize != 10 || v.JobTotalCommitLimit != 18) {
			t.Errorf("counters = %+v", v)
		}
		noWarnings(t, f)
	}
}

func TestTrap36MiscInfo(t *testing.T) {
	units := func(s string, n int) []uint16 {
		return append(utf16.Encode([]rune(s)), make([]uint16, n)...)[:n]
	}
	full := "a time zone with exactly 32 unit"
	whole := func(size uint32) *minidumptest.Builder {
		b := minidumptest.New(amd64)
		b.Add(minidump.MiscInfoStream, size, uint32(0x3f7), uint32(42), [3]uint32{1700000000, 2, 3}, [5]uint32{4, 5, 6, 7, 8},
			[4]uint32{0x2000, 9, 1, 2}, int32(-60), units(full, 32), [8]uint16{1: 10, 3: 5}, int32(0), units("summer", 32), [8]uint16{}, int32(-60),
			units("19041.1", 260), units("dbgcore", 40), uint32(528), uint32(1663), uint64(1)<<63|7, [128]uint32{4: 576, 5: 256}, uint32(0xcafe), make([]byte, 4))
		return b
	}
	valid := map[uint32]uint32{8: 0, 12: 1, 24: 3, 44: 7, 232: 0xf7, 832: 0x1f7, 1364: 0x3f7, 1368: 0x3f7}
	for size, flags := range valid {
		b := whole(size)
		b.Faults.DataSize = map[minidump.StreamType]uint32{minidump.MiscInfoStream: size}
		m := must(open(t, b).MiscInfo())(t)
		equal(t, "flags", m.Flags1, flags)
		equal(t, "process id", m.HasProcessID(), size >= 12)
	}
	m := must(open(t, whole(1364)).MiscInfo())(t)
	equal(t, "zone", m.TimeZone.StandardName, full)
	equal(t, "bias", m.TimeZone.Bias, -60)
	equal(t, "daylight", m.TimeZone.DaylightName, "summer")
	equal(t, "build", m.BuildString, "19041.1")
	equal(t, "writer", m.DbgBldStr, "dbgcore")
	equal(t, "features", m.XStateData.EnabledFeatures, 1<<63|7)
	equal(t, "feature", m.XStateData.Features[2].Offset, 576)
	equal(t, "cookie", m.ProcessCookie, 0xcafe)
	equal(t, "integrity", m.IntegrityLevel(), "Medium")
	equal(t, "time", m.CreateTime().Unix(), 1700000000)
	// A size in the stream that is smaller than the directory's counts too.
	equal(t, "flags of 24 bytes", must(open(t, whole(24)).MiscInfo())(t).Flags1, 3)
}

func TestTrap37SystemInfo(t *testing.T) {
	b := minidumptest.New(x86)
	b.AddSystemInfo(minidumptest.SystemInfo{Architecture: x86, Platform: minidump.PlatformMacOS, CSDVersion: "Service Pack 1",
		CPU: [6]uint32{0x756e6547, 0x49656e69, 0x6c65746e, 0x306c3, 0xbfebfbff, 0}})
	s := must(open(t, b).SystemInfo())(t)
	equal(t, "platform", s.PlatformID.String(), "macOS")
	equal(t, "service pack", s.CSDVersion, "Service Pack 1")
	cpu, ok := s.X86CPU()
	if !ok || cpu.VendorID != "GenuineIntel" || cpu.VersionInformation != 0x306c3 || cpu.FeatureInformation != 0xbfebfbff {
		t.Errorf("cpu = %+v, %v", cpu, ok)
	}
	b = minidumptest.New(amd64)
	if _, ok := must(open(t, b).SystemInfo())(t).X86CPU(); ok {
		t.Error("amd64 has the words of x86")
	}
}

func TestTrap38CodeView(t *testing.T) {
	guid := minidump.GUID{Data1: 0x11223344, Data2: 0x5566, Data3: 0x7788, Data4: [8]byte{1, 2, 3, 4, 5, 6, 7, 8}}
	tests := []struct {
		what   string
		module minidumptest.Module
		id     string
		file   string
		warn   bool
	}{
		{"RSDS", minidumptest.Module{CodeView: minidumptest.RSDS(guid, 10, `c:\x\a.pdb`)}, "11223344556677880102030405060708A", `c:\x\a.pdb`, false},
		{"NB10", minidumptest.Module{CodeView: &minidump.CodeView{Signature: minidump.CodeViewNB10, TimeDateStamp: 0x1234, Age: 2, PdbFileName: "b.pdb"}}, "000012342", "b.pdb", false},
		{"ELF", minidumptest.Module{CodeView: &minidump.CodeView{Signature: minidump.CodeViewELF, BuildID: []byte{0x44, 0x33, 0x22, 0x11, 0x66, 0x55, 0x88, 0x77, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9}}}, "", "", false},
		{"short build id", minidumptest.Module{CodeView: &minidump.CodeView{Signature: minidump.CodeViewELF, BuildID: []byte{1}}}, "", "", false},
		{"zero GUID", minidumptest.Module{CodeView: minidumptest.RSDS(minidump.GUID{}, 1, "c.pdb")}, "", "c.pdb", false},
		{"zero build id", minidumptest.Module{CodeView: &minidump.CodeView{Signature: minidump.CodeViewELF, BuildID: make([]byte, 20)}}, "", "", false},
		{"none", minidumptest.Module{}, "", "", false},
		{"unknown", minidumptest.Module{RawCodeView: []byte("WHAT is this")}, "", "", false},
		{"RSDS too short", minidumptest.Module{RawCodeView: []byte("RSDS123")}, "", "", true},
		{"two bytes", minidumptest.Module{RawCodeView: []byte("RS")}, "", "", false},
	}
	for _, test := range tests {
		m := test.module
		m.Base, m.Size, m.Name, m.TimeDateStamp = 0x1000, 0x2000, "m", 0x5f3759df
		b := minidumptest.New(amd64)
		b.AddModule(m)
		f := open(t, b)
		got := must(f.Modules())(t)
		if len(got) != 1 || got[0].DebugID() != test.id || got[0].DebugFile() != test.file {
			t.Errorf("%s: id %q, file %q", test.what, got[0].DebugID(), got[0].DebugFile())
		}
		if want, known := map[string]string{"ELF": "4433221166558877010203040506070809090909", "short build id": "01", "zero build id": "", "none": "5F3759DF2000",
			"RSDS": "5F3759DF2000"}[test.what]; known {
			equal(t, test.what, got[0].CodeID(), want)
		}
		if warned := len(f.Warnings()) > 0; warned != test.warn {
			t.Errorf("%s: warnings %v", test.what, f.Warnings())
		}
	}
}

func TestTrap39ExceptionParameters(t *testing.T) {
	b := minidumptest.New(amd64)
	many := make([]uint64, 15)
	many[1] = 0x7000
	b.AddException(minidumptest.Exception{ThreadID: 1, Information: many, NumberParameters: minidumptest.Ptr[uint32](0xffffffff), Record: 0x8000})
	e := must(open(t, b).Exceptions())(t)[0]
	equal(t, "parameters", len(e.ExceptionInformation), 15)
	equal(t, "address", e.ExceptionInformation[1], 0x7000)
	equal(t, "nested record", e.ExceptionRecord, 0x8000)

	b = minidumptest.New(amd64)
	b.Add(minidump.ExceptionStream, make([]byte, 167))
	b.AddException(minidumptest.Exception{ThreadID: 2})
	f := open(t, b)
	list := must(f.Exceptions())(t)
	if len(list) != 1 || list[0].ThreadID != 2 {
		t.Errorf("exceptions = %+v", list)
	}
	wantWarning(t, f, minidump.ExceptionStream, "left out")
}

// The image of a module in memory is read as memory, not as a file: a section
// is at its address.
func TestTrap40MappedImages(t *testing.T) {
	image := make([]byte, 0x3000)
	copy(image, "MZ")
	copy(image[0x2000:], "section")
	b := minidumptest.New(amd64)
	b.AddModule(minidumptest.Module{Base: 0x10000, Size: 0x3000, Name: "a.dll"})
	b.AddMemory(minidumptest.Memory{Start: 0x10000, Data: image})
	_, m := memoryOf(t, b)
	got := make([]byte, 7)
	if _, err := m.Section(0x10000, 0x3000).ReadAt(got, 0x2000); err != nil || string(got) != "section" {
		t.Errorf("section = %q, %v", got, err)
	}
}
