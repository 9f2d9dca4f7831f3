package htrace

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// printed is a printed operation with its frames, each "address module!function".
func printed(handle uint64, op string, process uint32, frames ...string) string {
	var b strings.Builder
	b.WriteString(header32(handle, op, process))
	for _, f := range frames {
		addr, name, _ := strings.Cut(f, " ")
		switch {
		case name == "":
			name = "+0x" + addr
		case !strings.Contains(name, "+"):
			name += "+0x10"
		}
		fmt.Fprintf(&b, "0x%s: %s\n", addr, name)
	}
	return b.String()
}

// threadStart is the outer end of every stack.
var threadStart = []string{"77be36d6 kernel32!BaseThreadInitThunk", "77c9883c ntdll!_RtlUserThreadStart"}

func createEvent(callers ...string) []string {
	return slices.Concat([]string{"77ca310c ntdll!NtCreateEvent", "75e68ad9 KERNELBASE!CreateEventW"}, callers, threadStart)
}

func closeHandle(callers ...string) []string {
	return slices.Concat([]string{"77ca2d3c ntdll!NtClose", "75e87772 KERNELBASE!CloseHandle"}, callers, threadStart)
}

// What a few operations cut out of a trace leave open is told, for somebody
// thought it worth showing, but for what the system keeps for itself.
func TestFragment(t *testing.T) {
	const cut = "...\n"
	loader := []string{"77c70000 ntdll!NtOpenFile", "77c45c90 ntdll!LdrpMapResourceFile", "77c4ea56 ntdll!RtlFindMessage", "00401000 app!Report"}
	wow64 := append([]string{"5e1c8322 ", "5ddd2d15 ", "776a1783 "}, "77ca310c ntdll!NtOpenThread", "75e68ad9 KERNELBASE!OpenThread")
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"two stay open, one is closed",
			cut + printed(0x3c, "OPEN", 0x10, createEvent("00401050 app!Make+0x50")...) + printed(0x34, "CLOSE", 0x10, closeHandle("00401080 app!Make+0x80")...) +
				printed(0x34, "OPEN", 0x10, createEvent("00401060 app!Make+0x60")...) + printed(0x38, "OPEN", 0x10, createEvent("00401070 app!Make+0x70")...),
			[]string{"leak possible app!Make+0x50 2"}},
		{"what the loader keeps", cut + printed(0x664, "OPEN", 0x10, loader...), nil},
		{"a stack too short for its caller", cut + printed(0x244, "OPEN", 0x10, wow64...), []string{"leak possible KERNELBASE!OpenThread+0x10 1"}},
		{"code in no module that calls the system", cut + printed(0x114, "OPEN", 0x10, createEvent("00101991 ", "00101b78 ")...), []string{"leak possible 0x101991 1"}},
		{"the last that the system has on a stack is the thread's start", cut + printed(0x114, "OPEN", 0x10, createEvent()...), []string{"leak possible KERNELBASE!CreateEventW+0x10 1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := textVerdicts(t, c.text); !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// Handles that another process puts into this one are that process's leak, and
// its code is not named by this one's symbols.
func TestLeakFromOutside(t *testing.T) {
	var b strings.Builder
	for i := range uint64(4) {
		b.WriteString(printed(0x100+4*i, "OPEN", 0x20, "77ca310c ntdll!NtDuplicateObject", "00401000 app!Innocent"))
		b.WriteString(printed(0x10, "CLOSE", 0x10, closeHandle("00402000 app!Work")...) + printed(0x10, "OPEN", 0x10, createEvent("00402010 app!Work")...))
	}
	b.WriteString(footer(12))
	got := Analyze(read(t, b.String()).Trace, AnalyzeOptions{})
	if len(got) != 1 || got[0].Rule != Leak || got[0].Count != 4 || got[0].Where != (Frame{}) || !strings.Contains(got[0].Message, "process 0x20") {
		t.Errorf("%+v", got)
	}
}

// A stack that the kernel's and WoW64's frames have used up says so.
func TestLostFramesAreTold(t *testing.T) {
	text := printed(0x244, "OPEN", 0x10, "5e1c8322 ", "5ddd2d15 ", "776a1783 ", "77ca310c ntdll!NtOpenThread", "75e68ad9 KERNELBASE!OpenThread")
	read := read(t, text)
	got := Analyze(read.Trace, AnalyzeOptions{Code: read})
	if len(got) != 1 || len(got[0].Caveats) == 0 || !strings.HasPrefix(got[0].Caveats[0], "3 of the 5 frames recorded") {
		t.Errorf("%+v", got)
	}
}

func textVerdicts(t *testing.T, text string) []string {
	t.Helper()
	got := read(t, text)
	var list []string
	for _, f := range Analyze(got.Trace, AnalyzeOptions{Code: got}) {
		list = append(list, fmt.Sprintf("%s %v %v %d", f.Rule, f.Confidence, f.Where, f.Count))
	}
	return list
}

// TestConclusions holds the analysis of real transcripts against what their
// authors concluded.
func TestConclusions(t *testing.T) {
	dir := os.Getenv("HANDLETRACE_TRANSCRIPTS")
	if dir == "" {
		t.Skip("HANDLETRACE_TRANSCRIPTS names no folder")
	}
	rules := map[string]Rule{
		"balanced": "", "none_singleton": "", "use_after_close": UseAfterClose, "double_close": DoubleClose,
		"leak": Leak, "leak_injected": Leak, "leak_claimed": Leak,
	}
	for _, row := range transcriptIndex(t, dir) {
		rule, ok := rules[row["truth"]]
		if !ok {
			t.Errorf("%s: unknown truth %q", row["file"], row["truth"])
		}
		text, err := os.ReadFile(filepath.Join(dir, row["file"]))
		if err != nil {
			t.Fatal(err)
		}
		got := read(t, string(text))
		accused := make(map[uint64]bool)
		for _, f := range Analyze(got.Trace, AnalyzeOptions{Code: got}) {
			if f.Rule != rule {
				t.Errorf("%s: %s of %#x, but the author concluded %q", row["file"], f.Rule, f.Value, row["truth"])
			}
			accused[f.Value] = true
			for _, op := range f.Related {
				accused[op.Value()] = true
			}
		}
		for h := range strings.SplitSeq(row["handles"], ",") {
			if v, err := strconv.ParseUint(h, 0, 64); err == nil && rule != "" && !accused[v] {
				t.Errorf("%s: no %s of %s", row["file"], rule, h)
			}
		}
	}
}
