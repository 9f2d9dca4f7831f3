package symstore

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/handletrace/handletrace/internal/testfile"
	"github.com/handletrace/handletrace/symbols/pdb"
	"github.com/handletrace/handletrace/symbols/pe"
)

// sample is a real PDB and what it is called.
type sample struct {
	name string
	id   string
	data []byte
}

func (s sample) key(t testing.TB) Key {
	t.Helper()
	k, err := PDBKey(s.name, s.id)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

var samplePDB = sync.OnceValues(func() (sample, error) {
	data, err := testfile.Read("../pdb/testdata/x64-O2.pdb.gz")
	if err != nil {
		return sample{}, err
	}
	p, err := pdb.New(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return sample{}, err
	}
	return sample{"Sample.pdb", p.DebugID(), data}, nil
})

func thePDB(t testing.TB) sample {
	t.Helper()
	s, err := samplePDB()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// withAge returns the PDB with another age, and so another identifier.
func (s sample) withAge(t testing.TB, age uint32) sample {
	t.Helper()
	return sample{s.name, s.id[:32] + strings.ToUpper(hexOf(age)), patchAge(t, s.data, age)}
}

func hexOf(v uint32) string {
	const digits = "0123456789abcdef"
	out := ""
	for ; v > 0; v /= 16 {
		out = string(digits[v%16]) + out
	}
	return out
}

// patchAge sets the age in the DBI stream's header, which it finds by its
// signature (-1) and version (19990903).
func patchAge(t testing.TB, data []byte, age uint32) []byte {
	t.Helper()
	mark := binary.LittleEndian.AppendUint32([]byte{0xff, 0xff, 0xff, 0xff}, 19990903)
	i := bytes.Index(data, mark)
	if i < 0 {
		t.Fatal("the sample has no DBI stream")
	}
	out := bytes.Clone(data)
	binary.LittleEndian.PutUint32(out[i+8:], age)
	return out
}

// theImage is a real DLL.
func theImage(t testing.TB) (name string, timeDateStamp, sizeOfImage uint32, data []byte) {
	t.Helper()
	data, err := os.ReadFile("../pe/testdata/x64.dll")
	if err != nil {
		t.Fatal(err)
	}
	m, err := pe.New(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return "x64.dll", m.TimeDateStamp, m.SizeOfImage, data
}

// tree writes files below a new folder.
func tree(t testing.TB, files map[string][]byte) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range files {
		writeFile(t, filepath.Join(root, filepath.FromSlash(name)), data)
	}
	return root
}

func writeFile(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// filesIn returns the files below a folder, with slashes, but for the locks.
func filesIn(t testing.TB, root string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && filepath.Ext(path) != ".lock" {
			rel, _ := filepath.Rel(root, path)
			list = append(list, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// locator returns one over a path, whose default store is a new folder.
func locator(t testing.TB, path string, opts Options) *Locator {
	t.Helper()
	if opts.DefaultStore == "" {
		opts.DefaultStore = t.TempDir()
	}
	p := Parse(path)
	if len(p.Warnings) > 0 {
		t.Fatal(p.Warnings)
	}
	l := New(p, opts)
	t.Cleanup(func() { l.Close() })
	return l
}

// found looks a key up, and compares the file with what it should be.
func found(t testing.TB, l *Locator, k Key, want []byte) Result {
	t.Helper()
	r, err := l.Find(context.Background(), k)
	if err != nil {
		t.Fatalf("%v\n%v", err, r.Attempts)
	}
	if got, err := os.ReadFile(r.Path); err != nil || !bytes.Equal(got, want) {
		t.Fatalf("%s has other bytes (%v)", r.Path, err)
	}
	return r
}

// notFound looks a key up that must not be found.
func notFound(t testing.TB, l *Locator, k Key) *NotFoundError {
	t.Helper()
	r, err := l.Find(context.Background(), k)
	e, ok := err.(*NotFoundError)
	if !ok {
		t.Fatalf("found %q, error %v", r.Path, err)
	}
	return e
}

// outcome returns the error of the first attempt with an outcome.
func outcome(t testing.TB, list []Attempt, want Outcome) Attempt {
	t.Helper()
	for _, a := range list {
		if a.Outcome == want {
			return a
		}
	}
	t.Fatalf("no attempt is %q: %v", want, list)
	return Attempt{}
}

// cabinet returns a cabinet with one MSZIP file.
func cabinet(t testing.TB, name string, data []byte) []byte {
	t.Helper()
	le := binary.LittleEndian
	var blocks [][]byte
	for at := 0; at < len(data); at += 32768 {
		part := data[at:min(at+32768, len(data))]
		var packed bytes.Buffer
		packed.WriteString("CK")
		w, err := flate.NewWriterDict(&packed, 6, data[max(0, at-32768):at])
		if err != nil {
			t.Fatal(err)
		}
		w.Write(part)
		w.Close()
		head := le.AppendUint32(nil, 0)
		head = le.AppendUint16(head, uint16(packed.Len()))
		head = le.AppendUint16(head, uint16(len(part)))
		blocks = append(blocks, append(head, packed.Bytes()...))
	}
	filesAt := 36 + 8
	dataAt := filesAt + 16 + len(name) + 1
	out := append([]byte("MSCF"), make([]byte, 4)...)
	out = le.AppendUint32(out, 0) // the whole size: no reader needs it
	out = le.AppendUint32(out, 0)
	out = le.AppendUint32(out, uint32(filesAt))
	out = le.AppendUint32(out, 0)
	out = append(out, 3, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0)
	out = le.AppendUint32(out, uint32(dataAt))
	out = le.AppendUint16(out, uint16(len(blocks)))
	out = le.AppendUint16(out, 1)
	out = le.AppendUint32(out, uint32(len(data)))
	out = append(out, make([]byte, 12)...)
	out = append(out, name+"\x00"...)
	return append(out, bytes.Join(blocks, nil)...)
}

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data)
	w.Close()
	return b.Bytes()
}
