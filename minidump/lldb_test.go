package minidump_test

import (
	"encoding/binary"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// What the reader finds in the dumps of the builder is what LLDB finds.
func TestBuilderAgainstLLDB(t *testing.T) {
	for _, p := range []struct {
		arch    minidump.ProcessorArchitecture
		context []byte
		flags   int // where the context has its flags
		set     uint32
		names   string // of the registers
	}{
		{amd64, amd64Context(), 0x30, 0x10001f, "rip rsp rbp"},
		{x86, x86Context(), 0, 0x1003f, "eip esp ebp"},
	} {
		t.Run(p.arch.String(), func(t *testing.T) {
			binary.LittleEndian.PutUint32(p.context[p.flags:], p.set)
			name := filepath.Join(t.TempDir(), "a.dmp")
			if err := processForLLDB(p.arch, p.context).WriteFile(name); err != nil {
				t.Fatal(err)
			}
			f := must(minidump.Open(name))(t)
			defer f.Close()
			args := []string{"-x", "-b", "-c", name, "-o", "thread list", "-o", "image list -f -h -u", "-o", "register read " + p.names}
			want := append(lldbLists(t, f), lldbRegisters(t, f, p.names)...)
			for r := range must(f.Memory())(t).Ranges() {
				args = append(args, "-o", fmt.Sprintf("memory read -s 8 -f x -c 2 %#x", r.Start))
				want = append(want, lldbWords(t, f, r.Start))
			}
			out := llvm(t, "lldb-19", args...)
			want = slices.DeleteFunc(want, func(line string) bool { return strings.Contains(out, line) })
			if len(want) > 0 {
				t.Errorf("LLDB does not say %q:\n%s", want, out)
			}
		})
	}
}

// processForLLDB has memory of each kind, in no order.
func processForLLDB(arch minidump.ProcessorArchitecture, context []byte) *minidumptest.Builder {
	b := minidumptest.New(arch)
	b.AddMiscInfo(4242)
	b.AddModule(minidumptest.Module{Base: 0x40000000, Size: 0x1000, Name: `C:\a.exe`,
		CodeView: minidumptest.RSDS(minidump.GUID{Data1: 0x11223344, Data2: 0x5566, Data3: 0x7788, Data4: [8]byte{1, 2, 3, 4, 5, 6, 7, 8}}, 1, "a.pdb")})
	b.AddModule(minidumptest.Module{Base: 0x50000000, Size: 0x2000, Name: `C:\b.dll`})
	b.AddThread(minidumptest.Thread{ID: 0x77, StackBase: 0x3000, StackSize: 16, Context: context})
	b.AddThread(minidumptest.Thread{ID: 0x78, Context: context})
	b.AddException(minidumptest.Exception{ThreadID: 0x78, Code: 0xc0000008, Address: 0x40000123, Information: []uint64{0x33c}, Context: context})
	b.AddMemory(minidumptest.Memory{Start: 0x8000, Data: []byte("what is elsewhere")})
	b.AddMemory(minidumptest.Memory{Start: 0x3000, Data: []byte("the stack of 77!")})
	b.AddMemory64(minidumptest.Memory{Start: 0x50001000, Data: []byte("full memory here")})
	return b
}

// lldbLists is how LLDB says what the threads, modules and the exception are.
func lldbLists(t *testing.T, f *minidump.File) []string {
	pid, _ := f.ProcessID()
	e := must(f.Exceptions())(t)[0]
	lines := []string{
		fmt.Sprintf("Process %d stopped", pid),
		fmt.Sprintf("tid = %#04x", e.ThreadID),
		fmt.Sprintf("Exception %#x encountered at address %#x", e.ExceptionCode, e.ExceptionAddress),
	}
	for i, th := range must(f.Threads())(t) {
		lines = append(lines, fmt.Sprintf("thread #%d: tid = %#04x", i+1, th.ThreadID))
	}
	digits := 2 * f.PointerSize()
	for i, m := range must(f.Modules())(t) {
		line := fmt.Sprintf("[%3d] %s %#0*x", i, m.Name, digits, m.BaseOfImage)
		if m.CodeView != nil {
			line += fmt.Sprintf(" %v-%08X", m.CodeView.GUID, m.CodeView.Age)
		}
		lines = append(lines, line)
	}
	return lines
}

// lldbRegisters is how LLDB says what the registers of the exception are.
func lldbRegisters(t *testing.T, f *minidump.File, names string) (lines []string) {
	c := must(f.ExceptionContext(&must(f.Exceptions())(t)[0]))(t)
	for name := range strings.FieldsSeq(names) {
		v, _ := minidump.Register(c, name)
		lines = append(lines, fmt.Sprintf("%s = %#0*x", name, 2*f.PointerSize(), v))
	}
	return lines
}

// lldbWords is how LLDB says what two words are.
func lldbWords(t *testing.T, f *minidump.File, addr uint64) string {
	m := must(f.Memory())(t)
	return fmt.Sprintf("%#08x: %#016x %#016x", addr, must(m.Uint64(addr))(t), must(m.Uint64(addr+8))(t))
}
