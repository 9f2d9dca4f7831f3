package symbols

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"

	"github.com/handletrace/handletrace/symbols/gosym"
	"github.com/handletrace/handletrace/symbols/pe"
)

// OpenGo is the [Opener] of the table of functions (pclntab) that every Go
// program holds, in memory or, where its pages are absent, in the file.
func OpenGo(ctx context.Context, t *Target) (Source, error) {
	img, err := t.openedImage(ctx)
	if err != nil {
		return nil, ErrNoSource
	}
	itIs := isGo(img.Image)
	if itIs == no {
		return nil, ErrNoSource
	}
	if itIs == yes {
		if table, err := gosym.New(img.Image); err == nil {
			return goSource{table, img.path}, nil
		}
	}
	file, path, err := t.ImageFile(ctx)
	if err != nil {
		return nil, err
	}
	if isGo(file) != yes {
		return nil, ErrNoSource
	}
	table, err := gosym.New(file)
	if err != nil {
		return nil, ErrNoSource
	}
	return goSource{table, path}, nil
}

type goSource struct {
	*gosym.Table
	path string
}

func (s goSource) Origin() (State, string) { return StateGo, s.path }

// verdict is yes, no, or that the bytes that would tell are absent.
type verdict uint8

const (
	no verdict = iota
	yes
	unknown
)

const (
	peOffsetField   = 0x3c
	linkerVersion   = 0x1a // from the PE signature: IMAGE_OPTIONAL_HEADER.MajorLinkerVersion
	goLinkerVersion = 3
	headerPage      = 0x1000
)

var (
	richMark  = []byte("Rich")
	buildInfo = []byte("\xff Go buildinf:")
)

// isGo tells whether an image is a Go program, at less cost than a search for
// its table: Go's linker signs the header; Microsoft's leaves its own mark
// there; and what other linkers made of Go code has build information among its
// data.
func isGo(img *pe.Image) verdict {
	if !sound(img) {
		return no
	}
	page := make([]byte, headerPage)
	n, _ := img.ReadAt(page, 0)
	page = page[:n]
	if len(page) < peOffsetField+4 {
		return unknown
	}
	at := uint64(binary.LittleEndian.Uint32(page[peOffsetField:]))
	if at+linkerVersion >= uint64(len(page)) {
		return unknown
	}
	switch {
	case page[at+linkerVersion] == goLinkerVersion:
		return yes
	case bytes.Contains(page[:at], richMark):
		return no
	}
	return hasBuildInfo(img)
}

// sound reports whether the sections are no more in all than the image, twice
// over: a search goes through each of them.
func sound(img *pe.Image) bool {
	total := uint64(0)
	for _, s := range img.Sections() {
		total += uint64(max(s.VirtualSize, s.SizeOfRawData))
	}
	return total <= 2*uint64(img.SizeOfImage)
}

// maxBuildInfoScan bounds what is read of an image in search of it.
const maxBuildInfoScan = 32 << 20

// hasBuildInfo looks for Go's build information in the data of an image.
func hasBuildInfo(img *pe.Image) verdict {
	found, budget := no, int64(maxBuildInfoScan)
	buf := make([]byte, 64<<10)
	for _, s := range img.Sections() {
		if s.Characteristics&sectionIsData == 0 {
			continue
		}
		r := img.SectionReader(s)
		for at := int64(0); at < r.Size() && budget > 0; at += int64(len(buf) - len(buildInfo)) {
			n, err := r.ReadAt(buf, at)
			if bytes.Contains(buf[:n], buildInfo) {
				return yes
			}
			if budget -= int64(n); err != nil {
				if !errors.Is(err, io.EOF) {
					found = unknown
				}
				break
			}
		}
	}
	return found
}
