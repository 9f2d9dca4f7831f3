package main

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

var le = binary.LittleEndian

type operation struct {
	handle uint64
	thread uint32
	kind   uint32
	stack  []uint64
}

type handle struct {
	value    uint64
	typeName string
}

type module struct {
	start, end uint64
	name       string // lower case, without its folder
	own        bool
	exports    map[uint64][]string // by RVA
	functions  [][2]uint64         // of .pdata: begin and end RVAs
}

type thread struct {
	id, contextSize uint32
}

type memory struct {
	start uint64
	bytes []byte
}

type dump struct {
	data       []byte
	operations []operation
	handles    []handle
	modules    []*module
	unloaded   []*module
	threads    []thread
	memory     []memory
}

// parseDump may panic on a malformed dump: it is for the lab's own.
func parseDump(data []byte) *dump {
	d := &dump{data: data}
	count, dir := le.Uint32(data[8:]), le.Uint32(data[12:])
	streams := map[uint32]uint32{}
	for i := range count {
		entry := data[dir+12*i:]
		kind := le.Uint32(entry)
		if _, twice := streams[kind]; twice && kind != 0 {
			failf("two streams of type %d", kind)
		}
		streams[kind] = le.Uint32(entry[8:])
	}
	for _, kind := range []uint32{3, 4, 7, 9, 12, 14, 15, 16, 17, 18, 24} {
		if streams[kind] == 0 {
			failf("no stream of type %d", kind)
			return d
		}
	}
	d.parseMemory(streams[9])
	d.parseThreads(streams[3])
	d.parseModules(streams[4])
	d.parseHandles(streams[12])
	d.parseUnloaded(streams[14])
	d.parseOperations(streams[18])
	return d
}

func (d *dump) text(rva uint32) string {
	if rva == 0 {
		return ""
	}
	units := make([]uint16, le.Uint32(d.data[rva:])/2)
	for i := range units {
		units[i] = le.Uint16(d.data[rva+4+2*uint32(i):])
	}
	return string(utf16.Decode(units))
}

func (d *dump) parseMemory(rva uint32) {
	offset := le.Uint64(d.data[rva+8:])
	for i := range uint32(le.Uint64(d.data[rva:])) {
		start, size := le.Uint64(d.data[rva+16+16*i:]), le.Uint64(d.data[rva+24+16*i:])
		d.memory = append(d.memory, memory{start, d.data[offset : offset+size]})
		offset += size
	}
	if offset != uint64(len(d.data)) {
		failf("the memory ends at %d, the file at %d", offset, len(d.data))
	}
}

// at returns the memory from address on, or nil.
func (d *dump) at(address uint64) []byte {
	for _, m := range d.memory {
		if m.start <= address && address < m.start+uint64(len(m.bytes)) {
			return m.bytes[address-m.start:]
		}
	}
	return nil
}

func (d *dump) parseThreads(rva uint32) {
	for i := range le.Uint32(d.data[rva:]) {
		t := d.data[rva+4+48*i:]
		d.threads = append(d.threads, thread{le.Uint32(t), le.Uint32(t[40:])})
	}
}

func (d *dump) parseModules(rva uint32) {
	for i := range le.Uint32(d.data[rva:]) {
		m := d.data[rva+4+108*i:]
		name := strings.ToLower(d.text(le.Uint32(m[20:])))
		start := le.Uint64(m)
		module := &module{
			start: start,
			end:   start + uint64(le.Uint32(m[8:])),
			name:  name[strings.LastIndexByte(name, '\\')+1:],
			own:   strings.HasPrefix(name, `c:\handlelab\`),
		}
		if size, cv := le.Uint32(m[76:]), le.Uint32(m[80:]); module.own &&
			(size < 24 || string(d.data[cv:cv+4]) != "RSDS") {
			failf("%s has no CodeView record", name)
		}
		d.parseImage(module)
		d.modules = append(d.modules, module)
	}
}

func (d *dump) parseUnloaded(rva uint32) {
	for i := range le.Uint32(d.data[rva+8:]) {
		m := d.data[rva+12+24*i:]
		start := le.Uint64(m)
		d.unloaded = append(d.unloaded, &module{
			start: start,
			end:   start + uint64(le.Uint32(m[8:])),
			name:  strings.ToLower(d.text(le.Uint32(m[20:]))),
		})
	}
}

func (d *dump) parseHandles(rva uint32) {
	for i := range le.Uint32(d.data[rva+8:]) {
		h := d.data[rva+16+40*i:]
		d.handles = append(d.handles, handle{le.Uint64(h), d.text(le.Uint32(h[8:]))})
		d.checkObjectInformation(d.handles[i], le.Uint32(h[32:]))
	}
}

// checkObjectInformation: events, semaphores and threads have the information
// of their type.
func (d *dump) checkObjectInformation(h handle, rva uint32) {
	want := map[string]uint32{"Thread": 1, "Mutant": 2, "Event": 6, "Section": 7, "Semaphore": 8}[h.typeName]
	got := uint32(0)
	if rva != 0 {
		got = le.Uint32(d.data[rva+4:])
	}
	if got != want {
		failf("handle 0x%x of type %s has information of type %d", h.value, h.typeName, got)
	}
}

func (d *dump) parseOperations(rva uint32) {
	if le.Uint32(d.data[rva:]) != 16 || le.Uint32(d.data[rva+4:]) != 288 {
		failf("odd sizes in stream 18")
	}
	for i := range le.Uint32(d.data[rva+8:]) {
		e := d.data[rva+16+288*i:]
		o := operation{handle: le.Uint64(e), thread: le.Uint32(e[12:]), kind: le.Uint32(e[16:])}
		for j := range min(le.Uint32(e[24:]), 32) {
			o.stack = append(o.stack, le.Uint64(e[32+8*j:]))
		}
		d.operations = append(d.operations, o)
	}
}

// parseImage reads the exports and, of a 64-bit image, the function table.
func (d *dump) parseImage(m *module) {
	headers := d.at(m.start)
	if len(headers) < 4096 {
		failf("%s has no headers", m.name)
		return
	}
	optional := headers[le.Uint32(headers[60:])+24:]
	directories := optional[96:]
	if le.Uint16(optional) == 0x20b {
		directories = optional[112:]
		table := d.at(m.start + uint64(le.Uint32(directories[24:])))
		for i := range int(le.Uint32(directories[28:])) / 12 {
			m.functions = append(m.functions, [2]uint64{
				uint64(le.Uint32(table[12*i:])), uint64(le.Uint32(table[12*i+4:]))})
		}
	}
	m.exports = map[uint64][]string{}
	if rva := uint64(le.Uint32(directories)); rva != 0 {
		d.parseExports(m, d.at(m.start+rva))
	}
}

func (d *dump) parseExports(m *module, directory []byte) {
	functions := d.at(m.start + uint64(le.Uint32(directory[28:])))
	names := d.at(m.start + uint64(le.Uint32(directory[32:])))
	ordinals := d.at(m.start + uint64(le.Uint32(directory[36:])))
	for i := range le.Uint32(directory[24:]) {
		text := d.at(m.start + uint64(le.Uint32(names[4*i:])))
		name, _, _ := strings.Cut(string(text[:min(len(text), 256)]), "\x00")
		rva := uint64(le.Uint32(functions[4*uint32(le.Uint16(ordinals[2*i:])):]))
		m.exports[rva] = append(m.exports[rva], name)
	}
}
