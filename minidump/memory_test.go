package minidump_test

import (
	"errors"
	"io"
	"path/filepath"
	"sync"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

func TestReadsDoNotAllocate(t *testing.T) {
	b := minidumptest.New(amd64)
	b.AddMemory(minidumptest.Memory{Start: 0x1000, Data: make([]byte, 0x1000)})
	name := filepath.Join(t.TempDir(), "a.dmp")
	if err := b.WriteFile(name); err != nil {
		t.Fatal(err)
	}
	onDisk := must(minidump.Open(name))(t)
	defer onDisk.Close()
	for _, f := range []*minidump.File{onDisk, open(t, b)} {
		m := must(f.Memory())(t)
		buf := make([]byte, 64)
		if n := testing.AllocsPerRun(100, func() {
			_, _ = m.Uint64(0x1238)
			_, _ = m.Uint32(0x1230)
			_, _ = m.Read(0x1100, buf)
		}); n >= 1 {
			t.Errorf("%v allocations in a read", n)
		}
	}
}

func TestSection(t *testing.T) {
	b := minidumptest.New(amd64)
	b.AddMemory(minidumptest.Memory{Start: 0x1000, Data: []byte("abcdef")})
	_, m := memoryOf(t, b)
	all, err := io.ReadAll(io.NewSectionReader(m.Section(0x1002, 3), 0, 3))
	if string(all) != "cde" || err != nil {
		t.Errorf("section = %q, %v", all, err)
	}
	if _, err := m.Section(0x1002, 100).ReadAt(make([]byte, 10), 0); !errors.Is(err, minidump.ErrNotMapped) {
		t.Errorf("a hole in a section: %v", err)
	}
}

// readerAt is a file in memory that is no *bytes.Reader.
type readerAt []byte

func (r readerAt) ReadAt(p []byte, off int64) (int, error) {
	if off >= int64(len(r)) {
		return 0, io.EOF
	}
	n := copy(p, r[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Streams and memory may be asked for from several goroutines.
func TestConcurrentUse(t *testing.T) {
	f := open(t, full(amd64, false))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { exercise(f) })
	}
	wg.Wait()
	checkFull(t, f)
}

// An image over many ranges is read as one.
func TestReadAcrossManyRanges(t *testing.T) {
	b := minidumptest.New(amd64)
	var want []byte
	for i := range 100 {
		part := []byte{byte(i), byte(i + 1), byte(i + 2)}
		b.AddMemory(minidumptest.Memory{Start: uint64(0x1000 + 3*i), Data: part})
		want = append(want, part...)
	}
	_, m := memoryOf(t, b)
	wantBytes(t, m, 0x1000, string(want))
	n, err := m.Read(0x1001, make([]byte, 1000))
	if n != 299 || !errors.Is(err, minidump.ErrNotMapped) {
		t.Errorf("Read = %d, %v", n, err)
	}
}
