package pdb

import (
	"encoding/binary"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
)

// msfWriter lays streams out in a container, for tests of forms that no linker
// at hand makes.
type msfWriter struct {
	pageSize  int
	firstPage uint32 // where streams begin: far away makes a file of over 4 GiB
	shuffle   bool   // pages in no order
	streams   [][]byte
	absent    []int // streams of nil size
}

// sparse is a container whose unwritten pages are zero.
type sparse struct {
	pageSize int64
	pages    map[int64][]byte
	size     int64
}

func (s *sparse) ReadAt(p []byte, off int64) (int, error) {
	for n := 0; n < len(p); {
		if off >= s.size {
			return n, io.EOF
		}
		in := off % s.pageSize
		c := min(len(p)-n, int(s.pageSize-in), int(s.size-off))
		clear(p[n : n+c])
		if page := s.pages[off/s.pageSize]; page != nil {
			copy(p[n:n+c], page[in:])
		}
		n, off = n+c, off+int64(c)
	}
	return len(p), nil
}

func (s *sparse) bytes() []byte {
	b := make([]byte, s.size)
	s.ReadAt(b, 0)
	return b
}

func (w *msfWriter) write() *sparse {
	out := &sparse{pageSize: int64(w.pageSize), pages: map[int64][]byte{}}
	next := max(w.firstPage, 4)
	var free []uint32
	take := func() uint32 {
		if len(free) == 0 {
			for range 64 {
				free = append(free, next)
				next++
			}
			if w.shuffle {
				r := rand.New(rand.NewPCG(uint64(next), 1))
				r.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
			}
		}
		n := free[0]
		free = free[1:]
		out.size = max(out.size, int64(n+1)*out.pageSize)
		return n
	}
	put := func(data []byte) []byte {
		var numbers []byte
		for chunk := range slices.Chunk(data, w.pageSize) {
			n := take()
			page := make([]byte, w.pageSize)
			copy(page, chunk)
			out.pages[int64(n)] = page
			numbers = binary.LittleEndian.AppendUint32(numbers, n)
		}
		return numbers
	}
	directory := binary.LittleEndian.AppendUint32(nil, uint32(len(w.streams)))
	var numbers []byte
	for i, s := range w.streams {
		size := uint32(len(s))
		if slices.Contains(w.absent, i) {
			size, s = nilStreamSize, nil
		}
		directory = binary.LittleEndian.AppendUint32(directory, size)
		numbers = append(numbers, put(s)...)
	}
	directory = append(directory, numbers...)
	mapPages := put(put(directory))

	head := make([]byte, w.pageSize)
	copy(head, magicMSF7)
	binary.LittleEndian.PutUint32(head[0x20:], uint32(w.pageSize))
	binary.LittleEndian.PutUint32(head[0x24:], 1)
	binary.LittleEndian.PutUint32(head[0x28:], next)
	binary.LittleEndian.PutUint32(head[0x2c:], uint32(len(directory)))
	copy(head[superblockSize:], mapPages)
	out.pages[0] = head
	return out
}

// streamsOf reads all streams of a file of testdata.
func streamsOf(t testing.TB, name string) [][]byte {
	t.Helper()
	f := open(t, unzip(t, name+".pdb.gz"))
	streams := make([][]byte, f.NumStreams())
	for i := range streams {
		s, err := f.Stream(i)
		if err != nil {
			t.Fatal(err)
		}
		if streams[i], err = s.bytes(nil, 0, s.size); err != nil {
			t.Fatal(err)
		}
	}
	return streams
}

func openSparse(t testing.TB, s *sparse) *File {
	t.Helper()
	f, err := New(s, s.size)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
