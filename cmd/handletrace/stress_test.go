package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Any file that is damaged at random gives a result or an error: no panic, no
// hang, and memory in proportion to the file. A short run goes over the
// project's own files. The long one,
//
//	HANDLETRACE_STRESS=100000 go test ./cmd/handletrace -run TestStress -timeout 0
//
// takes that many cases, and the files of HANDLETRACE_CORPUS, HANDLETRACE_PDBS
// and HANDLETRACE_TRANSCRIPTS beside.
func TestStress(t *testing.T) {
	cases, seed := 400, uint64(1)
	if n, err := strconv.Atoi(os.Getenv("HANDLETRACE_STRESS")); err == nil {
		cases, seed = n, uint64(time.Now().UnixNano())
	}
	files := stressFiles(t)
	t.Logf("%d cases over %d files, seed %d", cases, len(files), seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	folder := t.TempDir()
	for i := range cases {
		f := files[rnd.IntN(len(files))]
		path := filepath.Join(folder, "damaged"+filepath.Ext(f.name))
		content := damage(rnd, f.content)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range f.commands {
			args = slices.Clone(args)
			args[slices.Index(args, theFile)] = path
			if !survives(t, args, int64(len(content))) {
				kept := filepath.Join(os.TempDir(), "stress-"+strconv.Itoa(i)+"-"+filepath.Base(f.name))
				os.WriteFile(kept, content, 0o600)
				t.Fatalf("case %d (%s, seed %d) is kept as %s", i, f.name, seed, kept)
			}
		}
	}
}

// stressFile is a sound file and what is done with its damaged copies.
type stressFile struct {
	name     string
	content  []byte
	commands [][]string
}

// theFile stands for the damaged file in a command.
const theFile = "@"

var (
	dumpCommands = [][]string{{"analyze", theFile}, {"info", "--json", theFile}, {"trace", "--last", "50", theFile}, {"symbolize", theFile, "0x140001000", "0x6ffffb101148"}}
	textCommands = [][]string{{"analyze", "--format", "json", theFile}, {"trace", theFile}}
	codeCommands = [][]string{{"symbolize", "--module", theFile, "0x1000", "0x1010", "0x2345"}}
	commandsFor  = map[string][][]string{".dmp": dumpCommands, ".txt": textCommands, ".pdb": codeCommands, ".exe": codeCommands, ".pd_": codeCommands, ".sym": codeCommands}
)

func stressFiles(t *testing.T) []stressFile {
	t.Helper()
	folders := []string{filepath.Join("..", "..", "testdata"), filepath.Join("..", "..", "htrace", "testdata"), filepath.Join("..", "..", "symbols")}
	for _, variable := range []string{"HANDLETRACE_CORPUS", "HANDLETRACE_PDBS", "HANDLETRACE_TRANSCRIPTS"} {
		if folder := os.Getenv(variable); folder != "" {
			folders = append(folders, folder)
		}
	}
	var files []stressFile
	for _, folder := range folders {
		err := filepath.Walk(folder, func(name string, info os.FileInfo, err error) error {
			if err != nil {
				return err
			}
			commands := commandsFor[strings.ToLower(filepath.Ext(name))]
			if commands == nil || !info.Mode().IsRegular() || info.Size() == 0 {
				return nil
			}
			content, err := os.ReadFile(name)
			files = append(files, stressFile{name, content, commands})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(files) < 10 {
		t.Fatalf("%d files to damage, want more", len(files))
	}
	return files
}

// damage returns a copy of a file with one to four faults.
func damage(rnd *rand.Rand, content []byte) []byte {
	b := bytes.Clone(content)
	for range 1 + rnd.IntN(4) {
		if len(b) > 8 {
			b = faults[rnd.IntN(len(faults))](rnd, b)
		}
	}
	return b
}

// temptations are numbers that make careless readers fail.
var temptations = []uint32{0, 1, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff, 0x00ffffff, 0x10000}

// somewhere picks a place, in the first kilobytes half of the time: there the
// headers are.
func somewhere(rnd *rand.Rand, b []byte) int {
	if n := 4096; rnd.IntN(2) == 0 && len(b) > n {
		return rnd.IntN(n - 8)
	}
	return rnd.IntN(len(b) - 8)
}

var faults = []func(*rand.Rand, []byte) []byte{
	func(rnd *rand.Rand, b []byte) []byte { return b[:rnd.IntN(len(b))] },
	func(rnd *rand.Rand, b []byte) []byte {
		b[somewhere(rnd, b)] ^= 1 << rnd.IntN(8)
		return b
	},
	func(rnd *rand.Rand, b []byte) []byte {
		b[somewhere(rnd, b)] = byte(rnd.Uint32())
		return b
	},
	func(rnd *rand.Rand, b []byte) []byte {
		binary.LittleEndian.PutUint32(b[somewhere(rnd, b):], temptations[rnd.IntN(len(temptations))])
		return b
	},
	func(rnd *rand.Rand, b []byte) []byte {
		binary.LittleEndian.PutUint32(b[somewhere(rnd, b):], uint32(rnd.IntN(len(b))))
		return b
	},
	func(rnd *rand.Rand, b []byte) []byte {
		from, to := somewhere(rnd, b), somewhere(rnd, b)
		copy(b[to:], b[from:min(len(b), from+rnd.IntN(512))])
		return b
	},
	func(rnd *rand.Rand, b []byte) []byte {
		at := somewhere(rnd, b)
		clear(b[at:min(len(b), at+rnd.IntN(4096))])
		return b
	},
}

// survives runs a command within its limits.
func survives(t *testing.T, args []string, size int64) bool {
	t.Helper()
	const (
		patience = 30 * time.Second
		own      = 48 << 20
		factor   = 48 // of what was ever allocated, JSON of all streams included
	)
	watch := time.AfterFunc(patience, func() { panic("handletrace " + strings.Join(args, " ") + " does not end") })
	defer watch.Stop()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var errs bytes.Buffer
	status := run(context.Background(), args, bytes.NewReader(nil), io.Discard, &errs)
	runtime.ReadMemStats(&after)
	if used := int64(after.TotalAlloc - before.TotalAlloc); used > factor*size+own {
		t.Errorf("%q: %d bytes allocated for a file of %d", args, used, size)
		return false
	}
	if status == exitFailed && errs.Len() == 0 {
		t.Errorf("%q: failed without a word", args)
		return false
	}
	return true
}
