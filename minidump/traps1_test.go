package minidump_test

import (
	"errors"
	"strconv"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// The tests named TestTrapNN are about what readers of minidumps got wrong:
// header, directory and strings here.

func TestTrap01VersionHasTwoHalves(t *testing.T) {
	b := minidumptest.New(amd64)
	b.Implementation = 0x6372
	h := open(t, b).Header()
	equal(t, "version", h.Version, 0xa793)
	equal(t, "implementation", h.Implementation, 0x6372)
}

func TestTrap02CheckSumIsIgnored(t *testing.T) {
	b := minidumptest.New(amd64)
	b.CheckSum = 4
	f := open(t, b)
	equal(t, "checksum", f.Header().CheckSum, 4)
	noWarnings(t, f)
}

func TestTrap03Directory(t *testing.T) {
	t.Run("inside the header", func(t *testing.T) {
		b := minidumptest.New(amd64)
		b.Faults.StreamDirectoryRva = minidumptest.Ptr[uint32](4)
		b.Faults.NumberOfStreams = minidumptest.Ptr[uint32](1)
		equal(t, "entries", len(open(t, b).Directory()), 1)
	})
	t.Run("four billion streams", func(t *testing.T) {
		b := minidumptest.New(amd64)
		b.Faults.NumberOfStreams = minidumptest.Ptr[uint32](0xffffffff)
		f := open(t, b)
		wantWarning(t, f, minidump.UnusedStream, "is cut")
		if !f.Has(minidump.SystemInfoStream) {
			t.Error("the first entry is lost")
		}
	})
	t.Run("beyond the file", func(t *testing.T) {
		b := minidumptest.New(amd64)
		b.Faults.StreamDirectoryRva = minidumptest.Ptr[uint32](1 << 30)
		_, err := b.Open()
		wantFormatError(t, err, minidump.UnusedStream)
	})
}

func TestTrap04UnusedEntriesRepeat(t *testing.T) {
	b := minidumptest.New(amd64)
	b.UnusedEntries = 5
	f := open(t, b)
	equal(t, "entries", len(f.Directory()), 6)
	must(f.SystemInfo())(t)
	noWarnings(t, f)
}

func TestTrap05Duplicates(t *testing.T) {
	b := minidumptest.New(amd64)
	b.Add(minidump.CommentStreamA, "first")
	b.Add(minidump.CommentStreamA, "second")
	b.AddException(minidumptest.Exception{ThreadID: 1})
	b.AddException(minidumptest.Exception{ThreadID: 2})
	f := open(t, b)
	equal(t, "comment", must(f.CommentA())(t), "first")
	list := must(f.Exceptions())(t)
	if len(list) != 2 || list[1].ThreadID != 2 {
		t.Errorf("exceptions = %+v", list)
	}
}

func TestTrap06UnknownTypes(t *testing.T) {
	b := minidumptest.New(amd64)
	// The next type of the SDK, the end of its range, and others' own.
	types := []minidump.StreamType{25, minidump.LastReservedStream, minidump.SyzygyASanStream, minidump.SentryStackTracesStream,
		minidump.LLDBGeneratedStream, minidump.FacebookDumpErrorLogStream, 0xdeadbeef}
	for _, typ := range types {
		b.Add(typ, "raw")
	}
	f := open(t, b)
	for _, typ := range types {
		r := must(f.Stream(typ))(t)
		got := make([]byte, 3)
		if _, err := r.Read(got); err != nil || string(got) != "raw" {
			t.Errorf("%v holds %q, %v", typ, got, err)
		}
		if typ.String() == "" {
			t.Errorf("%#x has no name", uint32(typ))
		}
	}
	noWarnings(t, f)
}

func TestTrap07Strings(t *testing.T) {
	tests := []struct {
		what string
		name any
		want string
		warn bool
	}{
		{"length in bytes", minidumptest.String("ab"), "ab", false},
		{"no NUL behind", minidumptest.RVA(uint32(2), "a\x00zz"), "a", false},
		{"odd length", minidumptest.RVA(uint32(5), "a\x00b\x00c\x00"), "ab", false},
		{"empty", minidumptest.RVA(uint32(0)), "", false},
		{"none", uint32(0), "", false},
		{"invalid UTF-16", minidumptest.RVA(uint32(4), "\x00\xd8a\x00"), "\ufffda", false},
		{"not ASCII", minidumptest.String(`C:\程序\ü😀.dll`), `C:\程序\ü😀.dll`, false},
		{"beyond the file", uint32(0x7fffffff), "", true},
		{"too long", minidumptest.RVA(uint32(0xfffffff0), "a\x00"), "", true},
	}
	for _, test := range tests {
		for _, align := range []int{4, 1} {
			b := minidumptest.New(amd64)
			b.Align = align
			b.AddModule(minidumptest.Module{Base: 1, Size: 1, NameRVA: test.name})
			b.AddModule(minidumptest.Module{Base: 9, Size: 1, Name: "next"})
			f := open(t, b)
			modules := must(f.Modules())(t)
			if len(modules) != 2 || modules[0].Name != test.want || modules[1].Name != "next" {
				t.Errorf("%s: modules = %+v", test.what, modules)
			}
			if warned := len(f.Warnings()) > 0; warned != test.warn {
				t.Errorf("%s: warnings = %v", test.what, f.Warnings())
			}
		}
	}
}

// A list of names that all point into one long text must not cost the square
// of the file.
func TestTrap07OverlappingStrings(t *testing.T) {
	b := minidumptest.New(amd64)
	var text []any
	for i := range 16384 {
		// Each number is a length, and the text of those before it.
		text = append(text, minidumptest.Named(strconv.Itoa(i), uint32(0x8000)))
	}
	b.Add(0x10001, text...)
	for i := range 8000 {
		b.AddModule(minidumptest.Module{Base: 1, Size: 1, NameRVA: minidumptest.At(strconv.Itoa(i))})
	}
	f := open(t, b)
	total := 0
	for _, m := range must(f.Modules())(t) {
		total += len(m.Name)
	}
	if int64(total) > 2*f.Size() {
		t.Errorf("%d bytes of names of a file of %d", total, f.Size())
	}
	wantWarning(t, f, minidump.ModuleListStream, "more than the file holds")
}

func TestTrap07AssertionHasUnits(t *testing.T) {
	b := minidumptest.New(x86)
	var full [128]uint16
	for i := range full {
		full[i] = 'e'
	}
	b.Add(minidump.BreakpadAssertionInfoStream, full, [128]uint16{'f'}, [128]uint16{'a', '.', 'c'}, uint32(7), uint32(1))
	a := must(open(t, b).BreakpadAssertion())(t)
	equal(t, "expression", len(a.Expression), 128)
	equal(t, "text", a.String(), "InvalidParameter: "+a.Expression+" in f, a.c:7")
}

func TestTrap08UnalignedStreams(t *testing.T) {
	b := minidumptest.New(amd64)
	b.Align = 1
	b.AddThread(minidumptest.Thread{ID: 7})
	b.AddMiscInfo(42)
	f := open(t, b)
	for _, d := range f.Directory() {
		equal(t, "odd place", d.Rva%2, 1)
	}
	equal(t, "thread", must(f.Threads())(t)[0].ThreadID, 7)
	pid, ok := f.ProcessID()
	if pid != 42 || !ok {
		t.Errorf("process id %d, %v", pid, ok)
	}
	noWarnings(t, f)
}

func TestAbsentStreams(t *testing.T) {
	f := open(t, &minidumptest.Builder{})
	for stream, decode := range decoders {
		if err := decode(f); !errors.Is(err, minidump.ErrNoStream) {
			t.Errorf("%v: %v, want ErrNoStream", stream, err)
		}
	}
}

// A stream that lies beyond the file costs itself alone.
func TestStreamsBeyondTheFile(t *testing.T) {
	for stream, decode := range decoders {
		b := minidumptest.New(amd64)
		b.Add(stream, make([]byte, 16))
		b.Faults.Rva = map[minidump.StreamType]uint32{stream: 0xfffffff0}
		var e *minidump.FormatError
		if err := decode(open(t, b)); !errors.As(err, &e) {
			t.Errorf("%v: %v, want a FormatError", stream, err)
		}
	}
}
