package gosym

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/handletrace/handletrace/symbols/pe"
)

// testFunction is a function of a table made for a test.
type testFunction struct {
	name  string
	size  uint32
	lines []testRun // values are lines
	calls []testCall
	index []testRun // values are indexes of calls, -1 for none
}

// testRun is a value and how many bytes of code it holds for.
type testRun struct {
	value int32
	bytes uint32
}

type testCall struct {
	name     string
	parentPC uint32
}

// main is a function with two levels of inlined calls in it.
var testFunctions = []testFunction{
	{name: "main.first", size: 0x20, lines: []testRun{{3, 0x10}, {5, 0x10}}},
	{
		name: "main.main", size: 0x40,
		lines: []testRun{{10, 0x10}, {21, 4}, {31, 8}, {22, 4}, {11, 0x18}}, // padding follows
		index: []testRun{{-1, 0x10}, {0, 4}, {1, 8}, {0, 4}, {-1, 0x18}},
		calls: []testCall{{"main.mid", 4}, {"main.leaf", 0x12}},
	},
	{name: "main.(*T).last", size: 0x10, lines: []testRun{{40, 0x10}}},
}

const (
	testBase   = 0x140000000
	testText   = 0x1000 // RVA of the section of code
	testOffset = 0x80   // of runtime.text in it, as the C linker leaves it
	testData   = 0x2000 // RVA of the section of data
	testFile   = "/src/main.go"
)

// tableWriter writes a table of any version and the module data for it.
type tableWriter struct {
	v       *version
	ptrSize int
	base    uint64

	names, files, cu, pc, infos bytes.Buffer
	gofunc                      bytes.Buffer
	entries                     []uint64
	offsets                     []int
}

func (w *tableWriter) word(b *bytes.Buffer, v uint64) {
	if w.ptrSize == 4 {
		binary.Write(b, binary.LittleEndian, uint32(v))
	} else {
		binary.Write(b, binary.LittleEndian, v)
	}
}

func le32(b *bytes.Buffer, v uint32) { binary.Write(b, binary.LittleEndian, v) }

// pcTable adds a table of values and returns its offset.
func (w *tableWriter) pcTable(runs []testRun) uint32 {
	if w.pc.Len() == 0 {
		w.pc.WriteByte(0) // offset 0 means none
	}
	at := uint32(w.pc.Len())
	last := int32(noValue)
	for _, r := range runs {
		delta := r.value - last
		w.pc.Write(binary.AppendUvarint(nil, uint64(uint32(delta<<1)^uint32(delta>>31))))
		w.pc.Write(binary.AppendUvarint(nil, uint64(r.bytes)))
		last = r.value
	}
	w.pc.WriteByte(0)
	return at
}

func (w *tableWriter) string(b *bytes.Buffer, s string) uint32 {
	at := uint32(b.Len())
	b.WriteString(s + "\x00")
	return at
}

// tree adds the inlined calls of a function in the newest of its layouts.
func (w *tableWriter) tree(f *testFunction) (at uint32, layout inlineLayout) {
	layout = w.v.info.inlines[0]
	at = uint32(w.gofunc.Len())
	for _, c := range f.calls {
		entry := make([]byte, layout.size)
		binary.LittleEndian.PutUint32(entry[layout.name:], w.string(&w.names, c.name))
		binary.LittleEndian.PutUint32(entry[layout.parentPC:], c.parentPC)
		w.gofunc.Write(entry)
	}
	return at, layout
}

// gofuncAt is where the trees are put, as an RVA.
const gofuncAt = testData + 0xe00

func (w *tableWriter) function(f *testFunction, start uint32) {
	for w.infos.Len()%w.ptrSize != 0 {
		w.infos.WriteByte(0)
	}
	entry := uint64(start)
	if !w.v.relative {
		entry += w.base + testText + testOffset
	}
	w.entries, w.offsets = append(w.entries, entry), append(w.offsets, w.infos.Len())
	fixed := make([]byte, w.v.info.numFuncData+1)
	put := func(off int, v uint32) { binary.LittleEndian.PutUint32(fixed[off:], v) }
	put(w.v.info.name, w.string(&w.names, f.name))
	put(w.v.info.pcLine, w.pcTable(f.lines))
	var total uint32
	for _, l := range f.lines {
		total += l.bytes
	}
	file := int32(0)
	if w.v.info.cuOffset == none {
		file = 1
	}
	put(w.v.info.pcFile, w.pcTable([]testRun{{file, total}}))
	var pcData []uint32
	var funcData []uint64
	if len(f.calls) > 0 {
		at, layout := w.tree(f)
		pcData, funcData = make([]uint32, layout.pcData+1), make([]uint64, layout.funcData+1)
		pcData[layout.pcData] = w.pcTable(f.index)
		funcData[layout.funcData] = uint64(at)
		if !w.v.relative {
			funcData[layout.funcData] += w.base + gofuncAt
		}
	}
	put(w.v.info.numPCData, uint32(len(pcData)))
	fixed[w.v.info.numFuncData] = byte(len(funcData))
	w.putEntry(&w.infos, entry)
	w.infos.Write(fixed)
	for _, v := range pcData {
		le32(&w.infos, v)
	}
	for !w.v.relative && w.infos.Len()%w.ptrSize != 0 {
		w.infos.WriteByte(0)
	}
	for _, v := range funcData {
		w.putEntry(&w.infos, v)
	}
}

func (w *tableWriter) putEntry(b *bytes.Buffer, v uint64) {
	if w.v.relative {
		le32(b, uint32(v))
		return
	}
	w.word(b, v)
}

// bytes lays out the section of data: table, trees, module data.
func (w *tableWriter) bytes(functions []testFunction) []byte {
	var start uint32
	for i := range functions {
		w.function(&functions[i], start)
		start += functions[i].size
	}
	w.string(&w.files, testFile)
	le32(&w.cu, 0)
	var table, md bytes.Buffer
	le32(&table, w.v.magic)
	table.Write([]byte{0, 0, 1, byte(w.ptrSize)})
	w.word(&table, uint64(len(functions)))
	if w.v.functions == none {
		w.wholeTable(&table, &md, start)
	} else {
		w.parts(&table, &md, start)
	}
	data := make([]byte, 0x1200)
	copy(data[0x20:], table.Bytes())
	copy(data[gofuncAt-testData:], w.gofunc.Bytes())
	copy(data[0x1000:], md.Bytes())
	return data
}

const testTable = testData + 0x20

// list writes the list of functions; the records begin at an offset.
func (w *tableWriter) list(end uint32, records int) []byte {
	var b bytes.Buffer
	for i := range w.entries {
		w.putEntry(&b, w.entries[i])
		w.putEntry(&b, uint64(w.offsets[i]+records))
	}
	last := uint64(end)
	if !w.v.relative {
		last += w.base + testText + testOffset
	}
	w.putEntry(&b, last)
	return b.Bytes()
}

// wholeTable writes version 1.2, where offsets count from the beginning.
func (w *tableWriter) wholeTable(table, md *bytes.Buffer, end uint32) {
	const namesAt, pcAt, infosAt, filesAt, fileAt = 0x100, 0x200, 0x300, 0x800, 0x900
	base := table.Len()
	table.Write(w.list(end, infosAt))
	le32(table, filesAt)
	whole := make([]byte, 0x1000)
	copy(whole, table.Bytes())
	copy(whole[namesAt:], w.names.Bytes())
	copy(whole[pcAt:], w.pc.Bytes())
	copy(whole[infosAt:], w.infos.Bytes())
	binary.LittleEndian.PutUint32(whole[filesAt+4:], fileAt)
	copy(whole[fileAt:], testFile)
	// Names and tables of values count from the beginning, too.
	for i, off := range w.offsets {
		record := whole[infosAt+off+w.ptrSize:]
		for field, by := range map[int]uint32{w.v.info.name: namesAt, w.v.info.pcFile: pcAt, w.v.info.pcLine: pcAt} {
			binary.LittleEndian.PutUint32(record[field:], binary.LittleEndian.Uint32(record[field:])+by)
		}
		if i == 1 {
			index := record[w.v.info.numFuncData+1+4*w.v.info.inlines[0].pcData:]
			binary.LittleEndian.PutUint32(index, binary.LittleEndian.Uint32(index)+pcAt)
		}
	}
	tree, entry := w.gofunc.Bytes(), int(w.v.info.inlines[0].size)
	for at := int(w.v.info.inlines[0].name); at < len(tree); at += entry {
		binary.LittleEndian.PutUint32(tree[at:], binary.LittleEndian.Uint32(tree[at:])+namesAt)
	}
	table.Reset()
	table.Write(whole[:0xd00])
	for _, v := range []uint64{0, 0xd00, 0xd00, uint64(base), uint64(len(w.entries)) + 1, uint64(len(w.entries)) + 1} {
		if v == 0 || v == uint64(base) {
			v += w.base + testTable
		}
		w.word(md, v)
	}
}

// parts writes versions 1.16 and later.
func (w *tableWriter) parts(table, md *bytes.Buffer, end uint32) {
	w.word(table, 1) // files
	if w.v.textStart != none {
		w.word(table, 0)
	}
	records := (len(w.list(end, 0)) + w.ptrSize - 1) &^ (w.ptrSize - 1)
	list := w.list(end, records)
	for len(list)%w.ptrSize != 0 {
		list = append(list, 0)
	}
	parts := [][]byte{w.names.Bytes(), w.cu.Bytes(), w.files.Bytes(), w.pc.Bytes(), append(list, w.infos.Bytes()...)}
	offset := table.Len() + len(parts)*w.ptrSize
	var body bytes.Buffer
	w.word(md, w.base+testTable)
	for _, p := range parts {
		for (offset+body.Len())%w.ptrSize != 0 {
			body.WriteByte(0)
		}
		at := offset + body.Len()
		w.word(table, uint64(at))
		w.slice(md, w.base+testTable+uint64(at), len(p))
		body.Write(p)
	}
	table.Write(body.Bytes())
	w.slice(md, w.base+testTable+uint64(offset+body.Len()-len(parts[4])), len(w.entries)+1)
	text := w.base + testText + testOffset
	for _, v := range []uint64{0, text, text + uint64(end), text, text + uint64(end)} {
		w.word(md, v)
	}
	goFunc := mdGoFunc120
	if w.v.name == "1.18" {
		goFunc = mdGoFunc118
	}
	for md.Len() < goFunc*w.ptrSize {
		w.word(md, w.base+0x7777)
	}
	w.word(md, w.base+gofuncAt)
}

func (w *tableWriter) slice(md *bytes.Buffer, at uint64, n int) {
	w.word(md, at)
	w.word(md, uint64(n))
	w.word(md, uint64(n))
}

// testImage makes a PE image of a table.
func testImage(v *version, ptrSize int) []byte {
	base := uint64(testBase)
	if ptrSize == 4 {
		base = 0x400000
	}
	w := tableWriter{v: v, ptrSize: ptrSize, base: base}
	return wrapImage(ptrSize, base, w.bytes(testFunctions))
}

// wrapImage makes a PE image with a section of code and the given data.
func wrapImage(ptrSize int, base uint64, data []byte) []byte {
	const nt, optional = 0x40, 240
	b := make([]byte, 0x400, 0x400+len(data))
	copy(b, "MZ")
	put16 := func(at int, v uint16) { binary.LittleEndian.PutUint16(b[at:], v) }
	put32 := func(at int, v uint32) { binary.LittleEndian.PutUint32(b[at:], v) }
	put32(0x3c, nt)
	copy(b[nt:], "PE\x00\x00")
	put16(nt+4, 0x8664)
	put16(nt+6, 2)
	put16(nt+20, optional)
	opt := nt + 24
	put16(opt, 0x20b)
	binary.LittleEndian.PutUint64(b[opt+24:], base)
	if ptrSize == 4 {
		put16(nt+4, 0x14c)
		put16(opt, 0x10b)
		put32(opt+24, 0)
		put32(opt+28, uint32(base))
	}
	put32(opt+32, 0x1000)
	put32(opt+36, 0x200)
	put32(opt+56, testData+uint32(len(data)+0xfff)&^0xfff)
	put32(opt+60, 0x400)
	for i, s := range []struct {
		name                 string
		va, size, raw, flags uint32
	}{
		{".text", testText, 0x1000, 0, 0x60000020},
		{".data", testData, uint32(len(data)), 0x400, 0xc0000040},
	} {
		h := opt + optional + 40*i
		copy(b[h:], s.name)
		put32(h+8, s.size)
		put32(h+12, s.va)
		put32(h+20, s.raw)
		if s.raw != 0 {
			put32(h+16, s.size)
		}
		put32(h+36, s.flags)
	}
	return append(b, data...)
}

func openBytes(t testing.TB, b []byte) *Table {
	t.Helper()
	table, err := New(imageOf(t, b))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func imageOf(t testing.TB, b []byte) *pe.Image {
	t.Helper()
	img, err := pe.New(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return img
}
