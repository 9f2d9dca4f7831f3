package main

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
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
