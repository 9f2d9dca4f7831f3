package pdb

import (
	"encoding/binary"
	"slices"
	"sort"
)

// publics is the public symbol stream: an address map, offsets of public
// records in the order of their addresses, which is searched where it is.
type publics struct {
	psi     *Stream
	records *Stream
	addrMap substream
	count   uint32
	fence   []uint64 // addresses of every stride-th public
	stride  uint32
	thunks  thunkTable
}

// thunkTable describes the thunks of an incremental link.
type thunkTable struct {
	count, size uint32
	at          place // of the first
}

const (
	psiHeaderSize = 28
	publicHeader  = 14 // up to the name

	// publicFences is how many addresses are kept of the map, to begin a search.
	publicFences = 1024
)

func (f *File) readPublics() (*publics, error) {
	p := &publics{}
	if f.dbi.publics == noStream || f.dbi.symRecords == noStream {
		return p, nil
	}
	var err error
	if p.psi, err = f.stream(uint32(f.dbi.publics), "public symbol stream"); err != nil {
		return p, err
	}
	if p.records, err = f.stream(uint32(f.dbi.symRecords), "symbol records"); err != nil {
		return p, err
	}
	head, err := p.psi.bytes(nil, 0, psiHeaderSize)
	if err != nil {
		return p, err
	}
	hash, size := binary.LittleEndian.Uint32(head), binary.LittleEndian.Uint32(head[4:])
	if off := uint64(psiHeaderSize) + uint64(hash); off < uint64(p.psi.size) {
		p.addrMap = substream{uint32(off), min(size, p.psi.size-uint32(off))}
	}
	p.count = p.addrMap.size / 4
	p.thunks = thunkTable{
		count: binary.LittleEndian.Uint32(head[8:]),
		size:  binary.LittleEndian.Uint32(head[12:]),
		at:    place{binary.LittleEndian.Uint16(head[16:]), binary.LittleEndian.Uint32(head[20:])},
	}
	p.buildFence()
	if p.addrMap.size < size {
		return p, &FormatError{p.psi.name, 4, "an address map inside of the stream"}
	}
	return p, nil
}

func (p *publics) buildFence() {
	p.stride = p.count/publicFences + 1
	for i := uint32(0); i < p.count; i += p.stride {
		rec, _ := p.at(i)
		p.fence = append(p.fence, rec.place.key())
	}
}

// publicRecord is an S_PUB32 without its name.
type publicRecord struct {
	place
	flags uint32
	sym   uint32 // offset in the symbol records
	old   bool   // S_PUB32_ST
}

// at reads the nth public of the address map. A damaged one has the zero place.
func (p *publics) at(i uint32) (publicRecord, bool) {
	sym, err := p.psi.uint32At(p.addrMap.off + 4*i)
	if err != nil {
		return publicRecord{}, false
	}
	var b [publicHeader]byte
	if readFull(p.records, b[:], int64(sym)) != nil {
		return publicRecord{}, false
	}
	kind := recordKind(b[:])
	if kind != symPub32 && kind != symPub32ST {
		return publicRecord{}, false
	}
	return publicRecord{
		place: place{binary.LittleEndian.Uint16(b[12:]), binary.LittleEndian.Uint32(b[8:])},
		flags: binary.LittleEndian.Uint32(b[4:]),
		sym:   sym,
		old:   kind == symPub32ST,
	}, true
}

// upper returns the index of the first public behind a place.
func (p *publics) upper(at place) uint32 {
	key := at.key()
	f := sort.Search(len(p.fence), func(i int) bool { return p.fence[i] > key })
	if f == 0 {
		return 0
	}
	lo := uint32(f-1) * p.stride
	hi := min(lo+p.stride, p.count)
	n := sort.Search(int(hi-lo), func(i int) bool {
		rec, _ := p.at(lo + uint32(i))
		return rec.place.key() > key
	})
	return lo + uint32(n)
}

// Flags of public symbols, as CV_PUBSYMFLAGS in cvinfo.h.
const (
	publicCode     = 1 << 0
	publicFunction = 1 << 1
)

// maxAliases bounds the names that are reported for one address. Folding of
// identical code can make many thousands.
const maxAliases = 16

// nearest returns the publics of the last address at or before a place of its
// section. A function comes before what is none; else the order is the map's.
func (p *publics) nearest(buf []publicRecord, at place) []publicRecord {
	i := p.upper(at)
	if i == 0 {
		return nil
	}
	last, ok := p.at(i - 1)
	if !ok || last.sect != at.sect {
		return nil
	}
	recs := append(buf[:0], last)
	for i--; i > 0 && len(recs) < maxAliases; i-- {
		rec, ok := p.at(i - 1)
		if !ok || rec.place != last.place {
			break
		}
		recs = append(recs, rec)
	}
	slices.Reverse(recs)
	slices.SortStableFunc(recs, func(a, b publicRecord) int { return a.rank() - b.rank() })
	return recs
}

func (r publicRecord) rank() int {
	if r.flags&publicFunction != 0 {
		return 0
	}
	return 1
}

// publicName reads the name of a public.
func (f *File) publicName(p *publics, rec publicRecord) string {
	key := stringKey(stringPublic, rec.sym)
	if s, ok := f.strings.Get(key); ok {
		return s
	}
	var s string
	if rec.old {
		s = p.countedName(rec.sym)
	} else {
		s, _ = p.records.cstring(rec.sym + publicHeader)
	}
	f.strings.Put(key, s, stringCost(s))
	return s
}

func (p *publics) countedName(sym uint32) string {
	var n [1]byte
	if readFull(p.records, n[:], int64(sym)+publicHeader) != nil {
		return ""
	}
	b, err := p.records.bytes(nil, sym+publicHeader+1, uint32(n[0]))
	if err != nil {
		return ""
	}
	return string(b)
}
