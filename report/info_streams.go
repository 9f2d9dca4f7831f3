package report

import (
	"fmt"
	"slices"

	"github.com/handletrace/handletrace/minidump"
)

// InfoStream is a stream of a dump.
type InfoStream struct {
	Type uint32 `json:"type"`
	Name string `json:"name"`
	Size uint32 `json:"size"`
	Rva  uint32 `json:"rva"`
	// Section is the key of the JSON under which the stream's content stands;
	// none for a stream that is not decoded.
	Section string `json:"section,omitempty"`
}

// streamsSection lists the directory. It is a function because it looks the
// other sections up.
func streamsSection() infoSection {
	return streamsList{many[InfoStream]{
		infoPlace: shows("streams", "Streams"),
		read:      readStreams,
		set:       func(i *Info, list []InfoStream) { i.Streams = list },
		write:     func(t *infoText, r rows[InfoStream]) { table(t, r, streamColumns, nil) },
	}}
}

var streamColumns = []column[InfoStream]{
	text("stream", func(s *InfoStream) string { return s.Name }),
	number("type", func(s *InfoStream) string { return streamNumber(s.Type) }),
	number("size", func(s *InfoStream) string { return grouped(uint64(s.Size)) }),
	number("offset", func(s *InfoStream) string { return hex(s.Rva) }),
	text("", streamNote),
}

// streamsList is written even where it is empty.
type streamsList struct{ many[InfoStream] }

func (s streamsList) json(j *infoJSON, f *minidump.File) error {
	r, err := s.read(f)
	writeList(j, s.key, r.all)
	return err
}

// streamNumber returns a type as those who defined it write it.
func streamNumber(t uint32) string {
	if t <= 0xffff {
		return fmt.Sprint(t)
	}
	return hex(uint64(t))
}

func streamNote(s *InfoStream) string {
	if s.Section == "" && s.Type != uint32(minidump.UnusedStream) {
		return "not decoded"
	}
	return ""
}

func readStreams(f *minidump.File) (rows[InfoStream], error) {
	sections := map[minidump.StreamType]string{}
	for _, s := range infoSections() {
		for _, t := range s.at().streams {
			if sections[t] == "" && t != minidump.UnusedStream {
				sections[t] = s.at().key
			}
		}
	}
	seen := map[minidump.StreamType]bool{}
	directory := slices.Clone(f.Directory())
	return rowsFrom(directory, func(d *minidump.Directory) InfoStream {
		s := InfoStream{Type: uint32(d.StreamType), Name: d.StreamType.String(), Size: d.DataSize, Rva: d.Rva}
		// Only the first stream of a type counts, but for exceptions.
		switch {
		case !seen[d.StreamType]:
			s.Section = sections[d.StreamType]
		case d.StreamType == minidump.ExceptionStream:
			s.Section = otherExceptionsSection.key
		}
		seen[d.StreamType] = true
		return s
	}), nil
}
