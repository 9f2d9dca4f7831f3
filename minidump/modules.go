package minidump

import (
	"fmt"
	"strings"

	"github.com/handletrace/handletrace/internal/cursor"
)

// LocationDescriptor is a MINIDUMP_LOCATION_DESCRIPTOR: some bytes of the
// file.
type LocationDescriptor struct {
	DataSize uint32 // bytes
	Rva      uint32 // from the start of the file
}

func readLocation(c *cursor.Cursor) LocationDescriptor {
	return LocationDescriptor{DataSize: c.Uint32(), Rva: c.Uint32()}
}

// Location returns the bytes that a descriptor names.
func (f *File) Location(l LocationDescriptor) ([]byte, error) {
	return f.read(int64(l.Rva), int64(l.DataSize))
}

// FixedFileInfo is a VS_FIXEDFILEINFO: the version resource of a module.
type FixedFileInfo struct {
	Signature        uint32 // 0xfeef04bd where the module has a version resource
	StrucVersion     uint32
	FileVersionMS    uint32
	FileVersionLS    uint32
	ProductVersionMS uint32
	ProductVersionLS uint32
	FileFlagsMask    uint32
	FileFlags        uint32
	FileOS           uint32
	FileType         uint32
	FileSubtype      uint32
	FileDateMS       uint32
	FileDateLS       uint32
}

// FileVersion returns the version as a.b.c.d, or nothing where there is none.
func (v *FixedFileInfo) FileVersion() string {
	return dotted(v.FileVersionMS, v.FileVersionLS)
}

// ProductVersion returns the product's version as a.b.c.d, or nothing where
// there is none.
func (v *FixedFileInfo) ProductVersion() string {
	return dotted(v.ProductVersionMS, v.ProductVersionLS)
}

func dotted(ms, ls uint32) string {
	if ms == 0 && ls == 0 {
		return ""
	}
	return fmt.Sprintf("%d.%d.%d.%d", ms>>16, ms&0xffff, ls>>16, ls&0xffff)
}

// Module is a MINIDUMP_MODULE: an image in the process.
type Module struct {
	BaseOfImage   uint64
	SizeOfImage   uint32 // bytes
	CheckSum      uint32
	TimeDateStamp uint32 // the linker's, which may be a hash
	Name          string // the path as the process saw it
	VersionInfo   FixedFileInfo
	CvRecord      LocationDescriptor
	MiscRecord    LocationDescriptor
	CodeView      *CodeView // CvRecord decoded; nil where there is none
}

// moduleSize is sizeof(MINIDUMP_MODULE).
const moduleSize = 108

// Contains reports whether the address lies in the module's image.
func (m *Module) Contains(addr uint64) bool {
	return addr >= m.BaseOfImage && addr-m.BaseOfImage < uint64(m.SizeOfImage)
}

// BaseName returns the file's name without its folder, on either kind of path.
func (m *Module) BaseName() string { return baseName(m.Name) }

func baseName(path string) string { return path[strings.LastIndexAny(path, `\/`)+1:] }

// DebugFile returns the name of the PDB as the linker stored it, often with a
// path, or nothing.
func (m *Module) DebugFile() string {
	if m.CodeView == nil {
		return ""
	}
	return m.CodeView.PdbFileName
}

// DebugID returns the identifier under which symbol servers file the module's
// debug information, or nothing; see [CodeView.DebugID].
func (m *Module) DebugID() string { return m.CodeView.DebugID() }

// CodeID returns the identifier under which symbol servers file the image
// itself: time stamp and size for PE, the build id for ELF, where it is not
// empty or all zeros.
func (m *Module) CodeID() string {
	if m.CodeView != nil && m.CodeView.Signature == CodeViewELF {
		return m.CodeView.codeID()
	}
	return fmt.Sprintf("%08X%x", m.TimeDateStamp, m.SizeOfImage)
}

// Modules decodes stream 4, in the order of the file: the program first, as
// most writers store it. A module whose extent is impossible is left out with
// a warning.
func (f *File) Modules() ([]Module, error) { return f.modules.get(f.decodeModules) }

func (f *File) decodeModules() ([]Module, error) { return f.decodeModuleList(ModuleListStream) }

func (f *File) decodeModuleList(t StreamType) ([]Module, error) {
	l, err := f.plainList(t, moduleSize)
	if err != nil {
		return nil, err
	}
	modules := make([]Module, 0, l.count)
	// The records of a sound dump lie apart, and are the smaller part of it.
	records := &codeViewReader{f, byteSource{src: f.src, size: f.size}, f.size/4 + sharedStrings}
	c := cursor.New(nil, f.order)
	for i, b := range l.all() {
		c.Reset(b)
		m := f.decodeModule(c, records)
		if last := m.BaseOfImage + max(uint64(m.SizeOfImage), 1) - 1; last < m.BaseOfImage {
			f.warn(l.stream, l.offset(i), "module %.100q at %#x with %#x bytes is left out: it exceeds the address space", m.Name, m.BaseOfImage, m.SizeOfImage)
			continue
		}
		modules = append(modules, m)
	}
	return modules, nil
}

func (f *File) decodeModule(c *cursor.Cursor, records *codeViewReader) Module {
	m := Module{
		BaseOfImage:   f.address(c.Uint64()),
		SizeOfImage:   c.Uint32(),
		CheckSum:      c.Uint32(),
		TimeDateStamp: c.Uint32(),
	}
	name := c.Uint32()
	m.VersionInfo = readFixedFileInfo(c)
	m.CvRecord, m.MiscRecord = readLocation(c), readLocation(c)
	m.Name = f.stringAt(ModuleListStream, uint64(name))
	m.CodeView = records.read(m.CvRecord)
	return m
}

func readFixedFileInfo(c *cursor.Cursor) (v FixedFileInfo) {
	for _, p := range []*uint32{
		&v.Signature, &v.StrucVersion, &v.FileVersionMS, &v.FileVersionLS, &v.ProductVersionMS, &v.ProductVersionLS,
		&v.FileFlagsMask, &v.FileFlags, &v.FileOS, &v.FileType, &v.FileSubtype, &v.FileDateMS, &v.FileDateLS,
	} {
		*p = c.Uint32()
	}
	return v
}
