package pe

import (
	"errors"
	"io"

	"github.com/handletrace/handletrace/internal/cursor"
)

// DebugEntry is IMAGE_DEBUG_DIRECTORY. Its data is read by [Image.DebugData].
type DebugEntry struct {
	Characteristics  uint32
	TimeDateStamp    uint32
	MajorVersion     uint16
	MinorVersion     uint16
	Type             DebugType
	SizeOfData       uint32 // bytes
	AddressOfRawData uint32 // RVA, 0 if the data is not loaded
	PointerToRawData uint32 // file offset
}

const (
	debugEntrySize = 28

	// portableMinor in MinorVersion marks a CodeView entry of a portable PDB.
	portableMinor = 0x504d

	// maxCodeView is more than any path that Windows can open.
	maxCodeView = 1 << 16
)

// DebugDirectory returns the debug entries. Where some cannot be read those
// before them are returned beside a [*FormatError]. [ErrNoDebugDirectory] means
// that there is none.
func (m *Image) DebugDirectory() ([]DebugEntry, error) {
	dir := m.DataDirectory(IMAGE_DIRECTORY_ENTRY_DEBUG)
	if dir.VirtualAddress == 0 || dir.Size == 0 {
		return nil, ErrNoDebugDirectory
	}
	var entries []DebugEntry
	w := window{r: m}
	// A section may promise more zeros than the image has bytes.
	count := min(int64(dir.Size), m.size) / debugEntrySize
	for i := range count {
		var buf [debugEntrySize]byte
		at := int64(dir.VirtualAddress) + i*debugEntrySize
		if !w.fill(buf[:], at) {
			return entries, &FormatError{Part: "debug directory", Offset: at, Want: "IMAGE_DEBUG_DIRECTORY", Count: int(count - i), Err: w.err}
		}
		entries = append(entries, readDebugEntry(cursor.LittleEndian(buf[:])))
	}
	return entries, nil
}

func readDebugEntry(c *cursor.Cursor) DebugEntry {
	return DebugEntry{
		Characteristics:  c.Uint32(),
		TimeDateStamp:    c.Uint32(),
		MajorVersion:     c.Uint16(),
		MinorVersion:     c.Uint16(),
		Type:             DebugType(c.Uint32()),
		SizeOfData:       c.Uint32(),
		AddressOfRawData: c.Uint32(),
		PointerToRawData: c.Uint32(),
	}
}

// DebugData returns the data of a debug entry. What is not loaded is absent
// from an image in memory: the error is then [ErrUnmapped] or that of the
// reader, in a [*FormatError].
func (m *Image) DebugData(e DebugEntry) ([]byte, error) {
	return m.debugData(e, int64(e.SizeOfData))
}

func (m *Image) debugData(e DebugEntry, limit int64) ([]byte, error) {
	var r io.ReaderAt = m
	at := int64(e.AddressOfRawData)
	switch {
	case m.layout == fileLayout && e.PointerToRawData != 0:
		r, at = sizedReader{m.r, m.size}, int64(e.PointerToRawData)
	case at == 0:
		return nil, &FormatError{Part: e.Type.String(), Want: "data that is loaded", Count: 1, Err: ErrUnmapped}
	}
	data, err := readAll(r, at, min(int64(e.SizeOfData), limit, m.size))
	if err != nil {
		return data, &FormatError{Part: e.Type.String(), Offset: at, Want: "the entry's data", Count: 1, Err: err}
	}
	return data, nil
}

// readAll reads n bytes in steps, so that it takes little more memory than
// there are bytes. It returns what comes before a failure.
func readAll(r io.ReaderAt, at, n int64) ([]byte, error) {
	var data []byte
	for step := int64(pageSize); int64(len(data)) < n; step *= 2 {
		have := len(data)
		data = append(data, make([]byte, min(step, n-int64(have)))...)
		if k, err := r.ReadAt(data[have:], at+int64(have)); have+k < len(data) {
			return data[:have+k], err
		}
	}
	return data, nil
}

// CodeView returns the first CodeView record that names a PDB, or else the
// first of any kind. [ErrNoCodeView] means that there is none.
func (m *Image) CodeView() (CodeView, error) {
	entries, err := m.DebugDirectory()
	if errors.Is(err, ErrNoDebugDirectory) {
		return CodeView{}, ErrNoCodeView
	}
	var other CodeView
	for _, e := range entries {
		if e.Type != IMAGE_DEBUG_TYPE_CODEVIEW {
			continue
		}
		cv, cvErr := m.codeViewOf(e)
		if cvErr == nil && cv.DebugID() != "" {
			return cv, nil
		}
		if other.Kind == "" {
			other = cv
		}
		err = errors.Join(err, cvErr)
	}
	if other.Kind == "" && err == nil {
		err = ErrNoCodeView
	}
	return other, err
}

func (m *Image) codeViewOf(e DebugEntry) (CodeView, error) {
	// A record whose end is absent may still have its identity.
	data, err := m.debugData(e, maxCodeView)
	cv, parseErr := ParseCodeView(data)
	if parseErr != nil {
		if err == nil {
			err = parseErr
		}
		return CodeView{}, err
	}
	cv.Portable = e.MinorVersion == portableMinor
	return cv, nil
}
