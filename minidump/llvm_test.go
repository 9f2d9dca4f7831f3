package minidump_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// llvm runs a tool of LLVM, where one is installed.
func llvm(t *testing.T, tool string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err != nil {
		t.Skipf("no %s", tool)
	}
	out, err := exec.Command(path, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", tool, err, out)
	}
	return string(out)
}

// What the builder makes is what LLVM reads.
func TestBuilderAgainstObj2yaml(t *testing.T) {
	b := minidumptest.New(amd64)
	b.AddModule(minidumptest.Module{Base: 0x140000000, Size: 0x1000, Name: `C:\a.exe`, Version: minidump.FixedFileInfo{Signature: 0xfeef04bd}})
	b.AddThread(minidumptest.Thread{ID: 0x77, StackBase: 0x10000, Stack: []byte("stack"), Context: []byte("context")})
	b.AddMemory(minidumptest.Memory{Start: 0x20000, Data: []byte("list")})
	b.AddException(minidumptest.Exception{ThreadID: 0x77, Code: 0xc0000008, Information: []uint64{0x33c}, Context: []byte("ctx")})
	b.AddMemoryInfo(minidumptest.MemoryInfo{Base: 0x5000, AllocationBase: 0x5000, Size: 0x1000, State: minidump.MemCommit, Protect: minidump.PageReadWrite, Type: minidump.MemPrivate})
	name := filepath.Join(t.TempDir(), "a.dmp")
	if err := b.WriteFile(name); err != nil {
		t.Fatal(err)
	}
	out := llvm(t, "obj2yaml-19", name)
	for _, want := range []string{"AMD64", "0x140000000", `C:\a.exe`, "0x77", "737461636B", "6C697374", "0xC0000008", "0x33C", "PAGE_READ_WRITE", "MEM_COMMIT"} {
		if !strings.Contains(out, want) {
			t.Errorf("obj2yaml does not say %s:\n%s", want, out)
		}
	}
}

// What LLVM makes is what the reader reads.
func TestYaml2obj(t *testing.T) {
	const doc = `--- !minidump
Streams:
  - Type: SystemInfo
    Processor Arch: ARM64
    Platform ID: Linux
    CSD Version: "Linux 6.1"
    CPU:
      CPUID: 0x05060708
  - Type: ModuleList
    Modules:
      - Base of Image: 0x0000aaaa00000000
        Size of Image: 0x2000
        Module Name: /usr/bin/ü
        CodeView Record: 52534453000102030405060708090a0b0c0d0e0f01000000612e70646200
  - Type: ThreadList
    Threads:
      - Thread Id: 0x55
        Context: 00112233
        Stack:
          Start of Memory Range: 0x7000
          Content: 737461636B
  - Type: MemoryList
    Memory Ranges:
      - Start of Memory Range: 0x8000
        Content: 6C697374
  - Type: Exception
    Thread ID: 0x55
    Exception Record:
      Exception Code: 0xb
      Exception Address: 0xaaaa00000100
      Number of Parameters: 1
      Parameter 0: 0x22
    Thread Context: 3DeadBeefDefacedABadCafe
  - Type: LinuxMaps
    Text: |
      400d9000-400db000 r-xp 00000000 b3:04 227 /system/bin/app_process
...
`
	dir := t.TempDir()
	yaml, dump := filepath.Join(dir, "a.yaml"), filepath.Join(dir, "a.dmp")
	if err := os.WriteFile(yaml, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	llvm(t, "yaml2obj-19", yaml, "-o", dump)
	f := must(minidump.Open(dump))(t)
	defer f.Close()
	s := must(f.SystemInfo())(t)
	if s.ProcessorArchitecture.String() != "arm64" || s.PlatformID != minidump.PlatformLinux || s.CSDVersion != "Linux 6.1" {
		t.Errorf("system = %+v", s)
	}
	m := must(f.Modules())(t)[0]
	if m.BaseOfImage != 0xaaaa00000000 || m.Name != "/usr/bin/ü" || m.CodeView.PdbFileName != "a.pdb" {
		t.Errorf("module = %+v", m)
	}
	e := must(f.Exceptions())(t)[0]
	if e.ThreadID != 0x55 || e.ExceptionCode != 0xb || e.ExceptionAddress != 0xaaaa00000100 || e.ExceptionInformation[0] != 0x22 {
		t.Errorf("exception = %+v", e)
	}
	wantBytes(t, must(f.Memory())(t), 0x7000, "stack")
	wantBytes(t, must(f.Memory())(t), 0x8000, "list")
	equal(t, "map", must(f.LinuxMaps())(t)[0].Path, "/system/bin/app_process")
	noWarnings(t, f)
}
