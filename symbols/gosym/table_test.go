package gosym

import (
	"bytes"
	"debug/gosym"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/handletrace/handletrace/callstack"
	"github.com/handletrace/handletrace/internal/testfile"
	"github.com/handletrace/handletrace/symbols/pe"
)

// show writes frames as function+offset file:line, innermost first.
func show(frames []callstack.Frame) string {
	var out []string
	for _, f := range frames {
		s := f.Function
		if f.Inlined {
			s += " (inlined)"
		} else {
			s += fmt.Sprintf("+%#x", f.Offset)
		}
		if f.File != "" || f.Line != 0 {
			s += fmt.Sprintf(" %s:%d", filepath.Base(f.File), f.Line)
		}
		out = append(out, s)
	}
	return strings.Join(out, " < ")
}

var testAnswers = map[uint32]string{
	0x107f: "",
	0x1080: "main.first+0x0 main.go:3",
	0x1090: "main.first+0x10 main.go:5",
	0x10a0: "main.main+0x0 main.go:10",
	0x10b0: "main.mid (inlined) main.go:21 < main.main+0x10 main.go:10",
	0x10b4: "main.leaf (inlined) main.go:31 < main.mid (inlined) main.go:21 < main.main+0x14 main.go:10",
	0x10bf: "main.mid (inlined) main.go:22 < main.main+0x1f main.go:10",
	0x10c0: "main.main+0x20 main.go:11",
	0x10d8: "main.main+0x38", // padding
	0x10ef: "main.(*T).last+0xf main.go:40",
	0x10f0: "",
	0x2000: "",
}

func TestVersions(t *testing.T) {
	for i := range versions {
		for _, ptrSize := range []int{4, 8} {
			v := &versions[i]
			t.Run(fmt.Sprintf("%s/%d", v.name, ptrSize), func(t *testing.T) {
				table := openBytes(t, testImage(v, ptrSize))
				if table.Version() != v.name {
					t.Errorf("version %s", table.Version())
				}
				for rva, want := range testAnswers {
					if got := show(table.Frames(rva)); got != want {
						t.Errorf("%#x\ngot  %s\nwant %s", rva, got, want)
					}
				}
			})
		}
	}
}

func TestFramesAreWhole(t *testing.T) {
	want := []callstack.Frame{
		{Function: "main.mid", FunctionStart: 0x10a0, File: testFile, Line: 21, Inlined: true, Source: callstack.GoTable},
		{Function: "main.main", FunctionStart: 0x10a0, Offset: 0x11, File: testFile, Line: 10, Source: callstack.GoTable},
	}
	if diff := cmp.Diff(want, openBytes(t, testImage(&versions[0], 8)).Frames(0x10b1)); diff != "" {
		t.Error(diff)
	}
}

// Obfuscators change the magic.
func TestHiddenTable(t *testing.T) {
	for _, v := range []*version{&versions[0], &versions[1], &versions[2]} {
		b := testImage(v, 8)
		at := bytes.Index(b, binary.LittleEndian.AppendUint32(nil, v.magic))
		copy(b[at:], "\x12\x34\x56\x78")
		table, err := New(imageOf(t, b))
		if err != nil {
			t.Errorf("%s: %v", v.name, err)
			continue
		}
		for rva, want := range testAnswers {
			if got := show(table.Frames(rva)); got != want {
				t.Errorf("%s: %#x\ngot  %s\nwant %s", v.name, rva, got, want)
			}
		}
	}
}

// Without module data the code begins where its section does, as the Go linker
// puts it, and the names of inlined functions are out of reach.
func TestNoModuleData(t *testing.T) {
	b := testImage(&versions[0], 8)
	clear(b[0x400+0x1000:])
	table := openBytes(t, b)
	for rva, want := range map[uint32]string{
		0x1000: "main.first+0x0 main.go:3",
		0x1034: "main.main+0x14", // the line is not one of main.main
		0x1040: "main.main+0x20 main.go:11",
	} {
		if got := show(table.Frames(rva)); got != want {
			t.Errorf("%#x\ngot  %s\nwant %s", rva, got, want)
		}
	}
}

var errHole = errors.New("page absent")

// memoryImage is an image in memory, moved to another base, with one page
// absent.
type memoryImage struct {
	data []byte
	hole int64
}

func (m memoryImage) ReadAt(p []byte, off int64) (int, error) {
	if off >= int64(len(m.data)) {
		return 0, io.EOF
	}
	end := off + int64(len(p))
	if m.hole >= 0 && off < m.hole+pageSize && m.hole < end {
		if off >= m.hole {
			return 0, errHole
		}
		return copy(p, m.data[off:m.hole]), errHole
	}
	n := copy(p, m.data[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func loaded(b []byte) []byte {
	img, _ := pe.New(bytes.NewReader(b), int64(len(b)))
	m := make([]byte, img.SizeOfImage)
	copy(m, b[:img.SizeOfHeaders])
	for _, s := range img.Sections() {
		img.SectionReader(s).ReadAt(m[s.VirtualAddress:], 0)
	}
	return m
}

func TestMemory(t *testing.T) {
	m := loaded(testImage(&versions[0], 8))
	img, err := pe.NewMapped(memoryImage{m, -1}, int64(len(m)))
	if err != nil {
		t.Fatal(err)
	}
	table, err := New(img)
	if err != nil {
		t.Fatal(err)
	}
	for rva, want := range testAnswers {
		if got := show(table.Frames(rva)); got != want {
			t.Errorf("%#x\ngot  %s\nwant %s", rva, got, want)
		}
	}
}

func TestNotGo(t *testing.T) {
	if _, err := New(imageOf(t, wrapImage(8, testBase, make([]byte, 0x1200)))); !errors.Is(err, ErrNoTable) {
		t.Error(err)
	}
	if _, err := Open(filepath.Join("..", "pe", "testdata", "x64.dll")); !errors.Is(err, ErrNoTable) {
		t.Error(err)
	}
	if _, err := Open("table_test.go"); !errors.Is(err, pe.ErrNotPE) {
		t.Error(err)
	}
}

// Sections that are all of the same bytes are not searched one by one.
func TestOverlappingSections(t *testing.T) {
	const sections = 1000
	data := wrapImage(8, testBase, make([]byte, 0x1200+sections*40))
	const nt, headers = 0x40, 0x40 + 24 + 240
	binary.LittleEndian.PutUint16(data[nt+6:], sections)
	for i := 1; i < sections; i++ {
		copy(data[headers+40*i:], data[headers+40:headers+80])
	}
	img := imageOf(t, data)
	if n := len(img.Sections()); n != sections {
		t.Fatalf("%d sections", n)
	}
	f := finder{img: img, mem: memory{img}}
	scanned := 0
	f.scan(func(*pe.Section) bool { return true }, func(chunk []byte, _ int64) bool {
		scanned += len(chunk)
		return true
	})
	if scanned == 0 || scanned > 3*len(data) {
		t.Errorf("%d bytes of an image of %d are scanned", scanned, len(data))
	}
}

func TestConcurrent(t *testing.T) {
	table := openBytes(t, testImage(&versions[0], 8))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for rva, want := range testAnswers {
				if got := show(table.Frames(rva)); got != want {
					t.Errorf("%#x: %s", rva, got)
				}
			}
		})
	}
	wg.Wait()
}

// The Go sources have the table of a program of Go 1.15. Its functions' data is
// not there, so inlined functions have no names.
func TestTableOf115(t *testing.T) {
	data := table115(t)
	const base = 0x400000
	table := openBytes(t, wrapImage(8, base, append(make([]byte, 0x20), data...)))
	if table.Version() != "1.2" {
		t.Error(table.Version())
	}
	std, err := gosym.NewTable(nil, gosym.NewLineTable(data, 0))
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for _, fn := range std.Funcs {
		for pc := fn.Entry; pc < fn.End; pc++ {
			frames := table.Frames(uint32(pc - base))
			if len(frames) != 1 || frames[0].Function != fn.Name || frames[0].Offset != pc-fn.Entry {
				t.Fatalf("%#x: %+v, want %s", pc, frames, fn.Name)
			}
			file, line, _ := std.PCToLine(pc)
			if line <= 0 {
				continue // padding
			}
			if frames[0].Line != 0 && (frames[0].Line != line || frames[0].File != file) {
				t.Fatalf("%#x: %s, want %s:%d", pc, show(frames), file, line)
			}
			if frames[0].Line != 0 {
				lines++
			}
		}
	}
	if lines < 1000 {
		t.Errorf("only %d lines", lines)
	}
}

func table115(t *testing.T) []byte {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	data, err := testfile.Read(filepath.Join(strings.TrimSpace(string(root)), "src", "debug", "gosym", "testdata", "pcln115.gz"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the Go sources are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func FuzzTable(f *testing.F) {
	for i := range versions {
		f.Add(testImage(&versions[i], 8), uint32(0x10b4), uint16(0))
		f.Add(testImage(&versions[i], 4), uint32(0x10b4), uint16(3))
	}
	f.Fuzz(func(t *testing.T, data []byte, rva uint32, hole uint16) {
		images := []*pe.Image{}
		if img, err := pe.New(bytes.NewReader(data), int64(len(data))); err == nil {
			images = append(images, img)
		}
		if img, err := pe.NewMapped(memoryImage{data, int64(hole) * pageSize}, int64(len(data))); err == nil {
			images = append(images, img)
		}
		for _, img := range images {
			table, err := New(img)
			if err != nil {
				continue
			}
			for _, at := range []uint32{0, testText, rva, rva + 1, 1<<32 - 1} {
				frames := table.Frames(at)
				if len(frames) > maxDepth+1 {
					t.Errorf("%d frames", len(frames))
				}
				for i, fr := range frames {
					if fr.Inlined != (i < len(frames)-1) || fr.FunctionStart > uint64(at) {
						t.Errorf("%#x: %+v", at, frames)
					}
				}
			}
		}
	})
}
