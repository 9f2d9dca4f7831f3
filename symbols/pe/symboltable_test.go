package pe

import (
	"errors"
	"fmt"
	"strconv"
	"testing"

	"github.com/handletrace/handletrace/callstack"
)

// The order of the functions is that of the sources; the answers are what
// llvm-readobj lists.
func TestSymbolTable(t *testing.T) {
	for name, functions := range map[string][]string{
		"gnu": {"NtThing", "hidden", "Leaf", "hiddenLeaf", "ByOrdinal", "Zulu", "__CTOR_LIST__", "___DTOR_LIST__"},
		"gnu32": {
			"_hidden", "_std2@8", "@fast2@8", ".weak._feeble._std2@8", "_a_function_with_a_name_too_long_for_its_record",
			"_bare", "__CTOR_LIST__", "___DTOR_LIST__",
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := fileImage(t, readTestFile(t, name+".dll"))
			table, err := m.SymbolTable()
			if err != nil {
				t.Fatal(err)
			}
			starts := symbolStarts(t, name, functions)
			if table.Len() != len(functions) {
				t.Errorf("%d functions, want %d", table.Len(), len(functions))
			}
			text := section(t, m, ".text")
			for off, want := uint32(0), ""; off < text.VirtualSize; off++ {
				if s, ok := starts[off]; ok {
					want = s
				}
				s, start, ok := table.Nearest(text.VirtualAddress + off)
				if !ok || s.Name != want || starts[start-text.VirtualAddress] != want {
					t.Fatalf("at %#x %q from %#x, %v; want %q", off, s.Name, start, ok, want)
				}
			}
			if _, _, ok := table.Nearest(text.VirtualAddress + text.VirtualSize); ok {
				t.Error("an answer behind the section")
			}
			if _, _, ok := table.Nearest(text.VirtualAddress - 1); ok {
				t.Error("an answer before the section")
			}
		})
	}
}

// symbolStarts returns the names by their offsets in .text.
func symbolStarts(t *testing.T, name string, functions []string) map[uint32]string {
	starts := map[uint32]string{}
	for _, f := range lines(t, name+".symbols") {
		for _, want := range functions {
			if f[1] == ".text" && f[len(f)-1] == want {
				n, _ := strconv.ParseUint(f[0], 10, 32)
				starts[uint32(n)] = want
			}
		}
	}
	if len(starts) != len(functions) {
		t.Fatalf("%d of %d functions in the answers", len(starts), len(functions))
	}
	return starts
}

func TestSymbolFrames(t *testing.T) {
	m := fileImage(t, readTestFile(t, "gnu32.dll"))
	table, err := m.SymbolTable()
	if err != nil {
		t.Fatal(err)
	}
	for rva, want := range map[uint32]string{0x1000: "_hidden+0", 0x1010: "_std2@8+6", 0x1039: "_feeble+0", 0x107b: "_bare+2"} {
		frames := table.Frames(rva)
		if len(frames) != 1 {
			t.Fatalf("%#x: %v", rva, frames)
		}
		f := frames[0]
		if got := fmt.Sprintf("%s+%d", f.Function, f.Offset); got != want || f.Source != callstack.COFF || f.FunctionStart+f.Offset != uint64(rva) {
			t.Errorf("%#x: %+v, want %s", rva, f, want)
		}
	}
	if frames := table.Frames(0x2000); frames != nil {
		t.Errorf("data is in %v", frames)
	}
}

// A function that the function table knows and the symbols do not is no part of
// the symbol before it.
func TestSymbolOfAnotherFunction(t *testing.T) {
	data := readTestFile(t, "gnu.dll")
	m := fileImage(t, data)
	for index, record := range m.symbolRecords {
		if string(record[:7]) == "hidden\x00" {
			data[m.symbolOffset(index)+coffSymbolSize-2] = IMAGE_SYM_CLASS_LABEL
		}
	}
	table, err := fileImage(t, data).SymbolTable()
	if err != nil {
		t.Fatal(err)
	}
	if s, _, ok := table.Nearest(0x1035); ok {
		t.Errorf("%+v", s)
	}
	if s, _, ok := table.Nearest(0x1005); !ok || s.Name != "NtThing" {
		t.Errorf("%+v, %v", s, ok)
	}
}

func TestNoSymbolTable(t *testing.T) {
	if _, err := fileImage(t, readTestFile(t, "x64.dll")).SymbolTable(); !errors.Is(err, ErrNoSymbols) {
		t.Error(err)
	}
	if _, err := loaded(t, readTestFile(t, "gnu.dll")).SymbolTable(); !errors.Is(err, ErrNoSymbols) {
		t.Error(err)
	}
}

func TestSectionReader(t *testing.T) {
	data := readTestFile(t, "gnu.dll")
	file, mapped := fileImage(t, data), loaded(t, data)
	for i, s := range file.Sections() {
		r := file.SectionReader(s)
		b := make([]byte, r.Size())
		if _, err := r.ReadAt(b, 0); err != nil && len(b) > 0 {
			t.Errorf("%s: %v", s.Name, err)
		}
		if r.Size() > int64(s.VirtualSize) {
			t.Errorf("%s has %d bytes of %d", s.Name, r.Size(), s.VirtualSize)
		}
		in := make([]byte, len(b))
		if _, err := mapped.SectionReader(mapped.Sections()[i]).ReadAt(in, 0); err != nil && len(b) > 0 || string(in) != string(b) {
			t.Errorf("%s in memory: %v", s.Name, err)
		}
	}
}
