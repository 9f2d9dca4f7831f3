package minidump

import (
	"github.com/handletrace/handletrace/internal/cursor"
)

// DSODebug is an MDRawDebug32 or MDRawDebug64: the dynamic linker's own list of
// modules.
type DSODebug struct {
	Version uint32
	Brk     uint64 // address of the linker's break-point function
	LdBase  uint64 // where the linker itself is
	Dynamic uint64 // address of the program's dynamic section
	LinkMap []LinkMap
	// DynamicSection is the program's dynamic section.
	DynamicSection []byte
}

// LinkMap is an MDRawLinkMap32 or MDRawLinkMap64.
type LinkMap struct {
	Addr uint64 // difference between the file's addresses and those in memory
	Name string // often empty for the program itself
	Ld   uint64 // address of the module's dynamic section
}

// LinuxDSODebug decodes stream 0x4767000a.
func (f *File) LinuxDSODebug() (*DSODebug, error) {
	return once(f, LinuxDSODebugStream, f.decodeDSODebug)
}

func (f *File) decodeDSODebug() (*DSODebug, error) {
	s, err := f.section(LinuxDSODebugStream)
	if err != nil {
		return nil, err
	}
	c, err := f.cursorOf(s)
	if err != nil {
		return nil, err
	}
	// Unlike others, these structures have the padding of the process's
	// compiler.
	words := wordCursor{c, f.PointerSize()}
	d := &DSODebug{Version: c.Uint32()}
	rva, count := c.Uint32(), c.Uint32()
	d.Brk, d.LdBase, d.Dynamic = words.word(), words.word(), words.word()
	if c.Err() != nil {
		return nil, s.fault("%d bytes, at least %d were expected", s.size, 12+3*f.PointerSize())
	}
	d.DynamicSection = c.Bytes(c.Len())
	d.LinkMap = f.readLinkMap(s, rva, count)
	return d, nil
}

func (f *File) readLinkMap(s section, rva, count uint32) []LinkMap {
	size := f.PointerSize()
	l := f.newList(section{stream: s.stream, off: int64(rva), size: max(f.size-int64(rva), 0)}, 0, 3*size, int64(count))
	return entriesOf(l, func(c *cursor.Cursor) LinkMap {
		w := wordCursor{c, size}
		return LinkMap{Addr: w.word(), Name: f.stringAt(s.stream, uint64(c.Uint32())), Ld: w.word()}
	})
}
