package minidump_test

import (
	"fmt"
	"github.com/handletrace/handletrace/minidump"
	"os"
	"runtime"
	"testing"
	"time"
)

func TestZZMake(t *testing.T) {
	if os.Getenv("ZZ") == "" {
		t.Skip()
	}
	os.Remove("/tmp/mdbench/a.dmp")
	if err := inputA.builder().WriteFile("/tmp/mdbench/a.dmp"); err != nil {
		t.Fatal(err)
	}
	l := large{ranges: 300000, bytes: 2 << 30}
	l.builder().WriteFile("/tmp/mdbench/300k.dmp")
}
func TestZZWords(t *testing.T) {
	if os.Getenv("ZZW") == "" {
		t.Skip()
	}
	f, _ := minidump.Open("/tmp/mdbench/a.dmp")
	m, _ := f.Memory()
	var s []minidump.MemoryRange
	for r := range m.Ranges() {
		s = append(s, r)
	}
	a := make([]uint64, 1000000)
	x := uint64(88172645463325252)
	next := func() uint64 { x ^= x << 13; x ^= x >> 7; x ^= x << 17; return x }
	for i := range a {
		q := s[next()%uint64(len(s))]
		a[i] = q.Start + next()%(q.Size/8)*8
	}
	runtime.GC()
	for p := range 12 {
		t0 := time.Now()
		sum := uint64(0)
		for _, v := range a {
			w, err := m.Uint64(v)
			if err != nil {
				t.Fatal(err)
			}
			sum += w
		}
		fmt.Println("go pass", p+1, time.Since(t0), sum)
	}
}
