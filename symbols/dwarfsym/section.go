package dwarfsym

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"strings"
	"sync"

	"github.com/handletrace/handletrace/symbols/pe"
)

// section is a section of debugging information.
type section struct {
	r    io.ReaderAt
	size int64
}

// read returns up to n bytes at an offset: fewer where the section ends or
// cannot be read. It takes no more memory than there are bytes.
func (s *section) read(off uint64, n int64) []byte {
	if s == nil || s.r == nil || off >= uint64(s.size) {
		return nil
	}
	buf := make([]byte, min(n, s.size-int64(off)))
	k, _ := s.r.ReadAt(buf, int64(off))
	return buf[:k]
}

// maxString is more than any compiler's name.
const maxString = 1 << 16

// string returns the string at an offset.
func (s *section) string(off uint64) string {
	for n := int64(64); n <= maxString; n *= 8 {
		b := s.read(off, n)
		if end := bytes.IndexByte(b, 0); end >= 0 {
			return string(b[:end])
		}
		if int64(len(b)) < n {
			break
		}
	}
	return ""
}

// sections are those that are of use here.
type sections struct {
	info, abbrev, aranges, line, str, lineStr, ranges, rngLists, strOffsets, addr *section
}

// names returns where each section goes, by its name without prefix.
func (s *sections) names() map[string]**section {
	return map[string]**section{
		"info": &s.info, "abbrev": &s.abbrev, "aranges": &s.aranges, "line": &s.line, "str": &s.str, "line_str": &s.lineStr,
		"ranges": &s.ranges, "rnglists": &s.rngLists, "str_offsets": &s.strOffsets, "addr": &s.addr,
	}
}

// findSections finds the sections of an image.
func findSections(img *pe.Image) *sections {
	found := &sections{}
	places := found.names()
	for _, s := range nameSections(img) {
		name, compressed := strings.CutPrefix(s.Name, ".zdebug_")
		plain := false
		if !compressed {
			name, plain = strings.CutPrefix(s.Name, ".debug_")
		}
		place, known := places[name]
		r := img.SectionReader(s)
		if !known || *place != nil || !compressed && !plain || r.Size() == 0 {
			continue
		}
		*place = &section{r, r.Size()}
		if compressed {
			*place = unpacked(r)
		}
	}
	return found
}

// usable reports whether there is what every look-up needs.
func (s *sections) usable() bool { return s.info != nil && s.abbrev != nil }

const (
	zlibHeader = 12 // "ZLIB", then the size of the data as 8 bytes, big-endian
	// maxUnpacked is more than the debugging information of the biggest images
	// has in a section.
	maxUnpacked = 1 << 30
	// maxRatio is many times what debugging information shrinks by; deflate
	// could make a thousand bytes of one.
	maxRatio = 100
)

// unpacked returns a compressed section, which is unpacked when first read. One
// that is damaged is empty.
func unpacked(r *io.SectionReader) *section {
	var head [zlibHeader]byte
	if n, _ := r.ReadAt(head[:], 0); n < len(head) || string(head[:4]) != "ZLIB" {
		return nil
	}
	size := binary.BigEndian.Uint64(head[4:])
	if size > min(maxUnpacked, uint64(r.Size())*maxRatio) {
		return nil
	}
	data := sync.OnceValue(func() []byte { return inflate(r, int64(size)) })
	return &section{lazyBytes(data), int64(size)}
}

func inflate(r *io.SectionReader, size int64) []byte {
	z, err := zlib.NewReader(io.NewSectionReader(r, zlibHeader, r.Size()-zlibHeader))
	if err != nil {
		return nil
	}
	var out bytes.Buffer
	// What comes before damage is used.
	_, _ = io.Copy(&out, io.LimitReader(z, size))
	return out.Bytes()
}

// lazyBytes reads from bytes that are made when first needed.
type lazyBytes func() []byte

func (f lazyBytes) ReadAt(p []byte, off int64) (int, error) {
	return bytes.NewReader(f()).ReadAt(p, off)
}
