package pdb

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// show writes frames as "name+offset@file:line kind", innermost first.
func show(t *testing.T, f *File, rva uint32) string {
	t.Helper()
	frames, err := f.Lookup(rva)
	if err != nil {
		t.Errorf("%#x: %v", rva, err)
	}
	var all []string
	for _, fr := range frames {
		s := fmt.Sprintf("%s+%d@%s:%d %v", fr.Function, fr.Offset, fr.File, fr.Line, fr.Kind)
		if fr.Aliases != nil {
			s += fmt.Sprint(" ", fr.Aliases)
		}
		all = append(all, s)
	}
	return strings.Join(all, " | ")
}

func expect(t *testing.T, f *File, want map[uint32]string) {
	t.Helper()
	for rva, w := range want {
		if got := show(t, f, rva); got != w {
			t.Errorf("%#x: %q\nwant     %q", rva, got, w)
		}
	}
}

func TestHeaders(t *testing.T) {
	f := (&synth{contributions: [][3]uint32{{0, 16, 0}}}).open(t)
	if got := f.GUID().String(); got != "12345678-9ABC-DEF0-0102-030405060708" {
		t.Errorf("GUID %s", got)
	}
	// The age is the DBI stream's: 3, not the information stream's 4.
	if got := f.DebugID(); got != "123456789ABCDEF001020304050607083" {
		t.Errorf("DebugID %s", got)
	}
	if f.Age() != 3 || f.Machine() != 0x8664 || f.Signature() != 77 {
		t.Errorf("age %d, machine %#x, signature %d", f.Age(), f.Machine(), f.Signature())
	}
	if f.Stripped() || f.FastLink() || f.Incremental() || f.Reordered() || f.HasLines() || f.HasModuleSymbols() {
		t.Error("a quality that is not there")
	}
	modules := slices.Collect(f.Modules())
	if len(modules) != 1 || modules[0].Name() != "one.obj" || modules[0].ObjectFile() != "one.lib" {
		t.Errorf("modules %v", modules)
	}
}

func TestStripped(t *testing.T) {
	s := &synth{flags: dbiStripped, noStream: true, contributions: [][3]uint32{{0, 0x40, 0}, {0x40, 0x20, 0}, {0x80, 0x20, 0}}}
	s.publics = []synthPublic{{0, 2, "?first@@YAXXZ"}, {0x10, 2, "?second@@YAXXZ"}, {0x80, 0, "data"}, {0x80, 2, "code"}}
	f := s.open(t)
	if !f.Stripped() || f.HasModuleSymbols() {
		t.Error("not stripped")
	}
	expect(t, f, map[uint32]string{
		0x1000: "?first@@YAXXZ+0@:0 public",
		0x100f: "?first@@YAXXZ+15@:0 public",
		0x103f: "?second@@YAXXZ+47@:0 public",
		0x1040: "", // an unnamed neighbour is not the public's
		0x1060: "", // padding
		0x1081: "code+1@:0 public [data]",
		0x10a0: "",
		0x9000: "",
		0xfff:  "",
	})
	if names, err := f.PublicsAt(0x1080); err != nil || !slices.Equal(names, []string{"code", "data"}) {
		t.Errorf("PublicsAt = %v, %v", names, err)
	}
}

func TestFastLink(t *testing.T) {
	s := &synth{features: []uint32{featureMinimalDebugInfo}, contributions: [][3]uint32{{0, 0x40, 0}}}
	s.publics = []synthPublic{{0, 2, "_main"}}
	f := s.open(t)
	if !f.FastLink() {
		t.Error("not recognised")
	}
	expect(t, f, map[uint32]string{0x1004: "_main+4@:0 public"})
}

func TestIncremental(t *testing.T) {
	s := &synth{flags: dbiIncrementalLink, contributions: [][3]uint32{{0, 0x100, 0}}, v2: true}
	trampoline := func(off, target uint32) []byte {
		return record(symTrampoline, uint16(trampIncremental), uint16(5), off, target, uint16(1), uint16(1))
	}
	s.add(trampoline(5, 0x40), trampoline(10, 0x80))
	s.proc(symGProc32, 0x40, 0x20, "main")
	s.proc(symLProc32, 0x80, 0x20, "helper")
	s.publics = []synthPublic{{0x40, 2, "_main"}}
	want := map[uint32]string{
		0x1005: "ILT+0(_main)+0@:0 trampoline",
		0x100c: "ILT+5(helper)+2@:0 trampoline",
		0x1041: "main+1@:0 procedure",
	}
	expect(t, s.open(t), want)
	s.thunks = thunkTable{2, 5, place{1, 0}}
	want[0x1005], want[0x100c] = "ILT+5(_main)+0@:0 trampoline", "ILT+10(helper)+2@:0 trampoline"
	f := s.open(t)
	expect(t, f, want)
	if !f.Incremental() {
		t.Error("not incremental")
	}
}

func TestFolded(t *testing.T) {
	s := &synth{contributions: [][3]uint32{{0, 0x100, 0}}, names: []string{"a.c", "b.c"}}
	s.proc(symGProc32, 0, 0x10, "one")
	s.proc(symGProc32ID, 0, 0x10, "two")
	s.proc(symLProc32, 0, 0x10, "one")
	s.proc(symGProc32, 0x10, 0x10, "three")
	s.checksums()
	s.lines(0, 0x10, 0, [2]uint32{0, 5})
	s.lines(0, 0x10, 8, [2]uint32{0, 9})
	expect(t, s.open(t), map[uint32]string{
		0x1003: "one+3@a.c:5 procedure [two]",
		0x1010: "three+0@:0 procedure",
	})
}

// Code that the compiler moved away from its function, with a piece of an
// inlined function in it.
func TestSeparated(t *testing.T) {
	s := &synth{contributions: [][3]uint32{{0, 0x400, 0}}, names: []string{"a.c"}}
	s.ipi = record(leafFuncID, uint32(0), uint32(0), "inner")
	s.proc(symGProc32, 0, 0x20, "outer", site(0x1000,
		annotCodeAndLineOffset, 0x24, annotChangeCodeLength, 4, // [4,8) line +1
		annotCodeOffsetBase, 2, annotCodeAndLineOffset, 0x21, annotChangeCodeLength, 3), // piece 2: [1,4) line +2
		record(symInlineSiteEnd))
	for _, off := range []uint32{0x100, 0x200} {
		s.add(record(symSepCode, uint32(0), uint32(len(s.symbols)+36+4), uint32(0x10), uint32(0), off, uint32(0), uint16(1), uint16(1)), record(symEnd))
	}
	s.checksums()
	s.inlinee(0x1000, 0, 10)
	s.lines(0x200, 0x10, 0, [2]uint32{0, 77})
	expect(t, s.open(t), map[uint32]string{
		0x1003: "outer+3@:0 procedure",
		0x1004: "inner+0@a.c:11 inline | outer+4@:0 procedure",
		0x1008: "outer+8@:0 procedure",
		0x1101: "outer+1@:0 separated",
		0x1200: "outer+0@a.c:77 separated",
		0x1203: "inner+0@a.c:12 inline | outer+3@a.c:77 separated",
		0x1204: "outer+4@a.c:77 separated",
	})
}

func TestReordered(t *testing.T) {
	s := &synth{contributions: [][3]uint32{{0, 0x100, 0}}, original: 0x5000}
	s.proc(symGProc32, 0, 0x20, "moved")
	s.proc(symGProc32, 0x20, 0x20, "stayed")
	// The image has moved's halves at 0x1100 and 0x1200, with four new bytes
	// behind the first.
	s.toSrc = []omapEntry{{0x1000, 0}, {0x1040, 0x5020}, {0x1060, 0}, {0x1100, 0x5000}, {0x1110, 1 << 31}, {0x1200, 0x5010}, {0x1210, 0}}
	s.fromSrc = []omapEntry{{0x5000, 0x1100}, {0x5010, 0x1200}, {0x5020, 0x1040}}
	f := s.open(t)
	if !f.Reordered() {
		t.Error("not reordered")
	}
	expect(t, f, map[uint32]string{
		0x1000: "",
		0x1041: "stayed+1@:0 procedure",
		0x1102: "moved+2@:0 procedure",
		0x1112: "moved+15@:0 procedure", // the last byte that was there before
		0x1203: "moved+19@:0 procedure",
	})
	for p, err := range f.Procedures() {
		if want := map[string]uint32{"moved": 0x1100, "stayed": 0x1040}[p.Name]; err != nil || p.RVA != want || p.Size != 0x20 {
			t.Errorf("%+v, %v", p, err)
		}
	}
}

func TestNoSource(t *testing.T) {
	s := &synth{contributions: [][3]uint32{{0, 0x100, 0}}, names: []string{"a.c"}}
	s.proc(symGProc32, 0, 0x20, "f")
	s.checksums()
	s.lines(0, 0x20, 0, [2]uint32{0, lineAlwaysStepInto}, [2]uint32{4, 10}, [2]uint32{8, lineNeverStepInto | 1<<31}, [2]uint32{12, 9}, [2]uint32{12, 11}, [2]uint32{16, 12 | 3<<24})
	expect(t, s.open(t), map[uint32]string{
		0x1000: "f+0@:0 procedure",
		0x1004: "f+4@a.c:10 procedure",
		0x1008: "f+8@a.c:10 procedure",
		0x100c: "f+12@a.c:11 procedure",
		0x1010: "f+16@a.c:12 procedure",
	})
}

// A callee whose range is not in its caller's, as Microsoft's compiler writes
// it: the caller is there all the same, without a line.
func TestBadNesting(t *testing.T) {
	s := &synth{contributions: [][3]uint32{{0, 0x100, 0}}, names: []string{"a.c"}}
	s.tpi = record(leafStructure, uint16(0), uint16(0), uint32(0), uint32(0), uint32(0), uint16(0x8004), uint32(70000), "ns::Class")
	s.ipi = slices.Concat(
		record(leafStringID, uint32(0), "space"),
		record(leafFuncID, uint32(0x1000), uint32(0), "outside"),
		record(leafMFuncID, uint32(0x1000), uint32(0), "inside"),
		record(leafFuncID, uint32(0), uint32(0), "unknown"))
	s.proc(symGProc32, 0, 0x40, "f",
		site(0x1001, annotCodeAndLineOffset, 0x00, annotChangeCodeLength, 4), // [0,4)
		record(symBlock32, uint32(0), uint32(0), uint32(1), uint32(0), uint16(1), ""),
		record(symInlineSite2, uint32(0), uint32(0), uint32(0x1002), uint32(9), []byte{annotChangeCodeOffset, 8, annotChangeLineOffset, 4, annotChangeCodeOffset, 4, annotChangeCodeLength, 2}), // [8,12) [12,14)
		record(symInlineSiteEnd),
		record(symEnd),
		record(symInlineSiteEnd),
		site(0x1003, annotCodeLengthAndStart, 4, 0x20), // [0x20,0x24)
		record(symInlineSiteEnd))
	s.checksums()
	s.inlinee(0x1001, 0, 100)
	s.inlinee(0x1002, 0, 200)
	f := s.open(t)
	want := map[uint32]string{
		0x1000: "space::outside+0@a.c:100 inline | f+0@:0 procedure",
		0x1004: "f+4@:0 procedure",
		0x1008: "ns::Class::inside+0@a.c:200 inline | space::outside+0@:0 inline | f+8@:0 procedure",
		0x100d: "ns::Class::inside+0@a.c:202 inline | space::outside+0@:0 inline | f+13@:0 procedure",
		0x100e: "f+14@:0 procedure",
		0x1020: "unknown+0@:0 inline | f+32@:0 procedure",
		0x1024: "f+36@:0 procedure",
	}
	expect(t, f, want)
	// The form for big procedures gives the same.
	l, _ := f.layout()
	x := f.index(l, 0)
	x.procs[0].scope += bigScope
	tree := &inlineTree{}
	var open []int32
	scope, err := x.stream.bytes(nil, x.procs[0].sym, x.procs[0].scope-bigScope)
	if err != nil {
		t.Fatal(err)
	}
	walkInlineSites(scope, func(depth int, id uint32, annotations []byte) { tree.add(&open, depth, id, annotations) })
	for i := range tree.levels {
		sortSpans(tree.levels[i])
		tree.levels[i] = flatten(tree.levels[i])
	}
	f.tables.Put(tableKey(x.stream, x.procs[0].sym), table{inlines: tree}, tree.cost())
	expect(t, f, want)
}

// Imported ids lead to the exports of the module that they name.
func TestCrossScope(t *testing.T) {
	s := &synth{contributions: [][3]uint32{{0, 0x100, 0}}, names: []string{"one.obj"}}
	s.ipi = record(leafFuncID, uint32(0), uint32(0), "imported")
	id := uint32(crossScopeFlag | 1)
	s.proc(symGProc32, 0, 0x40, "f", site(id, annotChangeCodeOffset, 2, annotChangeCodeLength, 2), record(symInlineSiteEnd))
	s.c13 = slices.Concat(
		le(uint32(c13CrossScopeImports), uint32(16), uint32(1), uint32(2), uint32(0x55), uint32(0x66)),
		le(uint32(c13CrossScopeExports), uint32(16), uint32(0x65), uint32(0), uint32(0x66), uint32(0x1000)))
	expect(t, s.open(t), map[uint32]string{0x1002: "imported+0@:0 inline | f+2@:0 procedure"})
}

// Records of Visual C++ 6, whose names have a length in front.
func TestOldRecords(t *testing.T) {
	s := &synth{contributions: [][3]uint32{{0, 0x100, 0}}}
	s.proc(symGProc32ST, 0, 0x10, "\x04mainand more")
	expect(t, s.open(t), map[uint32]string{0x1001: "main+1@:0 procedure"})
}

// Without section contributions the procedures say whose an address is.
func TestNoContributions(t *testing.T) {
	s := &synth{publics: []synthPublic{{0x30, 2, "_p"}}}
	s.proc(symGProc32, 0, 0x10, "f")
	s.proc(symLProc32, 8, 4, "nested")
	expect(t, s.open(t), map[uint32]string{
		0x1001: "f+1@:0 procedure",
		0x1009: "nested+1@:0 procedure",
		0x100c: "f+12@:0 procedure",
		0x1020: "",
		0x1031: "_p+1@:0 public",
	})
}
