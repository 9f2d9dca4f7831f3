package pe

import (
	"bytes"
	"fmt"

	"github.com/handletrace/handletrace/internal/cursor"
)

// CodeView is the record by which an image names its program database. The
// fields that its kind does not have are zero.
type CodeView struct {
	Kind      string // "RSDS", "NB10", or "NB09", "NB11" for symbols inside the image
	GUID      GUID   // RSDS
	Signature uint32 // NB10: seconds since 1970
	Age       uint32 // RSDS, NB10: how often the PDB was written
	Offset    uint32 // NB..: where the symbols are, 0 for NB10
	Path      string // RSDS, NB10: the PDB as the linker named it, mostly a full Windows path
	Portable  bool   // the PDB is a portable one, of managed code
}

const codeViewKindSize = 4

// ParseCodeView decodes the bytes of a CodeView record, as a debug entry or a
// minidump's module (CvRecord) holds them. The path need not end in NUL. Bytes
// of another or a damaged form are a [*FormatError].
func ParseCodeView(data []byte) (CodeView, error) {
	c := cursor.LittleEndian(data)
	cv := CodeView{Kind: string(c.Bytes(codeViewKindSize))}
	switch {
	case cv.Kind == "RSDS":
		copy(cv.GUID[:], c.Bytes(len(cv.GUID)))
		cv.Age = c.Uint32()
		cv.Path = pathAt(data, c)
	case cv.Kind == "NB10":
		cv.Offset = c.Uint32()
		cv.Signature = c.Uint32()
		cv.Age = c.Uint32()
		cv.Path = pathAt(data, c)
	case len(cv.Kind) == codeViewKindSize && cv.Kind[:2] == "NB":
		cv.Offset = c.Uint32()
	default:
		return CodeView{}, &FormatError{Part: "CodeView record", Want: "RSDS or NB..", Count: 1}
	}
	if c.Err() != nil {
		return CodeView{}, &FormatError{Part: "CodeView record", Offset: int64(c.Offset()), Want: "a whole record", Count: 1, Err: c.Err()}
	}
	return cv, nil
}

func pathAt(data []byte, c *cursor.Cursor) string {
	if c.Err() != nil {
		return ""
	}
	path, _, _ := bytes.Cut(data[c.Offset():], []byte{0})
	return string(path)
}

// DebugID returns the key under which symbol servers keep the PDB: the GUID in
// 32 upper-case digits (of an NB10 record the signature in eight), then the age
// in lower-case hexadecimal; FFFFFFFF in its place for a portable PDB. It is ""
// for a record that names no PDB.
func (cv *CodeView) DebugID() string {
	switch {
	case cv.Kind == "RSDS" && cv.Portable:
		return cv.GUID.Hex() + "FFFFFFFF"
	case cv.Kind == "RSDS":
		return fmt.Sprintf("%s%x", cv.GUID.Hex(), cv.Age)
	case cv.Kind == "NB10":
		return fmt.Sprintf("%08X%x", cv.Signature, cv.Age)
	}
	return ""
}
