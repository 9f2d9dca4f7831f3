package minidumptest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// everything has one of each kind of stream with lists.
func everything() *minidumptest.Builder {
	b := minidumptest.New(minidump.ProcessorArchitectureAMD64)
	b.AddModule(minidumptest.Module{Base: 0x140000000, Size: 0x1000, Name: `C:\ü.exe`,
		CodeView: minidumptest.RSDS(minidump.GUID{Data1: 1, Data4: [8]byte{7: 9}}, 2, "a.pdb")})
	b.AddThread(minidumptest.Thread{ID: 7, StackBase: 0x10000, Stack: []byte("stack"), Context: make([]byte, 1232)})
	b.AddMemory(minidumptest.Memory{Start: 0x20000, Data: []byte("list")})
	b.AddMiscInfo(42)
	b.AddException(minidumptest.Exception{ThreadID: 7, Code: 0xc0000008, Information: []uint64{0x33c}})
	b.AddHandle(minidumptest.Handle{Value: 0x33c, Type: "Event", ObjectInfo: minidumptest.RVA(
		minidumptest.ObjectInfo(uint32(0), 6, make([]byte, 8)))})
	b.AddHandleOperations(minidumptest.HandleOperation{Handle: 0x33c, Type: minidump.OperationDbOPEN, Frames: []uint64{1, 2}})
	b.AddThreadNames(minidumptest.ThreadName{ID: 7, Name: "main"})
	b.AddUnloadedModules(minidumptest.UnloadedModule{Base: 1, Size: 2, Name: "u.dll"})
	b.Add(0x10000, "raw")
	b.AddMemory64(minidumptest.Memory{Start: 0x30000, Size: 0x2000, Data: []byte("full")})
	b.UnusedEntries = 2
	return b
}

func TestReadBack(t *testing.T) {
	for _, bigEndian := range []bool{false, true} {
		for _, align := range []int{0, 1, 16} {
			b := everything()
			b.BigEndian, b.Align = bigEndian, align
			f, err := b.Open()
			if err != nil {
				t.Fatal(err)
			}
			checkEverything(t, f)
			if w := f.Warnings(); len(w) != 0 {
				t.Errorf("warnings: %v", w)
			}
		}
	}
}

func checkEverything(t *testing.T, f *minidump.File) {
	t.Helper()
	modules, err := f.Modules()
	if err != nil || len(modules) != 1 || modules[0].Name != `C:\ü.exe` || modules[0].DebugID() != "000000010000000000000000000000092" {
		t.Errorf("modules = %+v, %v", modules, err)
	}
	mem, err := f.Memory()
	if err != nil {
		t.Fatal(err)
	}
	for addr, want := range map[uint64]string{0x10000: "stack", 0x20000: "list", 0x30000: "full"} {
		got := make([]byte, len(want))
		if _, err := mem.Read(addr, got); err != nil || string(got) != want {
			t.Errorf("memory at %#x = %q, %v", addr, got, err)
		}
	}
	ops, err := f.HandleOperationList()
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range ops.All() {
		if op.Handle != 0x33c || !slices.Equal(op.ReturnAddresses, []uint64{1, 2}) {
			t.Errorf("operation = %+v", op)
		}
	}
}

func TestWriteFileMatchesBytes(t *testing.T) {
	b := everything()
	name := filepath.Join(t.TempDir(), "a.dmp")
	if err := b.WriteFile(name); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, b.Bytes()) || int64(len(got)) != b.Size() {
		t.Error("the file differs from Bytes")
	}
}

// A chain may point back to itself.
func TestNamedParts(t *testing.T) {
	b := &minidumptest.Builder{}
	b.Add(1, uint32(9), minidumptest.Named("here", minidumptest.At("here")), minidumptest.RVA(minidumptest.Named("there", minidumptest.At("here"))), minidumptest.At64("there"))
	data := b.Bytes()
	// Header, one directory entry, the data of RVA, the stream.
	want := append(data[:44:44], 52, 0, 0, 0, 9, 0, 0, 0, 52, 0, 0, 0, 44, 0, 0, 0, 44, 0, 0, 0, 0, 0, 0, 0)
	if !bytes.Equal(data, want) {
		t.Errorf("got  % x\nwant % x", data[44:], want[44:])
	}
}
