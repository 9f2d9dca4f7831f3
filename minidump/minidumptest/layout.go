package minidumptest

import (
	"encoding/binary"
	"fmt"
	"unicode/utf16"

	"github.com/handletrace/handletrace/minidump"
)

const (
	headerSize    = 32
	directorySize = 12
)

// layout writes a file from front to back: what a stream refers to stands
// before it.
type layout struct {
	b         *Builder
	order     Order
	buf       []byte
	strings   map[any]uint32
	names     map[string]uint32 // of the pass before
	found     map[string]uint32 // of this pass
	directory []minidump.Directory
	tail      []Memory // Memory64List's bytes, which follow buf
	baseAt    int      // where its BaseRva stands
}

// layOut makes the file. The first pass tells where the named parts are; the
// second writes them, in the same places, for no part's size depends on one.
func (b *Builder) layOut() *layout {
	first := newLayout(b, nil)
	first.write()
	if len(first.found) == 0 {
		return first
	}
	second := newLayout(b, first.found)
	second.write()
	return second
}

func newLayout(b *Builder, names map[string]uint32) *layout {
	return &layout{b: b, order: b.order(), names: names, strings: map[any]uint32{}, found: map[string]uint32{}}
}

func (l *layout) write() {
	b := l.b
	entries := len(b.streams) + b.UnusedEntries
	l.buf = make([]byte, headerSize+directorySize*entries)
	for _, s := range b.streams {
		l.stream(s)
	}
	l.directory = append(l.directory, make([]minidump.Directory, b.UnusedEntries)...)
	if b.Faults.Directory != nil {
		b.Faults.Directory(l.directory)
	}
	out := l.header()
	for _, d := range l.directory {
		out = l.order.AppendUint32(out, uint32(d.StreamType))
		out = l.order.AppendUint32(out, d.DataSize)
		out = l.order.AppendUint32(out, d.Rva)
	}
	copy(l.buf, out)
	l.closeMemory64()
}

func (l *layout) header() []byte {
	b := l.b
	numbers := uint32(len(l.directory))
	if n := b.Faults.NumberOfStreams; n != nil {
		numbers = *n
	}
	rva := uint32(headerSize)
	if r := b.Faults.StreamDirectoryRva; r != nil {
		rva = *r
	}
	var out []byte
	for _, v := range []uint32{0x504d444d, 0xa793 | uint32(b.Implementation)<<16, numbers, rva, b.CheckSum, b.TimeDateStamp} {
		out = l.order.AppendUint32(out, v)
	}
	return l.order.AppendUint64(out, uint64(b.Flags))
}

func (l *layout) stream(s stream) {
	var content []byte
	var rva uint32
	if s.typ == minidump.Memory64ListStream && l.b.full != nil {
		content = l.memory64()
		rva = l.place(content)
		l.baseAt = int(rva) + 8
	} else {
		content, rva = l.block(s.parts())
	}
	l.directory = append(l.directory, minidump.Directory{
		StreamType: s.typ,
		DataSize:   valueOr(l.b.Faults.DataSize, s.typ, uint32(len(content))),
		Rva:        valueOr(l.b.Faults.Rva, s.typ, rva),
	})
}

// block encodes the parts and places them.
func (l *layout) block(parts []any) ([]byte, uint32) {
	var content []byte
	marks := map[string]int{}
	for _, p := range parts {
		content = l.encode(content, p, marks)
	}
	rva := l.place(content)
	for name, off := range marks {
		l.found[name] = rva + uint32(off)
	}
	return content, rva
}

// place appends content at the next aligned place.
func (l *layout) place(content []byte) uint32 {
	align := orDefault(l.b.Align, 4)
	for len(l.buf)%align != 0 || align == 1 && len(l.buf)%2 == 0 {
		l.buf = append(l.buf, 0)
	}
	rva := len(l.buf)
	l.buf = append(l.buf, content...)
	return uint32(rva)
}

func (l *layout) encode(dst []byte, part any, marks map[string]int) []byte {
	switch p := part.(type) {
	case nil:
		return dst
	case []byte:
		return append(dst, p...)
	case string:
		return append(dst, p...)
	case Func:
		return append(dst, p(l.order)...)
	case []any:
		for _, q := range p {
			dst = l.encode(dst, q, marks)
		}
		return dst
	case named:
		marks[p.name] = len(dst)
		return l.encode(dst, p.parts, marks)
	case at, at64, text, text64, utf8Text, ref, ref64, location:
		return l.reference(dst, part)
	}
	out, err := binary.Append(dst, l.order, part)
	if err != nil {
		panic(fmt.Sprintf("minidumptest: a part of type %T: %v", part, err))
	}
	return out
}

func (l *layout) reference(dst []byte, part any) []byte {
	switch p := part.(type) {
	case at:
		return l.order.AppendUint32(dst, l.names[p.name])
	case at64:
		return l.order.AppendUint64(dst, uint64(l.names[p.name]))
	case text:
		return l.order.AppendUint32(dst, l.text(p))
	case text64:
		return l.order.AppendUint64(dst, uint64(l.text(text(p))))
	case utf8Text:
		return l.order.AppendUint32(dst, l.utf8(p))
	case ref:
		_, rva := l.block(p.parts)
		return l.order.AppendUint32(dst, rva)
	case ref64:
		_, rva := l.block(p.parts)
		return l.order.AppendUint64(dst, uint64(rva))
	case location:
		content, rva := l.block(p.parts)
		return l.order.AppendUint32(l.order.AppendUint32(dst, uint32(len(content))), rva)
	}
	return dst
}

// text places a MINIDUMP_STRING, equal ones once.
func (l *layout) text(t text) uint32 {
	if rva, ok := l.strings[t]; ok {
		return rva
	}
	units := utf16.Encode([]rune(t.s))
	content := l.order.AppendUint32(nil, uint32(2*len(units)))
	for _, u := range append(units, 0) {
		content = l.order.AppendUint16(content, u)
	}
	rva := l.place(content)
	l.strings[t] = rva
	return rva
}

func (l *layout) utf8(t utf8Text) uint32 {
	if rva, ok := l.strings[t]; ok {
		return rva
	}
	content := append(l.order.AppendUint32(nil, uint32(len(t.s))), t.s...)
	rva := l.place(append(content, 0))
	l.strings[t] = rva
	return rva
}
