package fuzzdecoder

import (
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

func TestReadSession(t *testing.T) {
	for _, bigEndian := range []bool{false, true} {
		b := minidumptest.New(minidump.ProcessorArchitectureAMD64)
		b.BigEndian = bigEndian
		b.Add(SessionStream, uint32(4711), uint32(2), uint32(7), uint32(9), []byte("main@1f3c"))
		f, err := b.Open()
		if err != nil {
			t.Fatal(err)
		}
		s, err := ReadSession(f)
		if err != nil {
			t.Fatal(err)
		}
		if s.Build != 4711 || !slices.Equal(s.Users, []uint32{7, 9}) || s.Revision != "main@1f3c" {
			t.Errorf("big-endian %v: %+v", bigEndian, s)
		}
	}
}

func TestAbsentAndDamaged(t *testing.T) {
	b := minidumptest.New(minidump.ProcessorArchitectureAMD64)
	f, err := b.Open()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ReadSession(f); !errors.Is(err, minidump.ErrNoStream) {
		t.Errorf("a dump without the stream: %v", err)
	}
	b.Add(SessionStream, uint32(4711), uint32(1<<30))
	if f, err = b.Open(); err != nil {
		t.Fatal(err)
	}
	var broken *minidump.FormatError
	if _, err := ReadSession(f); !errors.As(err, &broken) || broken.Stream != SessionStream {
		t.Errorf("a count that cannot be: %v", err)
	}
}

// Whatever the bytes are, the decoder neither panics nor makes more of them
// than they hold.
func FuzzSession(f *testing.F) {
	f.Add([]byte{1, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0, 'x'}, false)
	f.Add([]byte{0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff}, true)
	f.Add(binary.LittleEndian.AppendUint32(nil, 3), false)
	f.Fuzz(func(t *testing.T, data []byte, bigEndian bool) {
		b := minidumptest.New(minidump.ProcessorArchitectureAMD64)
		b.BigEndian = bigEndian
		b.Add(SessionStream, data)
		dump, err := b.Open()
		if err != nil {
			t.Fatal(err)
		}
		s, err := ReadSession(dump)
		if err != nil {
			return
		}
		if got := 8 + 4*len(s.Users) + len(s.Revision); got != len(data) {
			t.Errorf("%d bytes became a session of %d", len(data), got)
		}
	})
}
