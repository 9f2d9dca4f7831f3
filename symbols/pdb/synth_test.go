package pdb

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// synth makes a small PDB record by record, for what no compiler at hand
// writes. The section is 1, at RVA 0x1000, 0x10000 bytes.
type synth struct {
	flags         uint16
	features      []uint32
	symbols       []byte // of the one module, behind the signature
	c13           []byte
	publics       []synthPublic
	contributions [][3]uint32 // offset, size, module
	v2            bool        // contributions of the later version
	toSrc         []omapEntry
	fromSrc       []omapEntry
	original      uint32 // RVA of the section before reordering; 0: none
	names         []string
	thunks        thunkTable
	noStream      bool   // the module was stripped
	ipi, tpi      []byte // records, from 0x1000
}

type synthPublic struct {
	off   uint32
	flags uint32
	name  string
}

// le puts numbers and strings end to end; strings get a NUL.
func le(values ...any) []byte {
	var b bytes.Buffer
	for _, v := range values {
		switch v := v.(type) {
		case string:
			b.WriteString(v)
			b.WriteByte(0)
		case []byte:
			b.Write(v)
		default:
			if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
				panic(err)
			}
		}
	}
	return b.Bytes()
}

// record makes a symbol or type record, padded to 4 bytes.
func record(kind uint16, values ...any) []byte {
	body := le(values...)
	for len(body)%4 != 0 {
		body = append(body, 0)
	}
	return le(uint16(len(body)+2), kind, body)
}

func (s *synth) add(recs ...[]byte) {
	for _, r := range recs {
		s.symbols = append(s.symbols, r...)
	}
}

// proc makes a procedure with what is inside and its end.
func (s *synth) proc(kind uint16, off, size uint32, name string, inside ...[]byte) {
	at := uint32(len(s.symbols)) + cvSignatureSize
	end := at + uint32(len(record(kind, make([]byte, 35), name)))
	for _, r := range inside {
		end += uint32(len(r))
	}
	s.add(record(kind, uint32(0), end, uint32(0), size, uint32(0), size, uint32(0), off, uint16(1), uint8(0), name))
	s.add(inside...)
	s.add(record(symEnd))
}

func site(id uint32, annotations ...byte) []byte {
	return record(symInlineSite, uint32(0), uint32(0), id, annotations)
}

// lines makes a C13 fragment of one file; pairs are offset and line.
func (s *synth) lines(off, size, file uint32, pairs ...[2]uint32) {
	body := le(off, uint16(1), uint16(0), size, file, uint32(len(pairs)), uint32(12+8*len(pairs)))
	for _, p := range pairs {
		body = append(body, le(p[0], p[1])...)
	}
	s.c13 = append(s.c13, le(uint32(c13Lines), uint32(len(body)), body)...)
}

// checksums gives each of the names an entry of 8 bytes, in order.
func (s *synth) checksums() {
	var body []byte
	off := uint32(1)
	for _, n := range s.names {
		body = append(body, le(off, uint32(0))...)
		off += uint32(len(n)) + 1
	}
	s.c13 = append(s.c13, le(uint32(c13FileChecksums), uint32(len(body)), body)...)
}

func (s *synth) inlinee(id, file, line uint32) {
	s.c13 = append(s.c13, le(uint32(c13InlineeLines), uint32(16), uint32(0), id, file, line)...)
}

func typesStream(records []byte, count uint32) []byte {
	if records == nil {
		return nil
	}
	return le(uint32(20040203), uint32(56), uint32(0x1000), 0x1000+count, uint32(len(records)),
		uint16(noStream), make([]byte, 34), records)
}

func countRecords(records []byte) (n uint32) {
	for ; len(records) > 0; n++ {
		records = records[2+binary.LittleEndian.Uint16(records):]
	}
	return n
}

const (
	synthModule = 5 + iota
	synthSymRecords
	synthPublics
	synthSections
	synthNames
	synthToSrc
	synthFromSrc
	synthOriginal
)

func (s *synth) streams() [][]byte {
	out := make([][]byte, synthOriginal+1)
	guid := GUID{0x78, 0x56, 0x34, 0x12, 0xbc, 0x9a, 0xf0, 0xde, 1, 2, 3, 4, 5, 6, 7, 8}
	out[streamInfo] = le(uint32(infoVersionVC70), uint32(77), uint32(4), guid,
		uint32(7), "/names", uint32(1), uint32(1), uint32(1), uint32(1), uint32(0), uint32(0), uint32(synthNames))
	for _, feature := range append([]uint32{featureVC140}, s.features...) {
		out[streamInfo] = append(out[streamInfo], le(feature)...)
	}
	out[streamTPI] = typesStream(s.tpi, countRecords(s.tpi))
	out[streamIPI] = typesStream(s.ipi, countRecords(s.ipi))
	symbols := le(uint32(4), s.symbols)
	out[synthModule] = le(symbols, s.c13)

	var addrs []byte
	for _, p := range s.publics {
		addrs = append(addrs, le(uint32(len(out[synthSymRecords])))...)
		out[synthSymRecords] = append(out[synthSymRecords], record(symPub32, p.flags, p.off, uint16(1), p.name)...)
	}
	out[synthPublics] = le(uint32(0), uint32(len(addrs)), s.thunks.count, s.thunks.size,
		s.thunks.at.sect, uint16(0), s.thunks.at.off, uint32(0), addrs)
	out[synthSections] = sectionHeader(0x1000)
	out[synthNames] = le(uint32(0xeffeeffe), uint32(1), uint32(0), uint8(0))
	for _, n := range s.names {
		out[synthNames] = append(out[synthNames], le(n)...)
	}
	out[synthToSrc], out[synthFromSrc] = omapBytes(s.toSrc), omapBytes(s.fromSrc)
	out[synthOriginal] = sectionHeader(s.original)
	out[streamDBI] = s.dbiStream(uint32(len(symbols)))
	return out
}

func omapBytes(entries []omapEntry) (b []byte) {
	for _, e := range entries {
		b = append(b, le(e.rva, e.to)...)
	}
	return b
}

func sectionHeader(rva uint32) []byte {
	return le(make([]byte, 8), uint32(0x10000), rva, make([]byte, 24))
}

func (s *synth) dbiStream(symbols uint32) []byte {
	stream := uint16(synthModule)
	if s.noStream {
		stream = noStream
	}
	module := le(make([]byte, 34), stream, symbols, uint32(0), uint32(len(s.c13)),
		uint16(0), uint16(0), uint32(0), uint32(0), uint32(0), "one.obj", "one.lib")
	for len(module)%4 != 0 {
		module = append(module, 0)
	}
	version, extra := uint32(0xeffe0000+19970605), []byte(nil)
	if s.v2 {
		version, extra = 0xeffe0000+20140516, make([]byte, 4)
	}
	var contributions []byte
	if s.contributions != nil {
		contributions = le(version)
	}
	for _, c := range s.contributions {
		contributions = append(contributions, le(uint16(1), uint16(0), c[0], c[1], uint32(0),
			uint16(c[2]), uint16(0), uint32(0), uint32(0), extra)...)
	}
	debug := make([]uint16, dbgEntries)
	for i := range debug {
		debug[i] = noStream
	}
	debug[dbgSectionHdr] = synthSections
	if s.toSrc != nil {
		debug[dbgOmapToSrc], debug[dbgOmapFromSrc] = synthToSrc, synthFromSrc
	}
	if s.original != 0 {
		debug[dbgSectionHdrOrig] = synthOriginal
	}
	return le(uint32(dbiSignature), uint32(dbiVersionV70), uint32(3), uint16(noStream), uint16(0),
		uint16(synthPublics), uint16(0), uint16(synthSymRecords), uint16(0),
		uint32(len(module)), uint32(len(contributions)), uint32(0), uint32(0), uint32(0), uint32(0),
		uint32(2*dbgEntries), uint32(0), s.flags, uint16(0x8664), uint32(0),
		module, contributions, debug)
}

func (s *synth) open(t testing.TB) *File {
	t.Helper()
	w := msfWriter{pageSize: 512, streams: s.streams()}
	f := openSparse(t, w.write())
	if f.Damage() != nil {
		t.Fatal(f.Damage())
	}
	return f
}
