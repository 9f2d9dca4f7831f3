package minidump

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/handletrace/handletrace/internal/cursor"
)

// CodeViewSignature is the first word of a module's CodeView record.
type CodeViewSignature uint32

// Kinds of CodeView records.
const (
	CodeViewRSDS CodeViewSignature = 0x53445352 // "RSDS": a PDB 7.0, by GUID and age
	CodeViewNB10 CodeViewSignature = 0x3031424e // "NB10": a PDB 2.0, by signature and age
	CodeViewNB09 CodeViewSignature = 0x3930424e // "NB09": CodeView inside the image
	CodeViewNB11 CodeViewSignature = 0x3131424e // "NB11": CodeView inside the image
	CodeViewELF  CodeViewSignature = 0x4270454c // "LEpB": an ELF build id, from Breakpad
)

// String returns the signature's four characters as they stand in the file.
func (s CodeViewSignature) String() string {
	b := [4]byte{byte(s), byte(s >> 8), byte(s >> 16), byte(s >> 24)}
	for _, ch := range b {
		if ch < 0x20 || ch > 0x7e {
			return fmt.Sprintf("%#08x", uint32(s))
		}
	}
	return string(b[:])
}

// CodeView is the record that says which debug file belongs to a module. Its
// layout is not in the SDK; the forms here are those that linkers and
// Breakpad write.
type CodeView struct {
	Signature     CodeViewSignature
	GUID          GUID   // RSDS
	TimeDateStamp uint32 // NB10: the PDB's signature
	Age           uint32 // RSDS, NB10
	PdbFileName   string // RSDS, NB10: as the linker stored it, often with a path
	BuildID       []byte // LEpB
}

// codeViewReader reads the records of a list of modules. The budget stops those
// that lie over each other.
type codeViewReader struct {
	f      *File
	source byteSource
	budget int64
}

// maxCodeView bounds a record: a header and a path of the longest length that
// Windows allows.
const maxCodeView = 24 + 4*32768

// read decodes a record; one that cannot be read is nil, with a warning.
func (r *codeViewReader) read(l LocationDescriptor) *CodeView {
	if l.DataSize < 4 || l.Rva == 0 {
		return nil
	}
	size := int64(min(l.DataSize, maxCodeView))
	if r.budget -= size; r.budget < 0 {
		r.f.warn(ModuleListStream, int64(l.Rva), "a CodeView record of %d bytes is left out: it and those before it are more than the file holds", size)
		return nil
	}
	b, err := r.source.bytes(int64(l.Rva), size)
	if err != nil {
		r.f.warn(ModuleListStream, int64(l.Rva), "a CodeView record of %d bytes is left out: %v", size, err)
		return nil
	}
	cv, err := parseCodeView(cursor.New(b, r.f.order))
	if err != nil {
		r.f.warn(ModuleListStream, int64(l.Rva), "a CodeView record is left out: %v", err)
		return nil
	}
	return cv
}

// parseCodeView decodes a CodeView record. An unknown kind gives a record with
// its signature alone.
func parseCodeView(c *cursor.Cursor) (*CodeView, error) {
	cv := &CodeView{Signature: CodeViewSignature(c.Uint32())}
	switch cv.Signature {
	case CodeViewRSDS:
		cv.GUID, cv.Age = readGUID(c), c.Uint32()
		cv.PdbFileName = decodeBytes(c.Bytes(c.Len()))
	case CodeViewNB10:
		c.Skip(4)
		cv.TimeDateStamp, cv.Age = c.Uint32(), c.Uint32()
		cv.PdbFileName = decodeBytes(c.Bytes(c.Len()))
	case CodeViewELF:
		cv.BuildID = slices.Clone(c.Bytes(c.Len()))
	}
	if c.Err() != nil {
		return nil, fmt.Errorf("the %v record is too short", cv.Signature)
	}
	return cv, nil
}

// DebugID returns the identifier under which symbol servers file the debug
// information: GUID and age for RSDS, signature and age for NB10. It is empty
// for other records; an ELF module's build id is its [Module.CodeID].
func (cv *CodeView) DebugID() string {
	switch {
	case cv == nil:
		return ""
	case cv.Signature == CodeViewRSDS && !cv.GUID.IsZero():
		return fmt.Sprintf("%s%X", cv.GUID.hex(), cv.Age)
	case cv.Signature == CodeViewNB10:
		return fmt.Sprintf("%08X%X", cv.TimeDateStamp, cv.Age)
	}
	return ""
}

// codeID returns the build id of an ELF module in lower-case hex, and nothing
// where it has none.
func (cv *CodeView) codeID() string {
	if len(bytes.Trim(cv.BuildID, "\x00")) == 0 {
		return ""
	}
	return hex.EncodeToString(cv.BuildID)
}
