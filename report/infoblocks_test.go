package report_test

import (
	"encoding/binary"
	"slices"
	"unicode/utf16"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// blocks lays out what lies in the memory of a process.
type blocks struct {
	order minidumptest.Order
	width int
	base  uint64
	data  []byte
}

func newBlocks(order minidumptest.Order, width int, base uint64, size int) *blocks {
	return &blocks{order, width, base, make([]byte, size)}
}

func orderOf(bigEndian bool) minidumptest.Order {
	if bigEndian {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

func (p *blocks) word(off int, v uint64) {
	if p.width == 4 {
		p.order.PutUint32(p.data[off:], uint32(v))
		return
	}
	p.order.PutUint64(p.data[off:], v)
}

// text writes a UNICODE_STRING at off, and its text at at.
func (p *blocks) text(off, at int, s string) {
	units := utf16.Encode([]rune(s))
	p.order.PutUint16(p.data[off:], uint16(2*len(units)))
	p.order.PutUint16(p.data[off+2:], uint16(2*len(units)+2))
	p.word(off+p.width, p.base+uint64(at))
	p.wide(at, s)
}

func (p *blocks) wide(at int, s string) {
	for i, u := range utf16.Encode([]rune(s)) {
		p.order.PutUint16(p.data[at+2*i:], u)
	}
}

// processBlocks has the block of a thread at 0, that of the process at 0x2000,
// its parameters at 0x3000 and texts from 0x4000 on.
func processBlocks(order minidumptest.Order, width int, base uint64) *blocks {
	o := map[int]struct{ id, tls, peb, lastError, lastStatus, slots, image, parameters, flag, version, session, in, dir, dll, path, command, environment, title int }{
		8: {0x40, 0x58, 0x60, 0x68, 0x1250, 0x1480, 0x10, 0x20, 0xbc, 0x118, 0x2c0, 0x20, 0x38, 0x50, 0x60, 0x70, 0x80, 0xb0},
		4: {0x20, 0x2c, 0x30, 0x34, 0xbf4, 0xe10, 0x08, 0x10, 0x68, 0xa4, 0x1d4, 0x18, 0x24, 0x30, 0x38, 0x40, 0x48, 0x70},
	}[width]
	p := newBlocks(order, width, base, 0x6000)
	p.word(width, 0x20000) // stack base and limit
	p.word(2*width, 0x10000)
	p.word(o.id, 42)
	p.word(o.id+width, 7)
	p.word(o.tls, 0x7700)
	p.word(o.peb, base+0x2000)
	order.PutUint32(p.data[o.lastError:], 6)
	order.PutUint32(p.data[o.lastStatus:], 0xc0000008)
	p.word(o.slots+5*width, 0xabc)
	p.data[0x2002] = 1 // being debugged
	p.word(0x2000+o.image, 0x140000)
	p.word(0x2000+o.parameters, base+0x3000)
	order.PutUint32(p.data[0x2000+o.flag:], 0x40000100)
	order.PutUint32(p.data[0x2000+o.version:], 10)
	order.PutUint32(p.data[0x2000+o.session:], 3)
	p.word(0x3000+o.in, 0x10)
	p.text(0x3000+o.dir, 0x4000, `C:\work\`)
	p.text(0x3000+o.dll, 0x4080, `C:\Windows;C:\work`)
	p.text(0x3000+o.path, 0x4100, `C:\work\ü.exe`)
	p.text(0x3000+o.command, 0x4200, `ü.exe "--all"`)
	p.text(0x3000+o.title, 0x4300, "title\x1b[2J")
	p.word(0x3000+o.environment, base+0x5000)
	p.wide(0x5000, "A=1\x00PATH=C:\\\x00\x00")
	return p
}

// contextAt returns registers with numbers at their places, for both widths.
func contextAt(arch minidump.ProcessorArchitecture, order minidumptest.Order) []byte {
	if arch == x86 {
		b := make([]byte, 716)
		for off, v := range map[int]uint32{0xb8: 0x140010, 0xc4: 0x10010, 0xb4: 0x10020} {
			order.PutUint32(b[off:], v)
		}
		return b
	}
	b := make([]byte, 1232)
	for off, v := range map[int]uint64{0xf8: 0x140010, 0x98: 0x10010, 0xa0: 0x10020} {
		order.PutUint64(b[off:], v)
	}
	return b
}

// withShadowStack adds extended state with AVX and CET to a context.
func withShadowStack(context []byte, order minidumptest.Order) []byte {
	const gap = 0x20
	size := int32(len(context))
	area := order.AppendUint64(nil, 1<<11|1<<2)
	area = order.AppendUint64(area, 1<<63|1<<11|1<<2)
	area = append(area, make([]byte, 48+256+8)...)
	area = order.AppendUint64(area, 0xabc0)
	var ex []byte
	for _, v := range []int32{-size, size + gap + int32(len(area)), -size, size, gap, int32(len(area))} {
		ex = order.AppendUint32(ex, uint32(v))
	}
	return slices.Concat(context, ex, make([]byte, gap-len(ex)), area)
}

// sid returns S-1-5-21-1-n; SIDs are little-endian in any file.
func sid(n uint32) []byte {
	return binary.LittleEndian.AppendUint32([]byte{1, 3, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0}, n)
}

// token returns an entry of the Token stream.
func token(order minidumptest.Order, id uint32) []byte {
	u32 := func(n ...uint32) (b []byte) {
		for _, v := range n {
			b = order.AppendUint32(b, v)
		}
		return b
	}
	u64 := func(n ...uint64) (b []byte) {
		for _, v := range n {
			b = order.AppendUint64(b, v)
		}
		return b
	}
	elements := [][]byte{
		u32(1),
		slices.Concat(u32(8, 7), sid(500)),
		slices.Concat(u32(2, 20, 7, 40, 0x10), sid(513), sid(1234)),
		slices.Concat(u32(4), sid(513)),
		slices.Concat(u32(2), u64(20), u32(2), u64(23), u32(3)),
		slices.Concat(u64(1, 2, 133445556667778889), u32(1, 0, 4096, 100, 2, 2), u64(9)),
	}
	var header, body []byte
	for _, e := range elements {
		header = append(header, u32(uint32(64+len(body)), uint32(len(e)))...)
		body = append(body, e...)
	}
	return slices.Concat(u32(uint32(64+len(body)), id), u64(0x88), header, body)
}

func wide(s string, n int) []uint16 { return append(utf16.Encode([]rune(s)), make([]uint16, n)...)[:n] }
