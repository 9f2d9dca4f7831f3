package cab

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func open(t testing.TB, b []byte) *Reader {
	t.Helper()
	c, err := NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// content returns the bytes of a file.
func content(c *Reader, i int) ([]byte, error) {
	r, err := c.Open(i)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// sequence is what "seq 1 last" prints.
func sequence(last int) []byte {
	var b bytes.Buffer
	for i := 1; i <= last; i++ {
		fmt.Fprintln(&b, i)
	}
	return b.Bytes()
}

func TestGcab(t *testing.T) {
	want := map[string][]byte{"few.txt": sequence(300), "empty.txt": {}, "many.txt": sequence(9000), "zahlen-ä.txt": sequence(9000)}
	for name, files := range map[string]int{"stored.cab": 3, "mszip.cab": 3, "numbers.tx_": 1} {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		c := open(t, b)
		if len(c.Files) != files {
			t.Errorf("%s: %d files, want %d", name, len(c.Files), files)
		}
		for i, f := range c.Files {
			got, err := content(c, i)
			switch {
			case err != nil:
				t.Errorf("%s: %v", name, err)
			case !bytes.Equal(got, want[f.Name]):
				t.Errorf("%s: %s has other bytes", name, f.Name)
			case f.Size != int64(len(got)):
				t.Errorf("%s: %s has size %d, %d bytes were read", name, f.Name, f.Size, len(got))
			case f.ModTime.Year() < 2026:
				t.Errorf("%s: %s is of %v", name, f.Name, f.ModTime)
			}
		}
	}
}

// All that may lie between the parts of a cabinet, and files in any place of
// several folders.
func TestLayout(t *testing.T) {
	data := program(100000)
	files := func(prefix string) []testFile {
		return []testFile{{name: prefix + "a", size: 1}, {name: prefix + "b", size: 70000, attributes: 0x21}, {name: prefix + "c"}, {name: prefix + "d", size: 29999}}
	}
	e := &lzxEncoder{windowBits: 15, blocks: []lzxBlock{{blockVerbatim, 50000}}}
	for _, shape := range []cabinet{
		{},
		{headerReserved: 20, folderExtra: 3, dataReserved: 5, next: "b.cab"},
		{dataReserved: 1, sumReserved: true, previous: "a.cab"},
		{withoutChecksum: true, previous: "a.cab", next: "c.cab"},
	} {
		shape.folders = []testFolder{
			storedFolder(data, files("stored-")...),
			mszipFolder(t, data, files("mszip-")...),
			lzxFolder(e, data, files("lzx-")...),
		}
		e.frames = nil
		c := open(t, shape.bytes())
		if c.Previous != shape.previous || c.Next != shape.next || c.SetID != 1234 {
			t.Errorf("set %d, neighbours %q and %q", c.SetID, c.Previous, c.Next)
		}
		if len(c.Files) != 12 {
			t.Fatalf("%d files, want 12", len(c.Files))
		}
		for i, f := range c.Files {
			at := []int{0, 1, 70001, 70001}[i%4]
			got, err := content(c, i)
			if err != nil || !bytes.Equal(got, data[at:at+int(f.Size)]) {
				t.Errorf("%s: other bytes than were put in, error %v", f.Name, err)
			}
		}
		if f := c.Files[1]; f.Name != "stored-b" || f.Attributes != ReadOnly|Archive || !f.ModTime.Equal(time.Date(2026, 11, 23, 5, 28, 8, 0, time.UTC)) {
			t.Errorf("got %+v", f)
		}
	}
}

// The reader keeps to the contract of io.Reader.
func TestReading(t *testing.T) {
	data := program(70000)
	c := open(t, (&cabinet{folders: []testFolder{mszipFolder(t, data, testFile{name: "f", size: len(data)})}}).bytes())
	r, err := c.Open(0)
	if err != nil {
		t.Fatal(err)
	}
	if err := iotest.TestReader(r, data); err != nil {
		t.Error(err)
	}
}

func TestUnsupported(t *testing.T) {
	data := []byte("text")
	for want, c := range map[string]cabinet{
		"Quantum":                   {folders: []testFolder{{compression: 0x1472, blocks: []testBlock{{data, 4}}, files: []testFile{{name: "f", size: 4}}}}},
		"type 0x4":                  {folders: []testFolder{{compression: 4, blocks: []testBlock{{data, 4}}, files: []testFile{{name: "f", size: 4}}}}},
		"window of 2^14":            {folders: []testFolder{{compression: 14<<8 | 3, blocks: []testBlock{{data, 4}}, files: []testFile{{name: "f", size: 4}}}}},
		"window of 2^22":            {folders: []testFolder{{compression: 22<<8 | 3, blocks: []testBlock{{data, 4}}, files: []testFile{{name: "f", size: 4}}}}},
		"split over several":        {next: "b", folders: []testFolder{storedFolder(data, testFile{name: "f", size: 4, folder: continuedToNext})}},
		"goes on in the next":       {next: "b", folders: []testFolder{{blocks: []testBlock{{data, 0}}, files: []testFile{{name: "f", size: 4}}}}},
		"split over several cabine": {previous: "b", folders: []testFolder{storedFolder(data, testFile{name: "f", size: 4, folder: continuedFromPrevious})}},
	} {
		_, err := content(open(t, c.bytes()), 0)
		if !errors.Is(err, ErrUnsupported) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want ErrUnsupported with %q", err, want)
		}
	}
}

func TestDamage(t *testing.T) {
	data := program(40000)
	file := testFile{name: "f", size: len(data)}
	whole := (&cabinet{folders: []testFolder{mszipFolder(t, data, file)}}).bytes()
	change := func(at int, b byte) []byte {
		c := bytes.Clone(whole)
		c[at] = b
		return c
	}
	long := file
	long.size = 40001
	far := file
	far.size = 1 << 20
	for name, test := range map[string]struct {
		cab  []byte
		want string
	}{
		"magic":         {change(0, 'X'), "begins with"},
		"nothing":       {nil, "header of 36 bytes"},
		"version":       {change(25, 2), "version 2.3"},
		"folders":       {change(27, 0xff), "list of folders"},
		"files":         {change(29, 0xff), "no room"},
		"files beyond":  {change(19, 0xff), "no room"},
		"a bit":         {change(len(whole)-1, whole[len(whole)-1]^1), "checksum"},
		"cut":           {whole[:len(whole)-1], "data block of"},
		"folder":        {change(headerSize+folderSize+8, 7), "in folder 7 of 1"},
		"blocks":        {change(headerSize+4, 1), "most"},
		"longer":        {(&cabinet{folders: []testFolder{mszipFolder(t, data, long)}}).bytes(), "ends before the file"},
		"far longer":    {(&cabinet{folders: []testFolder{mszipFolder(t, data, far)}}).bytes(), "holds 65536 bytes at most"},
		"no CK":         {(&cabinet{folders: []testFolder{{compression: 1, blocks: []testBlock{{[]byte("XX"), 1}}, files: []testFile{{name: "f", size: 1}}}}}).bytes(), "CK"},
		"short deflate": {(&cabinet{folders: []testFolder{{compression: 1, blocks: []testBlock{{[]byte("CK\x03\x00"), 1}}, files: []testFile{{name: "f", size: 1}}}}}).bytes(), "deflate"},
		"short stored":  {(&cabinet{folders: []testFolder{{blocks: []testBlock{{[]byte("abc"), 4}}, files: []testFile{{name: "f", size: 4}}}}}).bytes(), "3 stored bytes"},
		"huge block":    {(&cabinet{folders: []testFolder{{blocks: []testBlock{{make([]byte, 40000), 40000}}, files: []testFile{{name: "f", size: 4}}}}}).bytes(), "most"},
		"endless name":  {(&cabinet{folders: []testFolder{{files: []testFile{{name: strings.Repeat("n", 300)}}}}}).bytes(), "no end"},
	} {
		err := readAll(test.cab)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
}

// readAll reads every file of a cabinet.
func readAll(b []byte) error {
	c, err := NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return err
	}
	for i, f := range c.Files {
		r, err := c.Open(i)
		if err != nil {
			return err
		}
		if n, err := io.Copy(io.Discard, r); err != nil {
			return err
		} else if n != f.Size {
			return fmt.Errorf("%s: %d of %d bytes and no error", f.Name, n, f.Size)
		}
	}
	return nil
}
