package symbols_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/handletrace/handletrace/callstack"
	"github.com/handletrace/handletrace/symbols"
)

// table is a source of one's own: the names of some RVAs.
type table struct {
	names  map[uint32]string
	source callstack.Source
	closed *atomic.Int32
}

func (s table) Frames(rva uint32) []symbols.Frame {
	start := rva &^ 0xff
	name, ok := s.names[start]
	if !ok {
		return nil
	}
	return []symbols.Frame{
		{Function: "inlined", FunctionStart: uint64(start), File: "a.c", Line: 3, Inlined: true, Source: s.source},
		{Function: name, FunctionStart: uint64(start), Offset: uint64(rva - start), Source: s.source},
	}
}

func (s table) Close() error { s.closed.Add(1); return nil }

// opens counts how often it was asked.
type opens struct {
	symbols.Source
	err   error
	count *atomic.Int32
}

func (o opens) Open(context.Context, *symbols.Target) (symbols.Source, error) {
	o.count.Add(1)
	return o.Source, o.err
}

var twoModules = fake{modules: []symbols.Module{
	{Base: 0x10000, Size: 0x2000, Path: `C:\app\first.exe`},
	{Base: 0x20000, Size: 0x1000, Path: `C:\app\second.dll`},
	{Base: 0x30000, Size: 0x1000, Path: `old.dll`, Unloaded: true},
}}

// The first source that knows an address names it; those behind it are opened
// only for what it does not know, once, and all are closed.
func TestOrderOfSources(t *testing.T) {
	var count [3]atomic.Int32
	var closed atomic.Int32
	r, err := symbols.New(twoModules, symbols.Options{Openers: []symbols.Opener{
		opens{err: &symbols.MismatchError{Path: "first.pdb", Found: strings.Repeat("A", 32) + "3", Want: strings.Repeat("a", 32) + "2"}, count: &count[0]},
		opens{Source: table{map[uint32]string{0x100: "one"}, callstack.DWARF, &closed}, count: &count[1]},
		opens{Source: table{map[uint32]string{0x100: "_Z3twov", 0x200: "_Z5threev"}, callstack.COFF, &closed}, count: &count[2]},
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := []symbols.Frame{
		{Address: 0x10110, Module: "first.exe", Function: "inlined", FunctionStart: 0x10100, File: "a.c", Line: 3, Inlined: true, Source: callstack.DWARF},
		{Address: 0x10110, Module: "first.exe", Function: "one", FunctionStart: 0x10100, Offset: 0x10, Source: callstack.DWARF},
	}
	for range 2 {
		if got := r.Frames(0x10110); !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	if n := count[2].Load(); n != 0 {
		t.Errorf("the last was opened %d times for what the one before knew", n)
	}
	got := r.FramesAt(0x10200)
	if len(got) != 2 || got[1].Function != "three" || got[1].Symbol != "_Z5threev" || got[1].Offset != 0 || got[1].Address != 0x10200 {
		t.Errorf("got %v", got)
	}
	if got := r.Frames(0x10301); len(got) != 1 || got[0].String() != "first+0x301" {
		t.Errorf("got %v", got)
	}
	for i := range count {
		if n := count[i].Load(); n != 1 {
			t.Errorf("opener %d was asked %d times", i, n)
		}
	}
	var states []string
	for s := range r.Modules() {
		states = append(states, s.Module.Name()+": "+s.String())
	}
	wantStates := []string{
		"first.exe: symbols of another kind: no matching PDB (found age 3, want 2): first.pdb",
		"second.dll: not asked for",
		"old.dll: unloaded",
	}
	if !slices.Equal(states, wantStates) {
		t.Errorf("got %q, want %q", states, wantStates)
	}
	if err := r.Close(); err != nil || closed.Load() != 2 {
		t.Errorf("%d closed, error %v", closed.Load(), err)
	}
}

func TestMismatchError(t *testing.T) {
	e := &symbols.MismatchError{Path: "a.exe", Found: "63E6C7F78000", Want: "63E6C7F79000"}
	if got := e.Error(); got != "no matching file (found 63E6C7F78000, want 63E6C7F79000): a.exe" {
		t.Errorf("got %s", got)
	}
}

// slow is a source that takes as long to open as the test wants.
type slow struct {
	symbols.Source
	begun chan string
}

func (s slow) Open(ctx context.Context, t *symbols.Target) (symbols.Source, error) {
	s.begun <- t.Name()
	<-ctx.Done()
	return nil, ctx.Err()
}

// A batch opens its modules side by side and can be cut off; what was cut off
// is asked for again later.
func TestBatchCancelled(t *testing.T) {
	begun := make(chan string, 10)
	r, err := symbols.New(twoModules, symbols.Options{Openers: []symbols.Opener{slow{begun: begun}}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		names := []string{<-begun, <-begun}
		slices.Sort(names)
		if !slices.Equal(names, []string{"first.exe", "second.dll"}) {
			t.Errorf("opened %v", names)
		}
		cancel()
	}()
	frames, err := r.Resolve(ctx, []uint64{0x10010, 0x20010, 5})
	if !errors.Is(err, context.Canceled) || len(frames) != 3 || frames[0] != nil {
		t.Errorf("%v, error %v", frames, err)
	}
	for s := range r.Modules() {
		if s.State != symbols.StateNotAsked && s.State != symbols.StateUnloaded {
			t.Errorf("%s is %s", s.Module.Name(), s)
		}
	}
	f, err := r.FramesContext(ctx, 0x10010)
	if !errors.Is(err, context.Canceled) || len(f) != 1 || f[0].String() != "first+0x10" {
		t.Errorf("%v, error %v", f, err)
	}
}

// A batch answers as one look-up after the other does, in the order asked,
// however little is kept and however many ask.
func TestBatch(t *testing.T) {
	_, want := openStory(t)
	addresses := []uint64{0x140001000, 1, 0}
	for i := range uint64(3000) {
		addresses = append(addresses, 0x140001000+i*7919%0x9000)
	}
	for m := range want.Modules() {
		for off := uint64(0x1000); off < min(m.Module.Size, 0x9000); off += 0x123 {
			addresses = append(addresses, m.Module.Base+off)
		}
	}
	f, _ := openStory(t)
	r, err := symbols.New(symbols.FromDump(f), symbols.Options{CacheBytes: 4096, Directories: []string{labPDBs}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	withPDBs, err := symbols.New(symbols.FromDump(f), symbols.Options{Directories: []string{labPDBs}})
	if err != nil {
		t.Fatal(err)
	}
	defer withPDBs.Close()
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			for _, at := range []bool{true, false} {
				resolve, one := r.Resolve, withPDBs.Frames
				if at {
					resolve, one = r.ResolveAt, withPDBs.FramesAt
				}
				got, err := resolve(t.Context(), addresses)
				if err != nil {
					t.Error(err)
					return
				}
				for i, a := range addresses {
					if w := one(a); !reflect.DeepEqual(got[i], w) {
						t.Errorf("%#x: %v, want %v", a, got[i], w)
						return
					}
				}
			}
		})
	}
	all.Wait()
}

const labPDBs = "../testdata/handlelab/x64"

// regions is a process that knows where code was made at run time.
type regions struct{ fake }

func (regions) IsGeneratedCode(addr uint64) bool { return addr >= 0x50000 && addr < 0x51000 }

func TestGeneratedCode(t *testing.T) {
	r, err := symbols.New(regions{twoModules}, symbols.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[uint64]bool{0x50000: false, 0x50001: true, 0x51000: true, 0x51001: false, 0x10010: false} {
		if f := r.Frames(address); len(f) != 1 || f[0].Generated != want || f[0].Address != address {
			t.Errorf("%#x: %+v", address, f)
		}
	}
	if f := r.FramesAt(0x50000); len(f) != 1 || !f[0].Generated {
		t.Errorf("%v", f)
	}
	if f := r.FramesAt(0x60000); f != nil {
		t.Errorf("%v", f)
	}
}

func TestNegativeCache(t *testing.T) {
	if _, err := symbols.New(twoModules, symbols.Options{CacheBytes: -1}); err == nil {
		t.Error("a negative bound was accepted")
	}
}

func ExampleOpener() {
	process := fake{modules: []symbols.Module{{Base: 0x10000, Size: 0x2000, Path: "jit.bin"}}}
	mine := symbols.OpenerFunc(func(_ context.Context, t *symbols.Target) (symbols.Source, error) {
		if t.Name() != "jit.bin" {
			return nil, symbols.ErrNoSource
		}
		return table{map[uint32]string{0x100: "script:12"}, "jit", new(atomic.Int32)}, nil
	})
	r, err := symbols.New(process, symbols.Options{Openers: append([]symbols.Opener{mine}, symbols.DefaultOpeners()...)})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	for _, f := range r.Frames(0x10120) {
		fmt.Println(f)
	}
	// Output:
	// jit!inlined
	// jit!script:12+0x20
}
