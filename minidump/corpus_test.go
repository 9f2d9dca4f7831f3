package minidump_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/minidump"
)

// facts are what an independent reader found in a dump, in the shape of
// "handletrace info --json".
type facts struct {
	Streams []struct {
		Type uint32
		Size uint32
		RVA  uint32
	}
	System struct {
		Architecture string
		Version      string
		Platform     uint32
	}
	Modules []struct {
		Base      string
		Size      uint32
		Timestamp uint32
		Name      string
		DebugID   string `json:"debug_id"`
		DebugFile string `json:"debug_file"`
	}
	Threads []struct {
		ID        uint32
		Teb       string
		StackBase string `json:"stack_base"`
		StackSize uint32 `json:"stack_size"`
	}
	Memory []struct {
		Base string
		Size uint64
	}
	Handles []struct {
		Handle string
		Type   string
		Name   string
		Access string
		Count  uint32
	}
	Exception *struct {
		ThreadID uint32 `json:"thread_id"`
		Code     string
		Address  string
	}
	ProcessID *uint32 `json:"process_id"`
}

// corpusDumps returns the dumps of the folder that HANDLETRACE_CORPUS names.
func corpusDumps(t testing.TB) []string {
	dir := os.Getenv("HANDLETRACE_CORPUS")
	if dir == "" {
		t.Skip("HANDLETRACE_CORPUS does not name a folder of dumps")
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.dmp"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no dumps in %s (%v)", dir, err)
	}
	return names
}

// The facts agree with those that another reader found, every stream can be
// decoded, and nothing is said against a sound dump.
func TestCorpus(t *testing.T) {
	for _, name := range corpusDumps(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			f, err := minidump.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if b, err := os.ReadFile(strings.TrimSuffix(name, ".dmp") + ".json"); err == nil {
				var want facts
				if err := json.Unmarshal(b, &want); err != nil {
					t.Fatal(err)
				}
				checkFacts(t, f, &want)
			}
			for stream, err := range decodeAll(f) {
				if err != nil && f.Has(stream) {
					t.Errorf("%v: %v", stream, err)
				}
			}
			for _, w := range f.Warnings() {
				t.Errorf("warning: %v", w)
			}
		})
	}
}

func checkFacts(t *testing.T, f *minidump.File, want *facts) {
	checkStreams(t, f, want)
	checkSystem(t, f, want)
	checkModules(t, f, want)
	checkThreads(t, f, want)
	checkMemory(t, f, want)
	checkHandles(t, f, want)
	checkException(t, f, want)
}

func checkStreams(t *testing.T, f *minidump.File, want *facts) {
	got := f.Directory()
	if len(got) != len(want.Streams) {
		t.Errorf("%d streams, want %d", len(got), len(want.Streams))
		return
	}
	for i, d := range got {
		if w := want.Streams[i]; uint32(d.StreamType) != w.Type || d.DataSize != w.Size || d.Rva != w.RVA {
			t.Errorf("stream %d is %+v, want %+v", i, d, w)
		}
	}
}

func checkSystem(t *testing.T, f *minidump.File, want *facts) {
	s, err := f.SystemInfo()
	if err != nil {
		t.Error(err)
		return
	}
	arch := strings.Replace(want.System.Architecture, "x86", "386", 1)
	if s.ProcessorArchitecture.String() != arch || s.Version() != want.System.Version || uint32(s.PlatformID) != want.System.Platform {
		t.Errorf("system %v %v %v, want %+v", s.ProcessorArchitecture, s.Version(), s.PlatformID, want.System)
	}
	pid, ok := f.ProcessID()
	if ok != (want.ProcessID != nil) || ok && pid != *want.ProcessID {
		t.Errorf("process %d, %v", pid, ok)
	}
}

func checkModules(t *testing.T, f *minidump.File, want *facts) {
	got, err := f.Modules()
	if err != nil || len(got) != len(want.Modules) {
		t.Errorf("%d modules, want %d (%v)", len(got), len(want.Modules), err)
		return
	}
	for i := range got {
		m, w := &got[i], &want.Modules[i]
		if m.BaseOfImage != number(t, w.Base) || m.SizeOfImage != w.Size || m.TimeDateStamp != w.Timestamp || m.Name != w.Name {
			t.Errorf("module %d is %+v, want %+v", i, *m, *w)
		}
		if m.DebugID() != w.DebugID {
			t.Errorf("module %q has the debug id %q, want %q", m.Name, m.DebugID(), w.DebugID)
		}
	}
}

func checkThreads(t *testing.T, f *minidump.File, want *facts) {
	got, err := f.Threads()
	if err != nil || len(got) != len(want.Threads) {
		t.Errorf("%d threads, want %d (%v)", len(got), len(want.Threads), err)
		return
	}
	for i := range got {
		g, w := &got[i], &want.Threads[i]
		if g.ThreadID != w.ID || g.Teb != number(t, w.Teb) || g.Stack.StartOfMemoryRange != number(t, w.StackBase) || g.Stack.Memory.DataSize != w.StackSize {
			t.Errorf("thread %d is %+v, want %+v", i, *g, *w)
		}
	}
}

func checkMemory(t *testing.T, f *minidump.File, want *facts) {
	list, err := f.MemoryList()
	if err != nil || len(list) != len(want.Memory) {
		t.Errorf("%d ranges of memory, want %d (%v)", len(list), len(want.Memory), err)
		return
	}
	m, err := f.Memory()
	if err != nil {
		t.Error(err)
		return
	}
	for i, r := range list {
		if r.StartOfMemoryRange != number(t, want.Memory[i].Base) || uint64(r.Memory.DataSize) != want.Memory[i].Size {
			t.Errorf("range %d is %+v, want %+v", i, r, want.Memory[i])
		}
		b := make([]byte, r.Memory.DataSize)
		if n, err := m.Read(r.StartOfMemoryRange, b); err != nil {
			t.Errorf("range %d: %d bytes of %d are read: %v", i, n, len(b), err)
		}
	}
}

func checkHandles(t *testing.T, f *minidump.File, want *facts) {
	h, err := f.HandleData()
	if err != nil {
		if len(want.Handles) > 0 {
			t.Error(err)
		}
		return
	}
	if h.Len() != len(want.Handles) {
		t.Errorf("%d handles, want %d", h.Len(), len(want.Handles))
		return
	}
	for i, d := range h.All() {
		w := want.Handles[i]
		if d.Handle != number(t, w.Handle) || d.TypeName != w.Type || d.ObjectName != w.Name || uint64(d.GrantedAccess) != number(t, w.Access) || d.HandleCount != w.Count {
			t.Errorf("handle %d is %+v, want %+v", i, d, w)
		}
	}
}

func checkException(t *testing.T, f *minidump.File, want *facts) {
	got, err := f.Exceptions()
	if want.Exception == nil {
		return
	}
	if err != nil {
		t.Error(err)
		return
	}
	e, w := &got[0], want.Exception
	if e.ThreadID != w.ThreadID || uint64(e.ExceptionCode) != number(t, w.Code) || e.ExceptionAddress != number(t, w.Address) {
		t.Errorf("exception %+v, want %+v", *e, *w)
	}
}

func number(t *testing.T, s string) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(s, 0, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
