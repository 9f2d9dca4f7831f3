package pdb

import (
	"bytes"
	"encoding/binary"
)

// moduleInfo says where a module's data is. Names stay in the file.
type moduleInfo struct {
	stream uint16 // noStream: the module was stripped
	syms   uint32 // bytes of symbols, the signature included
	c11    uint32 // bytes of the old form of line numbers
	c13    uint32 // bytes of the new form
	name   uint32 // offset in the DBI stream of the module's name, then its object file's
}

const moduleHeaderSize = 64

// readModules reads the module information substream. What was read before
// damage is returned with the error.
func (f *File) readModules() ([]moduleInfo, error) {
	part := f.dbi.modules
	s, err := f.stream(streamDBI, "DBI stream")
	if err != nil || part.size == 0 {
		return nil, err
	}
	var w window
	w.reset(s, part.off+part.size, scanWindow)
	var modules []moduleInfo
	var taken [noStream + 1]bool
	for off := part.off; off < w.limit && len(modules) < noStream; {
		head := w.at(off, moduleHeaderSize)
		if head == nil {
			return modules, &FormatError{s.name, int64(off), "a module's header"}
		}
		m := moduleInfo{
			stream: binary.LittleEndian.Uint16(head[34:]),
			syms:   binary.LittleEndian.Uint32(head[36:]),
			c11:    binary.LittleEndian.Uint32(head[40:]),
			c13:    binary.LittleEndian.Uint32(head[44:]),
			name:   off + moduleHeaderSize,
		}
		if taken[m.stream] {
			m.stream = noStream // no stream has two modules in a sound file
		} else {
			taken[m.stream] = m.stream != noStream
		}
		off = m.name
		for range 2 {
			n, ok := w.cstringLen(off)
			if !ok {
				return modules, &FormatError{s.name, int64(off), "a module's name"}
			}
			off += n + 1
		}
		modules = append(modules, m)
		off = part.off + (off-part.off+3)&^3
	}
	return modules, nil
}

// cstringLen measures the NUL-terminated string at off.
func (w *window) cstringLen(off uint32) (uint32, bool) {
	for n := uint32(64); ; n *= 2 {
		n = min(n, maxName, w.limit-min(off, w.limit))
		b := w.at(off, n)
		if i := bytes.IndexByte(b, 0); i >= 0 {
			return uint32(i), true
		}
		if b == nil || n == maxName || off+n >= w.limit {
			return 0, false
		}
	}
}

// moduleStream opens a module's stream and checks the sizes of its parts. It
// is nil for a module without one.
func (f *File) moduleStream(m *moduleInfo) (*Stream, error) {
	if m.stream == noStream {
		return nil, nil
	}
	return f.stream(uint32(m.stream), "module stream")
}

// symbols is the part of the module's stream with symbol records.
func (m *moduleInfo) symbols(s *Stream) substream {
	end := min(m.syms, s.size)
	return substream{min(cvSignatureSize, end), end - min(cvSignatureSize, end)}
}

// lines is the part with C13 subsections.
func (m *moduleInfo) lines(s *Stream) substream {
	start := min(uint64(m.syms)+uint64(m.c11), uint64(s.size))
	end := min(start+uint64(m.c13), uint64(s.size))
	return substream{uint32(start), uint32(end - start)}
}

// cvSignatureSize is the length of the number in front of symbol records.
const cvSignatureSize = 4
