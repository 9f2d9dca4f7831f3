package minidump

import (
	"bytes"
	"encoding/binary"
	"io"
	"time"
)

const (
	headerSize       = 32
	directorySize    = 12
	signature        = "MDMP"
	swappedSignature = "PMDM" // of a big-endian dump
)

// Header is a MINIDUMP_HEADER.
type Header struct {
	Version            uint16 // always 0xa793 so far
	Implementation     uint16 // the writer's own version
	NumberOfStreams    uint32 // as the file says; [File.Directory] holds those that are there
	StreamDirectoryRva uint32
	CheckSum           uint32
	TimeDateStamp      uint32 // seconds since 1970 in UTC
	Flags              Flags
	BigEndian          bool // whether the file's numbers are big-endian
}

// Time returns when the dump was written.
func (h Header) Time() time.Time { return time.Unix(int64(h.TimeDateStamp), 0).UTC() }

// Directory is a MINIDUMP_DIRECTORY: where a stream is.
type Directory struct {
	StreamType StreamType
	DataSize   uint32 // bytes
	Rva        uint32 // from the start of the file
}

// decodeHeader reads the fixed header. The byte order follows from how the
// signature is stored.
func decodeHeader(b []byte) (Header, binary.ByteOrder, error) {
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case len(b) == 0:
		return Header{}, nil, &NotMinidumpError{Found: "the file is empty"}
	case bytes.HasPrefix(b, []byte(signature)):
	case bytes.HasPrefix(b, []byte(swappedSignature)):
		order = binary.BigEndian
	default:
		return Header{}, nil, foreignFile(b)
	}
	if len(b) < headerSize {
		return Header{}, nil, &FormatError{Err: io.ErrUnexpectedEOF, Reason: "the file ends inside the 32 bytes of the header; it was cut, get a whole copy"}
	}
	version := order.Uint32(b[4:])
	return Header{
		Version:            uint16(version),
		Implementation:     uint16(version >> 16),
		NumberOfStreams:    order.Uint32(b[8:]),
		StreamDirectoryRva: order.Uint32(b[12:]),
		CheckSum:           order.Uint32(b[16:]),
		TimeDateStamp:      order.Uint32(b[20:]),
		Flags:              Flags(order.Uint64(b[24:])),
		BigEndian:          order == binary.BigEndian,
	}, order, nil
}

// foreignFormats are the files that people pass by mistake.
var foreignFormats = []struct {
	magic  string
	found  string
	advice string
}{
	{"PAGEDU64", "a 64-bit kernel memory dump", "open it with WinDbg or kd; handle tracing of a process needs a user-mode dump of that process"},
	{"PAGEDUMP", "a 32-bit kernel memory dump", "open it with WinDbg or kd; handle tracing of a process needs a user-mode dump of that process"},
	{"USERDUMP", "a user dump in the format of Windows 2000", "convert it in WinDbg with .dump /ma, which writes a minidump"},
	{"USERDU64", "a 64-bit user dump in the format of Windows 2000", "convert it in WinDbg with .dump /ma, which writes a minidump"},
	{"PK\x03\x04", "a ZIP archive", "unpack it first and pass the dump inside"},
	{"\x1f\x8b", "a gzip file", "unpack it first (gunzip) and pass the dump inside"},
	{"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it first and pass the dump inside"},
	{"\x28\xb5\x2f\xfd", "a zstd file", "unpack it first (zstd -d) and pass the dump inside"},
	{"\xfd7zXZ\x00", "an xz file", "unpack it first (unxz) and pass the dump inside"},
	{"BZh", "a bzip2 file", "unpack it first (bunzip2) and pass the dump inside"},
	{"Rar!", "a RAR archive", "unpack it first and pass the dump inside"},
	{"\x7fELF", "an ELF file", "a core dump of a Unix process has no handle trace"},
	{"\xcf\xfa\xed\xfe", "a Mach-O file", "a core dump of a Unix process has no handle trace"},
	{"\xce\xfa\xed\xfe", "a Mach-O file", "a core dump of a Unix process has no handle trace"},
	{"version https://git-lfs", "a pointer of Git LFS", "get the file that it stands for (git lfs pull)"},
	{"--- !minidump", "the text that yaml2obj makes minidumps of", "pass what yaml2obj writes"},
	{"<", "text in HTML or XML", "the download was an error page or a description, get the dump itself"},
	{"MZ", "a Windows program or DLL", "pass a dump of the process instead"},
	{"Microsoft C/C++", "a PDB file", "pass it with --symbols, and a dump as the file"},
}

func foreignFile(b []byte) error {
	for _, f := range foreignFormats {
		if bytes.HasPrefix(b, []byte(f.magic)) {
			return &NotMinidumpError{Found: f.found, Advice: f.advice}
		}
	}
	if len(bytes.Trim(b, "\x00")) == 0 {
		return &NotMinidumpError{Found: "it begins with zeros", Advice: "the dump was not written to its end or the copy failed, get it again"}
	}
	return &NotMinidumpError{Found: "it does not begin with the signature MDMP", Advice: "a dump is written by .dump /ma in WinDbg, procdump -ma or Task Manager"}
}
