package symbols

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/handletrace/handletrace/symbols/dwarfsym"
	"github.com/handletrace/handletrace/symbols/pe"
)

// OpenDWARF is the [Opener] of the DWARF that GNU and LLVM tools and Go write:
// in the module's memory, in its file, or in a file of its own, which the
// section .gnu_debuglink names or which is called as the module with .debug
// behind it.
func OpenDWARF(ctx context.Context, t *Target) (Source, error) {
	img, err := t.openedImage(ctx)
	if err != nil || hasLongNames(img.Image) {
		// The file first: in memory an image lacks the names of its sections.
		if file, path, errFile := t.ImageFile(ctx); errFile == nil {
			img, err = &foundImage{file, path}, nil
		}
	}
	if err != nil {
		return nil, ErrNoSource
	}
	if f, err := dwarfsym.New(img.Image); err == nil {
		return &dwarfSource{f, img.path, nil}, nil
	}
	return openDebugFile(ctx, t, img.Image)
}

// hasLongNames reports whether some section has a name that does not fit in its
// header, as those of DWARF have: in memory it is a slash and a number.
func hasLongNames(img *pe.Image) bool {
	for _, s := range img.Sections() {
		if strings.HasPrefix(s.Name, "/") || strings.HasPrefix(s.Name, ".debug") || strings.HasPrefix(s.Name, ".zdebug") || strings.HasPrefix(s.Name, ".gnu_debug") {
			return true
		}
	}
	return false
}

// openDebugFile opens the DWARF that was taken out of an image.
func openDebugFile(ctx context.Context, t *Target, img *pe.Image) (Source, error) {
	link, linked := dwarfsym.DebugLinkOf(img)
	err := error(ErrNoSource)
	for path := range t.Files(ctx, debugFileNames(link.Name, plainName(t.Path))...) {
		file, errOpen := pe.Open(path)
		if errOpen != nil {
			err = errOpen
			continue
		}
		if errMatch := matchesLink(path, file, img, link, linked); errMatch != nil {
			err = errors.Join(errMatch, file.Close())
			continue
		}
		f, errDWARF := dwarfsym.New(file)
		if errDWARF == nil {
			return &dwarfSource{f, path, file}, nil
		}
		err = errors.Join(fmt.Errorf("%s: %w", path, errDWARF), file.Close())
	}
	return nil, err
}

func debugFileNames(link, module string) []string {
	var names []string
	if link != "" {
		names = append(names, link, ".debug/"+link)
	}
	if module != "" {
		base := strings.TrimSuffix(module, filepath.Ext(module))
		names = append(names, module+".debug", base+".debug", ".debug/"+module+".debug")
	}
	return names
}

// matchesLink tells whether a file holds the DWARF of an image: by the checksum
// in the image, else by the header, which taking the DWARF out leaves alone.
func matchesLink(path string, file, img *pe.Image, link dwarfsym.DebugLink, linked bool) error {
	if !linked {
		if file.TimeDateStamp != img.TimeDateStamp || file.Machine != img.Machine {
			return &MismatchError{path, file.CodeID(), img.CodeID()}
		}
		return nil
	}
	crc, err := dwarfsym.Checksum(path)
	if err != nil {
		return err
	}
	if crc != link.CRC {
		return &MismatchError{path, fmt.Sprintf("CRC %08x", crc), fmt.Sprintf("CRC %08x", link.CRC)}
	}
	return nil
}

type dwarfSource struct {
	*dwarfsym.File
	path string
	own  io.Closer // the file, if no other source reads it
}

func (s *dwarfSource) Origin() (State, string) { return StateDWARF, s.path }

func (s *dwarfSource) Close() error {
	if s.own == nil {
		return nil
	}
	return s.own.Close()
}
