package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"unicode/utf16"
)

// Stream types and the sizes of their entries.
const (
	threadListStream = 3
	moduleListStream = 4
	memory64Stream   = 9
	memoryInfoStream = 16

	threadSize   = 48
	moduleSize   = 108
	maxStreams   = 64
	memoryMapped = 0x40000
)

var le = binary.LittleEndian

// A span is a piece of the address space.
type span struct {
	start, end uint64
}

// A memory is a span whose bytes are in the dump, at offset.
type memory struct {
	span
	offset uint64
}

type module struct {
	span
	name string
}

// A region is what the process knew of a span of its address space.
type region struct {
	span
	allocation uint64
	kind       uint32
}

type dump struct {
	data     []byte
	memory   []memory
	modules  []module
	stacks   []span // the part in use
	regions  []region
	listDir  uint64 // of Memory64List: its directory entry,
	listRVA  uint64 // and where it is
	dataBase uint64 // where the memory begins
}

var errMalformed = errors.New("not a full minidump as the lab writes it")

// parse trusts the lab's own dumps, and so turns what is out of bounds into
// one error.
func parse(data []byte) (d *dump, err error) {
	defer func() {
		if recover() != nil {
			d, err = nil, errMalformed
		}
	}()
	d = &dump{data: data}
	if string(data[:4]) != "MDMP" {
		return nil, errMalformed
	}
	count, dir := le.Uint32(data[8:]), uint64(le.Uint32(data[12:]))
	for i := range uint64(min(count, maxStreams)) {
		entry := dir + 12*i
		rva := uint64(le.Uint32(data[entry+8:]))
		switch le.Uint32(data[entry:]) {
		case threadListStream:
			d.parseThreads(rva)
		case moduleListStream:
			d.parseModules(rva)
		case memory64Stream:
			d.listDir, d.listRVA = entry, rva
			d.parseMemory(rva)
		case memoryInfoStream:
			d.parseRegions(rva)
		}
	}
	if d.memory == nil || d.modules == nil || d.regions == nil || d.stacks == nil {
		return nil, errMalformed
	}
	return d, nil
}

func (d *dump) parseThreads(rva uint64) {
	for i := range uint64(le.Uint32(d.data[rva:])) {
		t := d.data[rva+4+threadSize*i:]
		start := le.Uint64(t[24:])
		d.stacks = append(d.stacks, span{start, start + uint64(le.Uint32(t[32:]))})
	}
}

func (d *dump) parseModules(rva uint64) {
	for i := range uint64(le.Uint32(d.data[rva:])) {
		m := d.data[rva+4+moduleSize*i:]
		base := le.Uint64(m)
		d.modules = append(d.modules, module{
			span: span{base, base + uint64(le.Uint32(m[8:]))},
			name: d.text(uint64(le.Uint32(m[20:]))),
		})
	}
}

func (d *dump) text(rva uint64) string {
	units := make([]uint16, le.Uint32(d.data[rva:])/2)
	for i := range units {
		units[i] = le.Uint16(d.data[rva+4+2*uint64(i):])
	}
	return string(utf16.Decode(units))
}

func (d *dump) parseMemory(rva uint64) {
	count := le.Uint64(d.data[rva:])
	offset := le.Uint64(d.data[rva+8:])
	d.dataBase = offset
	for i := range count {
		start := le.Uint64(d.data[rva+16+16*i:])
		size := le.Uint64(d.data[rva+24+16*i:])
		d.memory = append(d.memory, memory{span{start, start + size}, offset})
		offset += size
	}
}

func (d *dump) parseRegions(rva uint64) {
	header, size := uint64(le.Uint32(d.data[rva:])), uint64(le.Uint32(d.data[rva+4:]))
	for i := range le.Uint64(d.data[rva+8:]) {
		r := d.data[rva+header+size*i:]
		start := le.Uint64(r)
		d.regions = append(d.regions, region{
			span:       span{start, start + le.Uint64(r[24:])},
			allocation: le.Uint64(r[8:]),
			kind:       le.Uint32(r[40:]),
		})
	}
}

// at returns the n bytes of memory at address, or nil.
func (d *dump) at(address, n uint64) []byte {
	for _, m := range d.memory {
		if m.start <= address && address+n <= m.end {
			offset := m.offset + address - m.start
			return d.data[offset : offset+n]
		}
	}
	return nil
}

// withMemory returns the dump with only the memory that is kept. The lab's
// dumps have the memory list last, and the memory behind it.
func (d *dump) withMemory(kept []memory) []byte {
	out := bytes.Clone(d.data[:d.listRVA])
	listSize := 16 + 16*uint64(len(kept))
	out = le.AppendUint64(out, uint64(len(kept)))
	out = le.AppendUint64(out, d.listRVA+listSize)
	for _, m := range kept {
		out = le.AppendUint64(out, m.start)
		out = le.AppendUint64(out, m.end-m.start)
	}
	for _, m := range kept {
		out = append(out, d.data[m.offset:m.offset+m.end-m.start]...)
	}
	le.PutUint32(out[d.listDir+4:], uint32(listSize))
	return out
}

// blankOut overwrites s with zeros wherever it is.
func blankOut(data []byte, s string) {
	var wide []byte
	for _, u := range utf16.Encode([]rune(s)) {
		wide = le.AppendUint16(wide, u)
	}
	for _, pattern := range [][]byte{[]byte(s), wide} {
		if len(pattern) == 0 {
			continue
		}
		for at := 0; ; {
			i := bytes.Index(data[at:], pattern)
			if i < 0 {
				break
			}
			at += i
			clear(data[at : at+len(pattern)])
		}
	}
}
