package breakpad

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/handletrace/handletrace/internal/mapped"
)

// ErrNotBreakpad is reported for a file that does not begin with a MODULE
// record.
var ErrNotBreakpad = errors.New("breakpad: not a symbol file: want a MODULE record at the start")

// Module says which image a file describes: the MODULE record and INFO
// CODE_ID. Fields that the file does not have are empty.
type Module struct {
	OS           string // "windows", "Linux", "mac"
	Architecture string // "x86", "x86_64", "arm64"
	DebugID      string // of a PDB: its GUID's 32 digits and its age in hexadecimal
	Name         string // of the PDB or image, without its folder
	CodeID       string // of an image: TimeDateStamp and SizeOfImage
	CodeFile     string // the image's name
}

// File is an open symbol file. It is safe for use by several goroutines until
// Close.
type File struct {
	Module

	r      io.ReaderAt
	size   int64
	closer io.Closer

	index     func() *index
	functions cache
}

// maxHeader is how far into a file its description may stand.
const maxHeader = 64 << 10

// Open opens the named file. It is mapped into memory where the system can. It
// must stay as it is until Close.
func Open(name string) (*File, error) {
	m, err := mapped.Open(name)
	if err != nil {
		return nil, err
	}
	f, err := New(m, m.Size())
	if err != nil {
		m.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	f.closer = m
	return f, nil
}

// New reads a symbol file of size bytes from r, which must serve several
// goroutines at once. It reads the first records; the error is
// [ErrNotBreakpad] or one of r's.
func New(r io.ReaderAt, size int64) (*File, error) {
	f := &File{r: r, size: size}
	if err := f.readModule(); err != nil {
		return nil, err
	}
	f.index = sync.OnceValue(f.readIndex)
	return f, nil
}

// Close closes the file that Open opened. No call may be under way.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	return f.closer.Close()
}

// readModule reads MODULE, which stands first, and the INFO records behind it.
func (f *File) readModule() error {
	s := newScanner(f.r, 0, min(f.size, maxHeader))
	found := false
	for s.next() {
		keyword, rest := word(s.line)
		switch {
		case len(keyword) == 0:
		case !found && string(keyword) != "MODULE":
			return ErrNotBreakpad
		case string(keyword) == "MODULE":
			f.moduleRecord(rest)
			found = true
		case string(keyword) == "INFO":
			f.infoRecord(rest)
		default:
			return nil
		}
	}
	if !found {
		return errors.Join(ErrNotBreakpad, s.err)
	}
	return nil
}

// moduleRecord reads what follows MODULE: system, architecture, identity, name.
func (f *File) moduleRecord(rest []byte) {
	for _, field := range []*string{&f.OS, &f.Architecture, &f.DebugID} {
		var w []byte
		w, rest = word(rest)
		*field = string(w)
	}
	f.Name = string(rest)
}

// infoRecord reads what follows INFO.
func (f *File) infoRecord(rest []byte) {
	kind, rest := word(rest)
	if string(kind) != "CODE_ID" {
		return
	}
	id, name := word(rest)
	f.CodeID, f.CodeFile = string(id), string(name)
}

var utf8BOM = []byte("\xef\xbb\xbf")

// trimmed returns a line without the blanks at its ends.
func trimmed(line []byte) []byte {
	for len(line) > 0 && isBlank(line[len(line)-1]) {
		line = line[:len(line)-1]
	}
	for len(line) > 0 && isBlank(line[0]) {
		line = line[1:]
	}
	return line
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }
