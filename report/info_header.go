package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/handletrace/handletrace/minidump"
)

// InfoHeader is the header of a dump.
type InfoHeader struct {
	Version            uint16 `json:"version"`
	Implementation     uint16 `json:"implementation"`
	NumberOfStreams    uint32 `json:"number_of_streams"`
	StreamDirectoryRva uint32 `json:"stream_directory_rva"`
	CheckSum           uint32 `json:"checksum"`
	TimeDateStamp      uint32 `json:"timestamp"`
	Time               string `json:"time"`
	Flags              string `json:"flags"`
	FlagNames          string `json:"flag_names"`
	BigEndian          bool   `json:"big_endian,omitempty"`
	FileSize           int64  `json:"file_size"`
}

var headerSection = one[InfoHeader]{
	infoPlace: shows("header", "Header", minidump.UnusedStream),
	read: func(f *minidump.File) (*InfoHeader, error) {
		h := f.Header()
		return &InfoHeader{
			Version: h.Version, Implementation: h.Implementation, NumberOfStreams: h.NumberOfStreams,
			StreamDirectoryRva: h.StreamDirectoryRva, CheckSum: h.CheckSum, TimeDateStamp: h.TimeDateStamp,
			Time: h.Time().Format(time.RFC3339), Flags: hex(uint64(h.Flags)), FlagNames: h.Flags.String(),
			BigEndian: h.BigEndian, FileSize: f.Size(),
		}, nil
	},
	set: func(i *Info, h *InfoHeader) { i.Header = *h },
	write: func(t *infoText, h *InfoHeader) {
		t.field("written", fmt.Sprintf("%s (%d s since 1970)", h.Time, h.TimeDateStamp))
		t.field("file size", size(uint64(h.FileSize)))
		t.field("flags", h.Flags+" ("+strings.ReplaceAll(h.FlagNames, "|", ", ")+")")
		t.field("version", fmt.Sprintf("%#x, of the writer %#x, %s", h.Version, h.Implementation, byteOrder(h.BigEndian)))
		if h.CheckSum != 0 {
			t.field("checksum", fmt.Sprintf("%#x", h.CheckSum))
		}
		t.field("directory", fmt.Sprintf("%s at %#x", count(int(h.NumberOfStreams), "stream"), h.StreamDirectoryRva))
	},
}

func byteOrder(bigEndian bool) string {
	if bigEndian {
		return "big-endian"
	}
	return "little-endian"
}
