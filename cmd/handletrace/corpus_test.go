package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/handletrace/handletrace/report"
)

// corpusVariable names a folder of real minidumps, each with a .json beside it
// that holds the facts which an independent reader found.
const corpusVariable = "HANDLETRACE_CORPUS"

// facts are the parts of info --json that the corpus gives.
type facts struct {
	System struct {
		Architecture string `json:"architecture"`
		Version      string `json:"version"`
		Platform     uint32 `json:"platform"`
	} `json:"system"`
	Streams []struct {
		Type, Size, Rva uint32
	} `json:"streams"`
	Modules []struct {
		Base      string `json:"base"`
		Size      uint32 `json:"size"`
		Timestamp uint32 `json:"timestamp"`
		Name      string `json:"name"`
		DebugID   string `json:"debug_id"`
		DebugFile string `json:"debug_file"`
	} `json:"modules"`
	Threads []struct {
		ID        uint32 `json:"id"`
		Teb       string `json:"teb"`
		StackBase string `json:"stack_base"`
		StackSize uint32 `json:"stack_size"`
	} `json:"threads"`
	Memory    []report.InfoMemory `json:"memory"`
	Handles   []report.InfoHandle `json:"handles"`
	Exception struct {
		ThreadID uint32 `json:"thread_id"`
		Code     string `json:"code"`
		Address  string `json:"address"`
	} `json:"exception"`
	ProcessID uint32 `json:"process_id"`
}

func TestInfoOverCorpus(t *testing.T) {
	folder := os.Getenv(corpusVariable)
	if folder == "" {
		t.Skipf("%s names no folder of dumps", corpusVariable)
	}
	dumps, err := filepath.Glob(filepath.Join(folder, "*.dmp"))
	if err != nil || len(dumps) == 0 {
		t.Fatalf("no dumps in %s (%v)", folder, err)
	}
	for _, name := range dumps {
		t.Run(filepath.Base(name), func(t *testing.T) { compareInfo(t, name) })
	}
}

func compareInfo(t *testing.T, name string) {
	text, err := os.ReadFile(strings.TrimSuffix(name, ".dmp") + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var want, got facts
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	out := command(t, exitClean, "info", "--json", name)
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	// Where the memory lies in the address space is the same however the file
	// orders it.
	byBase := cmpopts.SortSlices(func(a, b report.InfoMemory) bool { return a.Base < b.Base })
	if diff := cmp.Diff(want, got, byBase, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("the independent reader (-) and info --json (+) differ:\n%s", diff)
	}
	var all report.Info
	if err := json.Unmarshal([]byte(out), &all); err != nil {
		t.Fatal(err)
	}
	if len(all.Warnings) > 0 {
		t.Errorf("warnings about a sound dump: %q", all.Warnings)
	}
}
