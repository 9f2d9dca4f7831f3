package htrace

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// TestTranscriptGolden reads the transcripts in testdata, which were written
// for this test. With HANDLETRACE_UPDATE set it writes what comes out.
func TestTranscriptGolden(t *testing.T) {
	for _, name := range goldenTranscripts(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			f, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			got, err := ReadTranscript(f, Options{})
			if err != nil {
				t.Fatal(err)
			}
			checkTranscript(t, got)
			golden := strings.TrimSuffix(name, filepath.Ext(name)) + ".golden"
			if os.Getenv("HANDLETRACE_UPDATE") != "" {
				if err := os.WriteFile(golden, []byte(summary(got)), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := firstDifference(summary(got), strings.ReplaceAll(string(want), "\r\n", "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func goldenTranscripts(t testing.TB) []string {
	t.Helper()
	var names []string
	for _, pattern := range []string{"*.txt", "*.html"} {
		n, err := filepath.Glob(filepath.Join("testdata", "transcripts", pattern))
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, n...)
	}
	if len(names) == 0 {
		t.Fatal("no transcripts")
	}
	return names
}

// summary returns all that a transcript says.
func summary(t *Transcript) string {
	var b strings.Builder
	fmt.Fprintf(&b, "diff %v, handles %#x, kernel %v, process %#x, table %#x, pointers of %d, cut %v, full %v\n",
		t.Diff, t.Handles, t.Kernel, t.Process, t.ObjectTable, t.PointerSize, t.Cut, t.RingFull())
	for _, f := range []struct {
		name   string
		figure Figure
	}{{"parsed", t.Parsed}, {"dumped", t.Dumped}, {"new", t.NewTraces}, {"displayed", t.Displayed}} {
		if f.figure.Known {
			fmt.Fprintf(&b, "%s %#x\n", f.name, f.figure.Value)
		}
	}
	counts := reflect.ValueOf(t.Counts)
	for i := range counts.NumField() {
		if n := counts.Field(i).Int(); n > 0 {
			fmt.Fprintf(&b, "%s %d\n", counts.Type().Field(i).Name, n)
		}
	}
	for _, w := range t.Warnings {
		fmt.Fprintf(&b, "warning: %s\n", w)
	}
	fmt.Fprintf(&b, "process id %#x, %v\n%s", t.Trace.ProcessID, t.Trace.Order, describe(t))
	for _, o := range t.Others {
		b.WriteString("other process\n" + summary(o))
	}
	return b.String()
}

// checkTranscript checks what must hold for whatever was read.
func checkTranscript(t testing.TB, got *Transcript) {
	t.Helper()
	if len(got.Trace.Operations) == 0 || len(got.Trace.Operations) > got.Counts.Entries {
		t.Fatalf("%d operations of %d entries", len(got.Trace.Operations), got.Counts.Entries)
	}
	if len(got.Trace.stackOf) != len(got.Trace.Operations) {
		t.Fatal("not every operation has a stack")
	}
	indexes := make([]bool, len(got.Trace.Operations))
	for i := range got.Trace.Operations {
		op := &got.Trace.Operations[i]
		if op.Kind < KindOpen || op.Kind > KindBadReference || indexes[op.Index] || len(op.Stack) > maxFrames {
			t.Fatalf("%+v", op)
		}
		indexes[op.Index] = true
		if !reflect.DeepEqual(op.Stack, got.Trace.stacks[got.Trace.stackOf[i]]) && len(op.Stack) > 0 {
			t.Fatalf("%+v has another stack", op)
		}
		checkFrames(t, got, op)
	}
	for _, o := range got.Others {
		checkTranscript(t, o)
	}
}

func checkFrames(t testing.TB, got *Transcript, op *Operation) {
	t.Helper()
	for _, a := range op.Stack {
		frames := got.Frames(a)
		if len(frames) == 0 || frames[len(frames)-1].Inlined {
			t.Fatalf("frames of %#x: %+v", a, frames)
		}
		for _, f := range frames {
			if f.Address != a || f.FunctionStart > a || (f.Function == "") != (f.Source == "") {
				t.Fatalf("%+v", f)
			}
		}
	}
}

// TestTranscriptNoEntries checks what is said of texts without entries.
func TestTranscriptNoEntries(t *testing.T) {
	for text, want := range map[string]string{
		"":               "it is empty",
		"hello\nworld\n": "none of its 2 lines",
		"0:000> !htrace -enable\nHandle tracing enabled.\n":                            "none of what it prints",
		"Handle tracing is not enabled for this process.\n":                            `"Handle tracing is not enabled`,
		"No outstanding handles opened since the previous snapshot were detected.\n":   "-diff, which found no handle",
		"Parsed 0x17EF stack traces.\nDumped 0x0 stack traces.\n":                      "printed no entry",
		"0x77e6c1fe: KERNEL32!CloseHandle+0x00000044\n":                                "parts of entries (1 lines)",
		"Handle = 0x00000b08 - *** BA":                                                 "parts of entries (1 lines)",
		"00 0012ff7c 00401657 test1!CServer::GetToken+0x47\n":                          "none of its 1 lines",
		"MDMP\x93\xa7\x00\x00\x0c\x00\x00\x00\x20\x00\x00\x00 Handle 0x1 \x00\n\n\r\n": "none of",
	} {
		_, err := ReadTranscript(strings.NewReader(text), Options{})
		var none *NoEntriesError
		if !errors.Is(err, ErrNoEntries) || !errors.As(err, &none) {
			t.Errorf("%q: %v", text, err)
		} else if !strings.Contains(none.Found, want) || none.Try == "" || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

type failingReader struct{ text io.Reader }

var errFailing = errors.New("it fails")

func (f failingReader) Read(p []byte) (int, error) {
	n, err := f.text.Read(p)
	if err == io.EOF {
		err = errFailing
	}
	return n, err
}

func TestTranscriptReadError(t *testing.T) {
	text := makeTextTrace(10, 1, false).text(textForms[0])
	for _, dressed := range [][]byte{text, inUTF16(binary.LittleEndian, true)(text)} {
		if _, err := ReadTranscript(failingReader{strings.NewReader(string(dressed))}, Options{}); !errors.Is(err, errFailing) {
			t.Error(err)
		}
	}
}
