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
	"strings"
	"testing"

	"github.com/handletrace/handletrace/minidump"
)

// A damaged dump gives a result or an error that says what is wrong: no panic,
// and no more memory than four times the file's size.
func TestDamagedDumps(t *testing.T) {
	whole, err := os.ReadFile(labDump(t, "handlelab-x64"))
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(2026, 11))
	path := filepath.Join(t.TempDir(), "damaged.dmp")
	t.Run("cut", func(t *testing.T) {
		for range 200 {
			n := rnd.IntN(len(whole))
			tryDamaged(t, path, whole[:n], n)
		}
	})
	t.Run("flipped", func(t *testing.T) {
		// The streams' own bytes are few among those of the memory: every
		// other flip is among them.
		const streams = 1 << 18
		damaged := make([]byte, len(whole))
		for i := range 2000 {
			copy(damaged, whole)
			at := rnd.IntN(len(whole))
			if i%2 == 0 {
				at = rnd.IntN(streams)
			}
			damaged[at] ^= byte(1 + rnd.IntN(255))
			tryDamaged(t, path, damaged, at)
		}
	})
}

func tryDamaged(t *testing.T, path string, dump []byte, at int) {
	t.Helper()
	if err := os.WriteFile(path, dump, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"analyze", "--format", "json", path}, {"info", path}} {
		var before, after runtime.MemStats
		var errs bytes.Buffer
		runtime.ReadMemStats(&before)
		status := run(context.Background(), args, nil, io.Discard, &errs)
		runtime.ReadMemStats(&after)
		// All that was ever allocated bounds what was held at any time. What
		// a small file costs is the program's own need.
		const own = 8 << 20
		if used := after.TotalAlloc - before.TotalAlloc; used > 4*uint64(len(dump))+own {
			t.Errorf("%s, damaged at %d: %d bytes allocated for a file of %d", args[0], at, used, len(dump))
		}
		if status == exitFailed && !strings.Contains(errs.String(), "damaged.dmp") {
			t.Errorf("%s, damaged at %d: the error does not name the file: %q", args[0], at, errs.String())
		}
	}
}

// A broken list of modules costs the names of the code, not the findings.
func TestDamagedModuleList(t *testing.T) {
	dump, err := os.ReadFile(labDump(t, "handlelab-x64"))
	if err != nil {
		t.Fatal(err)
	}
	const directory, entry = 12, 12 // offset of the directory's place, bytes of an entry
	streams := binary.LittleEndian.Uint32(dump[8:])
	at := binary.LittleEndian.Uint32(dump[directory:])
	for range streams {
		if binary.LittleEndian.Uint32(dump[at:]) == uint32(minidump.ModuleListStream) {
			binary.LittleEndian.PutUint32(dump[at+4:], 2)
		}
		at += entry
	}
	path := filepath.Join(t.TempDir(), "modules.dmp")
	if err := os.WriteFile(path, dump, 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := commandBoth(t, exitFound, "analyze", path)
	if !strings.Contains(out, "stolen-close") || !strings.Contains(out, "modules could not be read") {
		t.Errorf("output:\n%s", out)
	}
	if _, errs := commandBoth(t, exitClean, "symbolize", path, "1000"); !strings.Contains(errs, "ModuleList") {
		t.Errorf("no warning: %q", errs)
	}
}
