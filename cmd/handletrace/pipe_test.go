package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// repeated gives a text for ever.
type repeated struct {
	text string
	at   int
}

func (r *repeated) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = r.text[r.at]
		r.at = (r.at + 1) % len(r.text)
	}
	return len(b), nil
}

// What may have no end is read up to a limit: a text without being kept, a dump
// as far as it says that it goes.
func TestEndlessPipe(t *testing.T) {
	const limit = 1 << 20
	t.Setenv("TMPDIR", t.TempDir())
	s := &source{label: "x"}
	if err := s.take(&repeated{text: "y\n"}); err != nil || s.stream == nil || s.file != nil {
		t.Fatalf("a text is not read as it comes: %+v (%v)", s, err)
	}
	for text, want := range map[string]error{"y\n": errIdle, "Handle = 0x4 - OPEN\n": errEndless, string(utf16le("Handle = 0x4\n")[2:]): errEndless} {
		b := &bounded{r: &repeated{text: text}, left: 2 * limit, idle: limit}
		if n, err := io.Copy(io.Discard, b); n == 0 || n > 2*limit || !errors.Is(err, want) {
			t.Errorf("%q: %d bytes, error %v", text, n, err)
		}
	}
	for _, begin := range []string{"MDMP", "MSCF", string(built(doubleClose...).Bytes())} {
		s := &source{label: "x"}
		err := s.keep(io.MultiReader(strings.NewReader(begin), &repeated{text: "y\n"}), limit)
		if !errors.Is(err, errEndless) || !strings.Contains(err.Error(), "4 GiB") {
			t.Errorf("%.4q: error %v", begin, err)
		}
	}
	if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A dump that says it is longer than the limit is read to where it says that it
// ends.
func TestLongDumpFromPipe(t *testing.T) {
	b := built(doubleClose...)
	b.AddMemory64(minidumptest.Memory{Start: 0x10000, Data: make([]byte, 1<<20)})
	whole := b.Bytes()
	s := &source{label: "x"}
	if err := s.keep(bytes.NewReader(whole), 1<<16); err != nil || s.size() != int64(len(whole)) {
		t.Fatalf("%d bytes, want %d (%v)", s.size(), len(whole), err)
	}
	defer s.Close()
	if err := new(source).keep(io.MultiReader(bytes.NewReader(whole), bytes.NewReader([]byte{0})), 1<<16); !errors.Is(err, errEndless) {
		t.Errorf("a dump that goes on after its end: %v", err)
	}
}
