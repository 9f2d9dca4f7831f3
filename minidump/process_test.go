package minidump_test

import (
	"encoding/binary"
	"errors"
	"slices"
	"testing"
	"unicode/utf16"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// process lays out the blocks of a Windows process.
type process struct {
	width int
	data  []byte
}

const processBase = 0x100000

func (p *process) word(off int, v uint64) {
	if p.width == 4 {
		binary.LittleEndian.PutUint32(p.data[off:], uint32(v))
		return
	}
	binary.LittleEndian.PutUint64(p.data[off:], v)
}

// text writes a UNICODE_STRING at off, and its text at at.
func (p *process) text(off, at int, s string) {
	units := utf16.Encode([]rune(s))
	binary.LittleEndian.PutUint16(p.data[off:], uint16(2*len(units)))
	binary.LittleEndian.PutUint16(p.data[off+2:], uint16(2*len(units)+2))
	p.word(off+p.width, processBase+uint64(at))
	p.wide(at, s)
}

func (p *process) wide(at int, s string) {
	for i, u := range utf16.Encode([]rune(s)) {
		binary.LittleEndian.PutUint16(p.data[at+2*i:], u)
	}
}

// processOffsets are written down apart from the reader's own table.
var processOffsets = map[int]struct{ pid, peb, lastError, lastStatus, parameters, session, dir, image, command, environment int }{
	8: {0x40, 0x60, 0x68, 0x1250, 0x20, 0x2c0, 0x38, 0x60, 0x70, 0x80},
	4: {0x20, 0x30, 0x34, 0xbf4, 0x10, 0x1d4, 0x24, 0x38, 0x40, 0x48},
}

// newProcess has its thread's block at 0, its own at 0x2000, the parameters at
// 0x3000 and texts from 0x4000 on.
func newProcess(width int) *process {
	p := &process{width, make([]byte, 0x6000)}
	o := processOffsets[width]
	p.word(o.pid, 42)
	p.word(o.pid+width, 43)
	p.word(o.peb, processBase+0x2000)
	binary.LittleEndian.PutUint32(p.data[o.lastError:], 6)
	binary.LittleEndian.PutUint32(p.data[o.lastStatus:], 0xc0000008)
	p.data[0x2000+2] = 1 // being debugged
	p.word(0x2000+o.parameters, processBase+0x3000)
	binary.LittleEndian.PutUint32(p.data[0x2000+o.session:], 3)
	p.text(0x3000+o.dir, 0x4000, `C:\work\`)
	p.text(0x3000+o.image, 0x4100, `C:\work\ü.exe`)
	p.text(0x3000+o.command, 0x4200, `ü.exe --all`)
	p.word(0x3000+o.environment, processBase+0x5000)
	p.wide(0x5000, "A=1\x00PATH=C:\\\x00\x00")
	return p
}

func TestEnvironmentBlocks(t *testing.T) {
	for arch, width := range map[minidump.ProcessorArchitecture]int{amd64: 8, x86: 4} {
		b := minidumptest.New(arch)
		b.AddThread(minidumptest.Thread{ID: 7, Teb: 0x7000})
		b.AddThread(minidumptest.Thread{ID: 43, Teb: processBase})
		b.AddMemory(minidumptest.Memory{Start: processBase, Data: newProcess(width).data})
		f := open(t, b)
		threads := must(f.Threads())(t)
		if _, err := f.TEB(&threads[0]); !errors.Is(err, minidump.ErrNotMapped) {
			t.Errorf("a block that is not there: %v", err)
		}
		teb := must(f.TEB(&threads[1]))(t)
		if teb.ProcessID != 42 || teb.ThreadID != 43 || teb.LastError != 6 || teb.LastStatus != 0xc0000008 || !teb.HasLastStatus || len(teb.TLSSlots) != 64 {
			t.Errorf("teb = %+v", teb)
		}
		peb := must(f.PEB())(t)
		if !peb.BeingDebugged || peb.SessionID != 3 || peb.Parameters == nil {
			t.Fatalf("peb = %+v", peb)
		}
		p := peb.Parameters
		if p.CommandLine != "ü.exe --all" || p.ImagePathName != `C:\work\ü.exe` || p.CurrentDirectory != `C:\work\` || !slices.Equal(p.Environment, []string{"A=1", `PATH=C:\`}) {
			t.Errorf("parameters = %+v", p)
		}
		if _, err := f.WOW64PEB(); !errors.Is(err, minidump.ErrNotWOW64) && !errors.Is(err, minidump.ErrNotMapped) {
			t.Errorf("WOW64PEB: %v", err)
		}
		noWarnings(t, f)
	}
}

func TestEnvironmentBlocksOfOtherSystems(t *testing.T) {
	b := minidumptest.New(amd64)
	b.AddSystemInfo(minidumptest.SystemInfo{Architecture: amd64, Platform: minidump.PlatformLinux})
	b.AddThread(minidumptest.Thread{ID: 1})
	f := open(t, b)
	if _, err := f.PEB(); !errors.Is(err, minidump.ErrNotWindows) {
		t.Errorf("PEB: %v", err)
	}
}

func TestMemoryStrings(t *testing.T) {
	b := minidumptest.New(amd64)
	b.AddMemory(minidumptest.Memory{Start: 0x1000, Data: []byte("text\x00rest")})
	b.AddMemory(minidumptest.Memory{Start: 0x2000, Data: []byte("w\x00i\x00d\x00e\x00\x00\x00")})
	_, m := memoryOf(t, b)
	tests := []struct {
		got  func() (string, error)
		want string
		err  error
	}{
		{func() (string, error) { return m.CString(0x1000, 100) }, "text", nil},
		{func() (string, error) { return m.CString(0x1000, 2) }, "te", nil},
		{func() (string, error) { return m.CString(0x1005, 100) }, "rest", minidump.ErrNotMapped},
		{func() (string, error) { return m.CString(0x5000, 100) }, "", minidump.ErrNotMapped},
		{func() (string, error) { return m.CString(0x1000, -1) }, "", nil},
		{func() (string, error) { return m.WString(0x2000, 100) }, "wide", nil},
		{func() (string, error) { return m.WString(0x2000, 3) }, "wid", nil},
		{func() (string, error) { return m.WString(0x2002, 100) }, "ide", nil},
	}
	for i, test := range tests {
		if got, err := test.got(); got != test.want || !errors.Is(err, test.err) {
			t.Errorf("%d: %q, %v", i, got, err)
		}
	}
}

func TestMemoryInfo(t *testing.T) {
	b := minidumptest.New(amd64)
	b.AddMemoryInfo(
		minidumptest.MemoryInfo{Base: 0x3000, Size: 0x1000, State: minidump.MemCommit, Protect: minidump.PageExecuteRead, Type: minidump.MemImage},
		minidumptest.MemoryInfo{Base: 0x1000, Size: 0x1000, State: minidump.MemCommit, Protect: minidump.PageReadWrite | minidump.PageGuard, Type: minidump.MemPrivate})
	f := open(t, b)
	code := must(f.MemoryInfo(0x3fff))(t)
	if !code.Protect.Executable() || !code.Protect.Readable() || code.Protect.Writable() || code.Type.String() != "Image" || code.State.String() != "Commit" {
		t.Errorf("code = %+v", code)
	}
	guard := must(f.MemoryInfo(0x1000))(t)
	equal(t, "guard", guard.Protect.String(), "ReadWrite|Guard")
	equal(t, "readable", guard.Protect.Readable(), false)
	for _, addr := range []uint64{0, 0xfff, 0x2000, 0x4000, ^uint64(0)} {
		if _, err := f.MemoryInfo(addr); !errors.Is(err, minidump.ErrNotMapped) {
			t.Errorf("MemoryInfo(%#x): %v", addr, err)
		}
	}
}
