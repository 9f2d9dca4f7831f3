package pdb

import (
	"bytes"
	"slices"
	"testing"
)

// touchAll asks a file everything there is to ask, within bounds.
func touchAll(f *File, rva uint32) {
	f.Damage()
	f.DebugID()
	f.HasLines()
	f.HasModuleSymbols()
	f.Reordered()
	for i := range uint32(64) {
		f.Lookup(rva + i*i)
	}
	for m := range f.Modules() {
		m.Name()
		m.ObjectFile()
		n := 0
		for range m.Lines() {
			if n++; n > 1000 {
				break
			}
		}
	}
	n := 0
	for p := range f.Procedures() {
		f.Lookup(p.RVA)
		f.Lookup(p.RVA + p.Size - 1)
		f.PublicsAt(p.RVA)
		if n++; n > 200 {
			break
		}
	}
	n = 0
	for p := range f.Publics() {
		f.Lookup(p.RVA)
		if n++; n > 200 {
			break
		}
	}
}

// seeds are small files of many forms.
func seeds() []*synth {
	full := &synth{contributions: [][3]uint32{{0, 0x80, 0}, {0x80, 0x80, 0}}, names: []string{"a.c", "b.c"}}
	full.ipi = slices.Concat(record(leafStringID, uint32(0), "space"), record(leafFuncID, uint32(0x1000), uint32(0), "inner"),
		record(leafMFuncID, uint32(0x1000), uint32(0), "member"), record(leafSubstrs, uint32(1), uint32(0x1000)))
	full.tpi = record(leafStructure, uint16(0), uint16(0), uint32(0), uint32(0), uint32(0), uint16(4), "Class")
	full.proc(symGProc32, 0, 0x20, "f", site(0x1001, annotCodeAndLineOffset, 0x24, annotChangeCodeLength, 4),
		site(0x1002, annotCodeLengthAndStart, 2, 4), record(symInlineSiteEnd), record(symInlineSiteEnd))
	full.proc(symLProc32, 0, 0x20, "g")
	full.add(record(symSepCode, uint32(0), uint32(len(full.symbols)+40), uint32(0x10), uint32(0), uint32(0x90), uint32(0), uint16(1), uint16(1)), record(symEnd))
	full.add(record(symTrampoline, uint16(0), uint16(5), uint32(0x40), uint32(0), uint16(1), uint16(1)))
	full.add(record(symThunk32, uint32(0), uint32(0), uint32(0), uint32(0x50), uint16(1), uint16(6), uint8(0), "thunk"))
	full.checksums()
	full.inlinee(0x1001, 0, 10)
	full.inlinee(0x1002, 8, 20)
	full.lines(0, 0x20, 0, [2]uint32{0, 1}, [2]uint32{8, 2})
	full.publics = []synthPublic{{0, 2, "_f"}, {0x60, 2, "_asm"}}

	moved := &synth{contributions: [][3]uint32{{0, 0x100, 0}}, original: 0x5000}
	moved.proc(symGProc32, 0, 0x20, "moved")
	moved.toSrc = []omapEntry{{0x1000, 0}, {0x1100, 0x5000}}
	moved.fromSrc = []omapEntry{{0x5000, 0x1100}}

	stripped := &synth{flags: dbiStripped, noStream: true, v2: true, contributions: [][3]uint32{{0, 0x100, 0}}}
	stripped.publics = full.publics
	bare := &synth{publics: full.publics, symbols: full.symbols}
	return []*synth{full, moved, stripped, bare}
}

// FuzzFile gives whole files to everything.
func FuzzFile(f *testing.F) {
	for _, s := range seeds() {
		w := msfWriter{pageSize: 512, streams: s.streams()}
		f.Add(w.write().bytes(), uint32(0x1000))
	}
	f.Fuzz(func(t *testing.T, data []byte, rva uint32) {
		file, err := New(bytes.NewReader(data), int64(len(data)))
		if err == nil {
			touchAll(file, rva)
		}
	})
}

// FuzzStreams gives the streams of a sound container.
func FuzzStreams(f *testing.F) {
	for _, s := range seeds() {
		b := s.streams()
		f.Add(b[streamInfo], b[streamDBI], b[synthPublics], b[synthSymRecords], b[synthToSrc], uint32(0x1000))
	}
	f.Fuzz(func(t *testing.T, info, dbi, publics, records, omap []byte, rva uint32) {
		b := seeds()[0].streams()
		b[streamInfo], b[streamDBI], b[synthPublics], b[synthSymRecords], b[synthToSrc] = info, dbi, publics, records, omap
		w := msfWriter{pageSize: 512, streams: b}
		out := w.write()
		if file, err := New(out, out.size); err == nil {
			touchAll(file, rva)
		}
	})
}

// FuzzModule gives a module's symbols and lines, and the types.
func FuzzModule(f *testing.F) {
	for _, s := range seeds() {
		f.Add(s.symbols, s.c13, s.ipi, s.tpi)
	}
	f.Fuzz(func(t *testing.T, symbols, c13, ipi, tpi []byte) {
		s := &synth{symbols: symbols, c13: c13, names: []string{"a.c"}, contributions: [][3]uint32{{0, 0x10000, 0}}}
		b := s.streams()
		for n, records := range map[int][]byte{streamIPI: ipi, streamTPI: tpi} {
			b[n] = typesStream(append([]byte{}, records...), 1000)
		}
		w := msfWriter{pageSize: 512, streams: b}
		out := w.write()
		file, err := New(out, out.size)
		if err != nil {
			t.Fatal(err)
		}
		touchAll(file, 0x1000)
	})
}

// FuzzInlines compares the two ways of finding inlined calls.
func FuzzInlines(f *testing.F) {
	for _, s := range seeds() {
		f.Add(s.symbols, uint32(4))
	}
	f.Fuzz(func(t *testing.T, scope []byte, off uint32) {
		var direct chainFinder
		direct.off = off
		walkInlineSites(scope, direct.visit)
		tree := &inlineTree{}
		var open []int32
		walkInlineSites(scope, func(depth int, id uint32, annotations []byte) { tree.add(&open, depth, id, annotations) })
		for i := range tree.levels {
			sortSpans(tree.levels[i])
			tree.levels[i] = flatten(tree.levels[i])
		}
		var decoded chainFinder
		decoded.off = off
		tree.find(&decoded)
		if len(direct.chain) != len(decoded.chain) {
			t.Fatalf("depth %d and %d", len(direct.chain), len(decoded.chain))
		}
	})
}
