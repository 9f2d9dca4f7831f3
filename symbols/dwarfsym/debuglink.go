package dwarfsym

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/handletrace/handletrace/symbols/pe"
)

// DebugLinkError says that an image names another file for its debugging
// information, and why that is of no use.
type DebugLinkError struct {
	Image string // the image
	Name  string // the file that it names, without a folder
	Err   error  // what is wrong with it
}

func (e *DebugLinkError) Error() string {
	return fmt.Sprintf("%s: its debugging information is in %s: %v", e.Image, e.Name, e.Err)
}

// Unwrap returns what is wrong with the file.
func (e *DebugLinkError) Unwrap() error { return e.Err }

// ErrWrongChecksum is reported for a file of debugging information that is not
// that of the image.
var ErrWrongChecksum = errors.New("dwarfsym: the checksum is not the one in the image")

// DebugLink is what an image says, in the section .gnu_debuglink, of the file
// that holds its debugging information.
type DebugLink struct {
	Name string // without a folder
	CRC  uint32 // of the file, as [Checksum] returns it
}

// maxDebugLink is more than the name of any file.
const maxDebugLink = 4 << 10

// debugLinkSection is the name of the section.
const debugLinkSection = ".gnu_debuglink"

// DebugLinkOf returns the link of an image. It is false where it has none, or
// one that names no file.
func DebugLinkOf(img *pe.Image) (DebugLink, bool) {
	for _, s := range img.Sections() {
		if s.Name != debugLinkSection {
			continue
		}
		r := img.SectionReader(s)
		sec := section{r, r.Size()}
		return parseDebugLink(sec.read(0, maxDebugLink))
	}
	return DebugLink{}, false
}

// parseDebugLink reads the name, which ends in NUL, and behind it at the next
// multiple of four bytes the checksum. The name is from the image, so whoever
// wrote that chose it: a path is no name.
func parseDebugLink(b []byte) (DebugLink, bool) {
	end := bytes.IndexByte(b, 0)
	if end <= 0 {
		return DebugLink{}, false
	}
	name := string(b[:end])
	r := reader{b: b, off: min((end+4)&^3, len(b))}
	crc := r.uint32()
	plain := name != "." && name != ".." && !strings.ContainsAny(name, `/\:`)
	return DebugLink{name, crc}, plain && !r.bad
}

// openLinked opens the file that an image names.
func openLinked(image string, link DebugLink) (*File, error) {
	folder := filepath.Dir(image)
	var last error
	for _, name := range []string{filepath.Join(folder, link.Name), filepath.Join(folder, ".debug", link.Name)} {
		f, err := openChecked(name, link.CRC)
		if err == nil {
			return f, nil
		}
		if last == nil || !errors.Is(err, os.ErrNotExist) {
			last = err
		}
	}
	return nil, &DebugLinkError{Image: image, Name: link.Name, Err: last}
}

// openChecked opens a file if its checksum is the one given.
func openChecked(name string, want uint32) (*File, error) {
	crc, err := Checksum(name)
	if err != nil {
		return nil, err
	}
	if crc != want {
		return nil, fmt.Errorf("%s: %w (it is %08x, want %08x)", name, ErrWrongChecksum, crc, want)
	}
	img, err := pe.Open(name)
	if err != nil {
		return nil, err
	}
	f, err := New(img)
	if err != nil {
		img.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	f.closer = img
	return f, nil
}

// Checksum returns the checksum of a file that a [DebugLink] gives: its CRC-32
// by the polynomial of IEEE 802.3.
func Checksum(name string) (uint32, error) {
	// A pipe or device would make the read wait for ever.
	if info, err := os.Stat(name); err != nil {
		return 0, err
	} else if !info.Mode().IsRegular() {
		return 0, fmt.Errorf("%s: not a regular file", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	h := crc32.NewIEEE()
	_, err = io.Copy(h, f)
	return h.Sum32(), err
}
