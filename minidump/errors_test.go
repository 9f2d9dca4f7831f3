package minidump_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// What a file is instead of a minidump is told, and what to do.
func TestForeignFiles(t *testing.T) {
	for content, want := range map[string][2]string{
		"":                            {"empty", ""},
		"PAGEDU64\x0f\x00":            {"64-bit kernel memory dump", "WinDbg"},
		"PAGEDUMP\x0f\x00":            {"32-bit kernel memory dump", "WinDbg"},
		"USERDUMP":                    {"Windows 2000", ".dump /ma"},
		"\x7fELF\x02\x01":             {"ELF", "no handle trace"},
		"\xcf\xfa\xed\xfe\x07":        {"Mach-O", "no handle trace"},
		"PK\x03\x04":                  {"ZIP", "unpack it"},
		"\x1f\x8b\x08":                {"gzip", "gunzip"},
		"\x28\xb5\x2f\xfd":            {"zstd", "zstd -d"},
		"\xfd7zXZ\x00":                {"xz", "unxz"},
		"BZh91AY":                     {"bzip2", "bunzip2"},
		"7z\xbc\xaf\x27\x1c":          {"7-Zip", "unpack it"},
		"MZ\x90\x00":                  {"program or DLL", "dump of the process"},
		"<!DOCTYPE html>":             {"HTML", "error page"},
		"version https://git-lfs.git": {"Git LFS", "git lfs pull"},
		"--- !minidump\nStreams:":     {"yaml2obj", "what yaml2obj writes"},
		"\x00\x00\x00\x00\x00":        {"begins with zeros", "again"},
		"MDM":                         {"signature MDMP", "procdump -ma"},
	} {
		_, err := minidump.New(strings.NewReader(content), int64(len(content)))
		var e *minidump.NotMinidumpError
		if !errors.Is(err, minidump.ErrNotMinidump) || !errors.As(err, &e) {
			t.Errorf("%q: %v", content, err)
			continue
		}
		if !strings.Contains(e.Found, want[0]) || !strings.Contains(e.Advice, want[1]) || !strings.Contains(e.Error(), e.Found) {
			t.Errorf("%q: %v, want %q and %q", content, err, want[0], want[1])
		}
	}
}

// A FormatError leads to its cause.
func TestCauses(t *testing.T) {
	whole := full(amd64, false).Bytes()
	t.Run("a file that was cut", func(t *testing.T) {
		for _, size := range []int{20, 40} {
			_, err := minidump.New(bytes.NewReader(whole[:size]), int64(size))
			wantFormatError(t, err, minidump.UnusedStream)
			wantCause(t, err, io.ErrUnexpectedEOF)
		}
		b := minidumptest.New(amd64)
		b.AddThread(minidumptest.Thread{ID: 1, Context: amd64Context()})
		b.Add(minidump.BreakpadInfoStream, [3]uint32{})
		data := b.Bytes()
		f := must(minidump.New(readerAt(data[:len(data)-8]), int64(len(data)-8)))(t)
		_, err := f.BreakpadInfo()
		wantFormatError(t, err, minidump.BreakpadInfoStream)
		wantCause(t, err, io.ErrUnexpectedEOF)
		thread := must(f.Threads())(t)[0]
		thread.ThreadContext.Rva = uint32(len(data))
		_, err = f.ThreadContext(&thread)
		wantFormatError(t, err, minidump.ThreadListStream)
		wantCause(t, err, io.ErrUnexpectedEOF)
	})
	t.Run("wrong bytes have none", func(t *testing.T) {
		b := minidumptest.New(amd64)
		b.Add(minidump.BreakpadInfoStream, uint32(1))
		_, err := open(t, b).BreakpadInfo()
		wantFormatError(t, err, minidump.BreakpadInfoStream)
		if cause := errors.Unwrap(err); cause != nil {
			t.Errorf("cause = %v", cause)
		}
	})
	t.Run("a processor that is not known", func(t *testing.T) {
		_, err := threadContext(t, minidump.ProcessorArchitectureAlpha, make([]byte, 1000))
		wantFormatError(t, err, minidump.ThreadListStream)
		wantCause(t, err, errors.ErrUnsupported)
	})
	t.Run("a disk that fails", func(t *testing.T) {
		f := must(minidump.New(failingDisk{whole}, int64(len(whole))))(t)
		_, err := f.SystemMemoryInfo()
		wantFormatError(t, err, minidump.SystemMemoryInfoStream)
		wantCause(t, err, os.ErrDeadlineExceeded)
	})
	t.Run("a decoder of one's own", func(t *testing.T) {
		f := must(minidump.New(readerAt(whole), int64(len(whole))))(t)
		_, err := minidump.Decode(f, minidump.JavaScriptDataStream, func(minidump.StreamData) (int, error) { return 0, os.ErrInvalid })
		wantFormatError(t, err, minidump.JavaScriptDataStream)
		wantCause(t, err, os.ErrInvalid)
	})
}

func wantCause(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%v is not %v", err, want)
	}
	if n := strings.Count(err.Error(), "minidump: "); n != 1 {
		t.Errorf("%v: names the package %d times", err, n)
	}
}

// failingDisk reads the header and the directory only.
type failingDisk struct{ readerAt }

func (d failingDisk) ReadAt(p []byte, off int64) (int, error) {
	if off > 32 {
		return 0, os.ErrDeadlineExceeded
	}
	return d.readerAt.ReadAt(p, off)
}

// What is asked for again has the same faults, which are told once.
func TestWarningsAreToldOnce(t *testing.T) {
	b := minidumptest.New(amd64)
	b.AddHandle(minidumptest.Handle{Value: 4, Type: "Event"})
	b.Faults.DataSize = map[minidump.StreamType]uint32{minidump.HandleDataStream: 1 << 20}
	b.Faults.Count = map[minidump.StreamType]uint64{minidump.HandleDataStream: 1 << 20}
	f := open(t, b)
	h := must(f.HandleData())(t)
	want := 0
	for i := range 3 {
		must(f.Stream(minidump.HandleDataStream))(t)
		for _, d := range h.All() {
			_ = d
		}
		if n := len(f.Warnings()); i == 0 {
			want = n
		} else if n != want || n == 0 {
			t.Errorf("%d warnings, then %d", want, n)
		}
	}
}
