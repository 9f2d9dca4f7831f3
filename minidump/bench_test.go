package minidump_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/handletrace/handletrace/minidump"
)

// largeDump writes the dump as a sparse file.
func largeDump(t testing.TB, l large) string {
	name := filepath.Join(t.TempDir(), "large.dmp")
	if err := l.builder().WriteFile(name); err != nil {
		t.Fatal(err)
	}
	return name
}

// warm brings the whole file into the page cache.
func warm(b *testing.B, name string) {
	f, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	if _, err := io.Copy(io.Discard, f); err != nil {
		b.Fatal(err)
	}
}

// addresses returns the places that testdata/words.c reads.
func addresses(b *testing.B, m *minidump.Memory, n int) []uint64 {
	var ranges []minidump.MemoryRange
	for r := range m.Ranges() {
		ranges = append(ranges, r)
	}
	seed := uint64(88172645463325252)
	next := func() uint64 {
		seed ^= seed << 13
		seed ^= seed >> 7
		seed ^= seed << 17
		return seed
	}
	list := make([]uint64, n)
	for i := range list {
		r := ranges[next()%uint64(len(ranges))]
		list[i] = r.Start + next()%(r.Size/8)*8
	}
	return list
}

func openMemory(b *testing.B, name string) (*minidump.File, *minidump.Memory) {
	f, err := minidump.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	m, err := f.Memory()
	if err != nil {
		b.Fatal(err)
	}
	return f, m
}

// A million words all over 2 GiB: the first pass after opening meets each page
// of the mapping for the first time. The C program shows what the machine can
// do at that moment.
func BenchmarkWords(b *testing.B) {
	name := largeDump(b, large{ranges: 20000, bytes: 2 << 30})
	warm(b, name)
	f, m := openMemory(b, name)
	list := addresses(b, m, 1000000)
	f.Close()
	b.Run("C", func(b *testing.B) { benchmarkC(b, name) })
	for _, pass := range []string{"first", "second"} {
		b.Run(pass, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				b.StopTimer()
				f, m := openMemory(b, name)
				if pass == "second" {
					readWords(b, m, list)
				}
				runtime.GC()
				b.StartTimer()
				readWords(b, m, list)
				b.StopTimer()
				f.Close()
				b.StartTimer()
			}
		})
	}
}

func readWords(b *testing.B, m *minidump.Memory, list []uint64) {
	for _, a := range list {
		if _, err := m.Uint64(a); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkC(b *testing.B, name string) {
	cc, err := exec.LookPath("cc")
	if err != nil {
		b.Skip("no C compiler")
	}
	words := filepath.Join(b.TempDir(), "words")
	if out, err := exec.Command(cc, "-O2", "-o", words, "testdata/words.c").CombinedOutput(); err != nil {
		b.Skipf("%v: %s", err, out)
	}
	var first, second float64
	for range b.N {
		out, err := exec.Command(words, name).Output()
		if err != nil {
			b.Fatal(err)
		}
		var x, y float64
		if _, err := fmt.Sscan(string(out), &x, &y); err != nil {
			b.Fatal(err)
		}
		first, second = first+x, second+y
	}
	b.ReportMetric(first/float64(b.N), "first-ns")
	b.ReportMetric(second/float64(b.N), "second-ns")
	b.ReportMetric(0, "ns/op")
}

// listAll opens a dump and lists all that is in it, names of 50,000 handles
// included; stream 18 is opened, not gone through.
func listAll(name string) error {
	f, err := minidump.Open(name)
	if err != nil {
		return err
	}
	if _, err := f.Memory(); err != nil {
		return err
	}
	for stream, decode := range decoders {
		if stream == minidump.HandleOperationListStream {
			_, err = f.HandleOperationList()
		} else {
			err = decode(f)
		}
		if err != nil && f.Has(stream) {
			return err
		}
	}
	return f.Close()
}

func BenchmarkList(b *testing.B) {
	name := largeDump(b, inputA)
	warm(b, name)
	b.ReportAllocs()
	for b.Loop() {
		if err := listAll(name); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkListInFreshProcess lets a new process do it each time, as a command
// does, and tells what the fastest took and how much memory of its own it had.
// The process's time is that of its processors, its start included.
func BenchmarkListInFreshProcess(b *testing.B) {
	name := largeDump(b, inputA)
	warm(b, name)
	least := listing{wall: 1 << 62, cpu: 1 << 62}
	for range b.N {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), listEnv+"="+name)
		out, err := cmd.Output()
		if err != nil {
			b.Fatal(err)
		}
		var l listing
		if _, err := fmt.Sscan(string(out), &l.wall, &l.anonymous); err != nil {
			b.Fatal(err)
		}
		least.wall, least.anonymous = min(least.wall, l.wall), max(least.anonymous, l.anonymous)
		least.cpu = min(least.cpu, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
	}
	b.ReportMetric(float64(least.wall), "wall-ns")
	b.ReportMetric(float64(least.cpu), "process-ns")
	b.ReportMetric(float64(least.anonymous), "anonymous-KiB")
	b.ReportMetric(0, "ns/op")
}

// listing is what a process of BenchmarkListInFreshProcess needed.
type listing struct {
	wall, cpu time.Duration
	anonymous int // KiB
}

// listEnv names the dump that a process of BenchmarkListInFreshProcess lists.
const listEnv = "HANDLETRACE_LIST"

func TestMain(m *testing.M) {
	name := os.Getenv(listEnv)
	if name == "" {
		os.Exit(m.Run())
	}
	begin := time.Now()
	if err := listAll(name); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(int64(time.Since(begin)), anonymousMemory())
}

// anonymousMemory returns the process's own memory in KiB; zero where the
// system does not tell.
func anonymousMemory() int {
	status, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(status), "RssAnon:")
	n, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	kib, _ := strconv.Atoi(n)
	return kib
}

func BenchmarkOperations(b *testing.B) {
	name := largeDump(b, large{operations: 200000})
	b.ReportAllocs()
	for b.Loop() {
		f, err := minidump.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		if err := readOperations(f); err != nil {
			b.Fatal(err)
		}
		f.Close()
	}
}

func Benchmark300000Ranges(b *testing.B) {
	name := largeDump(b, large{ranges: 300000, bytes: 2 << 30})
	b.ReportAllocs()
	for b.Loop() {
		f, _ := openMemory(b, name)
		f.Close()
	}
}
