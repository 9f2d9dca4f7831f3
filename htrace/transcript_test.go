package htrace

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
)

func read(t testing.TB, text string) *Transcript {
	t.Helper()
	got, err := ReadTranscript(strings.NewReader(text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkTranscript(t, got)
	return got
}

// header32 is the start of an entry of 32-bit user mode.
func header32(handle uint64, op string, pid uint32) string {
	return fmt.Sprintf("%sHandle = 0x%08x - %s\nThread ID = 0x00000170, Process ID = 0x%08x\n\n", ruleText, handle, op, pid)
}

func footer(n int) string {
	return fmt.Sprintf("%s\nParsed 0x%X stack traces.\nDumped 0x%X stack traces.\n", ruleText, n, n)
}

// TestTranscriptFrames reads one frame in many spellings.
func TestTranscriptFrames(t *testing.T) {
	for line, want := range map[string]string{
		"0x00401005: a!b+0x00000005":                              "0x401005 a!b+0x5",
		"0x00401005: a!b+0x00000005 <- see c!d+0x00000007":        "0x401005 a!b+0x5",
		"0x00401005: a!b+0x00000005  see c!d+0x7":                 "0x401005 a!b+0x5",
		"0x00401005: a!b+0x00000005\tthis is it":                  "0x401005 a!b+0x5",
		"0x00401005: a!b+0x00000005 this is it":                   "0x401005 a!b+0x5",
		"0x00401005: a!b<&c+0x00000010>::d+0x00000005":            "0x401005 a!b<&c+0x00000010>::d+0x5",
		"0x00401005: a!operator!=+0x00000005":                     "0x401005 a!operator!=+0x5",
		"0x00401005: a!b":                                         "0x401005 a!b",
		"0x00401005: a!b <--- here":                               "0x401005 a!b",
		"0x00401005: a+0x00001005":                                "0x401005 a+0x1005",
		"0x00401005: +0x00401005":                                 "0x401005 0x401005",
		"0x00401005:":                                             "0x401005 0x401005",
		"0X00401005 : A ! B + 0X00000005":                         "0x401005 A!B+0x5",
		"0x00401005: a!b+0x00000005 [c:\\x y\\z.cpp @ 12]":        "0x401005 a!b+0x5 [c:\\x y\\z.cpp:12]",
		"0x00401005: a!b+0x00000005 [c:\\z.cpp @ 12]  <-- here":   "0x401005 a!b+0x5 [c:\\z.cpp:12]",
		"0x00401005: a!b+0x00000005 [here]":                       "0x401005 a!b+0x5",
		"0x00401005: a!b+0x00000005--------------------------":    "0x401005 a!b+0x5",
		"0x00401005: a!`anonymous namespace'::b+0x00000005":       "0x401005 a!`anonymous namespace'::b+0x5",
		"0x00401005: a!std::vector<b>::c+0x00000005":              "0x401005 a!std::vector<b>::c+0x5",
		"0x00401005: a!std::vector&lt;b&gt;::c&#x2b;0x00000005":   "0x401005 a!std::vector<b>::c+0x5",
		"0x00401005: a!b&amp;lt;c&amp;gt;+0x00000005":             "0x401005 a!b<c>+0x5",
		"0x00401005: a!b<c&,d&&>+0x00000005":                      "0x401005 a!b<c&,d&&>+0x5",
		"0x00401005: a!größe+0x00000005":                          "0x401005 a!größe+0x5",
		"## 0x00401005: a!b+0x00000005":                           "0x401005 a!b+0x5",
		"<b>0x00401005</b>: a!<i>b</i>+0x00000005<br>":            "0x401005 a!b+0x5",
		"0x00000000`00401005: a!b+0x00000000`00000005":            "0x401005 a!b+0x5",
		"(Inline Function): a!c+0x3\n0x00401005: a!b+0x00000005":  "0x401005 a!c+0x3 (inlined)\n\t0x401005 a!b+0x5",
		"(Inline) -------- : a!c+0x3\n0x00401005: a!b+0x00000005": "0x401005 a!c+0x3 (inlined)\n\t0x401005 a!b+0x5",
		// None of these is a frame.
		"00 0012ff7c 00401657 a!b+0x47":      "",
		"0012ff7c 00401657 a!b+0x47":         "",
		"0x00401005 a!b+0x00000005":          "",
		"0x00401005: not used":               "",
		"0x00401005: see a+0x5 there: yes":   "",
		"0x00401005: !b+0x00000005":          "",
		"0x00000000000401005: a!b+0x5":       "",
		"0xQQQQQQQQ: a!b+0x00000005":         "",
		"0x: a!b+0x00000005":                 "",
		"00401005: a!b+0x00000005":           "",
		"7794433c cc              int     3": "",
	} {
		got := describe(read(t, header32(4, "OPEN", 1)+line+"\n"+footer(1)))
		if want != "" {
			want = "\t" + want + "\n"
		}
		if want = "open 0x4 thread 0x170 process 0x1\n" + want; got != want {
			t.Errorf("%s:\n got %q\nwant %q", line, got, want)
		}
	}
}

// TestTranscriptHeaders reads one header in many spellings.
func TestTranscriptHeaders(t *testing.T) {
	for line, want := range map[string]Kind{
		"Handle = 0x00000b08 - OPEN":                           KindOpen,
		"handle = 0x00000B08 - close":                          KindClose,
		"Handle 0xB08 - OPEN:":                                 KindOpen,
		"Handle 0xB08 - OPEN":                                  KindOpen,
		"Handle 0xB08 - BAD REFERENCE:":                        KindBadReference,
		"Handle = 0x00000b08 - *** BAD REFERENCE ***":          KindBadReference,
		"Handle = 0x00000b08 - BADREF":                         KindBadReference,
		"Handle = 0x00000b08 - BAD REF":                        KindBadReference,
		"Handle = 0x00000b08 - BAD_REFERENCE":                  KindBadReference,
		"Handle = 0x00000b08 — CLOSE":                          KindClose,
		"Handle = 0x00000b08 − CLOSE":                          KindClose,
		"Handle=0x00000b08-CLOSE":                              KindClose,
		"**Handle = 0x00000b08 - CLOSE**":                      KindClose,
		"# Handle = 0x00000b08 - CLOSE":                        KindClose,
		"Handle = 0x00000b08 - CLOSE\\":                        KindClose,
		"Handle = 0x00000b08 - CLOSE    <--- the first":        KindClose,
		"Handle = 0x00000b08 - CLOSE (first)":                  KindClose,
		"Handle = 0x00000000`00000b08 - CLOSE":                 KindClose,
		"Handle = 0x00000b08 -\nCLOSE":                         KindClose,
		"Handle = 0x00000b08\n- CLOSE":                         KindClose,
		"Handle =\n0x00000b08 - CLOSE":                         KindClose,
		"Handle = 0x00000b08 - *** BAD\nREFERENCE ***":         KindBadReference,
		"Handle = 0x00000b08 - *** BAD REFERENCE\n***":         KindBadReference,
		"Handle = 0x00000b08 - CL\nOSE":                        KindClose,
		"0:000> Handle = 0x00000b08 - CLOSE":                   KindClose,
		"--------------------Handle = 0x00000b08 - CLOSE":      KindClose,
		"Handle 0xB08 - OPENED by us":                          0,
		"Handle 0xB08 - the OPEN":                              0,
		"Handle = 0xQQQQQQQQ - OPEN":                           0,
		"Handle = 0x00000b08 - ":                               0,
		"Handle = 0x00000b08 - REOPEN":                         0,
		"Handle b08 - OPEN":                                    0,
		"Handle = 0x12345678123456781 - OPEN":                  0,
		"The Handle = 0x00000b08 - OPEN":                       0,
		"Handle = 0x00000b08 - CLOSE was printed":              0,
		"Handle = 0x00000b08 - BAD\n0x00401005: a!b+0x0000005": 0,
	} {
		got, err := ReadTranscript(strings.NewReader(line+"\n"), Options{})
		switch {
		case want == 0 && err == nil:
			t.Errorf("%s: %s", line, describe(got))
		case want != 0 && (err != nil || got.Trace.Operations[0].Kind != want || got.Trace.Operations[0].Handle != 0xb08):
			t.Errorf("%s: %v, %v", line, got, err)
		}
	}
}

// TestTranscriptThreads reads one thread line in many spellings.
func TestTranscriptThreads(t *testing.T) {
	for line, want := range map[string]struct {
		thread, process uint32
		broken          int
	}{
		"Thread ID = 0x00000170, Process ID = 0x00000228":                 {0x170, 0x228, 0},
		"thread id = 0x170 , process id = 0x228":                          {0x170, 0x228, 0},
		"Thread ID = 0x0000000000000170, Process ID = 0x0000000000000228": {0x170, 0x228, 0},
		"Thread ID = 0x00000170,\nProcess ID = 0x00000228":                {0x170, 0x228, 0},
		"Thread\nID = 0x00000170, Process ID = 0x00000228":                {0x170, 0x228, 0},
		"Thread ID = 0x00000170, Process ID = 0x\n00000228":               {0x170, 0x228, 0},
		"Thread ID = 0x00000170, Process ID = 0x00\n000228":               {0x170, 0x228, 0},
		"Thread ID = 0x00000170, Process ID = 0x00000228 <-- ours":        {0x170, 0x228, 0},
		"Thread ID = 0xQQQQQQQQ, Process ID = 0x00000228":                 {0, 0x228, 1},
		"Thread ID = 0x00000170, Process ID = 0xQQ":                       {0x170, 0, 1},
		"Thread ID = 0x00000170":                                          {0x170, 0, 1},
		"Thread ID = 0x00000170, Thread ID = 0x00000171":                  {0x170, 0, 1},
		"Thread ID = 0x1000000000, Process ID = 0x00000228":               {0, 0x228, 1},
		"Thread             92":                                           {0, 0, 0},
		"Thread Id   51c0.85a4":                                           {0, 0, 0},
	} {
		got := read(t, "Handle = 0x00000b08 - OPEN\n"+line+"\n\n0x00401005: a!b+0x00000005\n"+footer(1))
		op := got.Trace.Operations[0]
		if op.ThreadID != want.thread || op.ProcessID != want.process || got.Counts.Broken != want.broken || len(op.Stack) != 1 {
			t.Errorf("%s: %+v, %+v", line, op, got.Counts)
		}
	}
}

// TestTranscriptPrompts tells prompts from other lines.
func TestTranscriptPrompts(t *testing.T) {
	for line, want := range map[string]lineKind{
		"0:007>": linePrompt, "0:000> k": linePrompt, "kd>": linePrompt, "lkd> !process": linePrompt, "0: kd> r": linePrompt,
		"16.0: kd:x86> k": linePrompt, "||0:1:003> ~*": linePrompt, "0:000:x86> kb": linePrompt, "1:003:ARM64EC> k": linePrompt,
		"0:000> !htrace": lineCommand, "kd> !kdexts.htrace 7cc 81400300": lineCommand, "0:000> .echo x; !HTRACE -diff; g": lineCommand,
		"!htrace": lineCommand, "!htrace -diff": lineCommand, "!htrace 0n2824 10": lineCommand,
		"!htrace is the command": lineOther, "!htraceX": lineOther, "!handle": lineOther, "0: foo>": lineOther, "abc>": lineOther,
		"0x77> a": lineOther, "key> a": lineOther, "10:30 <b> x": lineOther,
	} {
		var r record
		if classify([]byte(line), &r); r.kind != want {
			t.Errorf("%s: kind %d, want %d", line, r.kind, want)
		}
	}
}

// TestTranscriptCommands checks what commands ask for.
func TestTranscriptCommands(t *testing.T) {
	for args, want := range map[string]command{
		"":             {known: true},
		"0":            {known: true, count: 1},
		"b08":          {known: true, filter: true, handle: 0xb08, count: 1},
		"0xb08 10":     {known: true, filter: true, handle: 0xb08, count: 2},
		"0n2824":       {known: true, filter: true, handle: 2824, count: 1},
		"@eax":         {known: true, filter: true, count: 1},
		"-diff":        {known: true, diff: true, count: 1},
		"-enable 1000": {known: true, count: 2},
	} {
		if got := readCommand([]byte(args)); got != want {
			t.Errorf("%s: %+v, want %+v", args, got, want)
		}
	}
}

// TestTranscriptPrints checks which of several prints count.
func TestTranscriptPrints(t *testing.T) {
	entry := func(handle uint64, op string) string {
		return header32(handle, op, 0x228) + "0x00401005: a!b+0x00000005\n"
	}
	foreign := func(handle uint64) string { return header32(handle, "OPEN", 0x999) + "0x00401005: a!b+0x00000005\n" }
	displayed := func(n int) string {
		return fmt.Sprintf("%sDisplayed 0x%x stack traces for outstanding handles opened since the previous snapshot.\n", ruleText, n)
	}
	const command, diff = "0:000> !htrace\n", "0:000> !htrace -diff\nOutstanding handles opened since the previous snapshot:\n"
	for _, c := range []struct {
		name, text string
		want       string // kinds and handles in stored order
		check      func(*Transcript) bool
	}{
		{"the last whole print", command + entry(4, "OPEN") + footer(1) + command + entry(4, "CLOSE") + entry(4, "OPEN") + footer(2),
			"close 4, open 4", func(g *Transcript) bool { return g.Parsed.Value == 2 && !g.Cut }},
		{"without commands", entry(4, "OPEN") + footer(1) + entry(4, "CLOSE") + entry(4, "OPEN") + footer(2),
			"close 4, open 4", nil},
		{"a cut print after a whole one", command + entry(4, "CLOSE") + entry(4, "OPEN") + footer(2) + command + entry(8, "CLOSE"),
			"close 4, open 4", func(g *Transcript) bool { return !g.Cut }},
		{"the longer of cut prints", command + entry(4, "OPEN") + command + entry(4, "CLOSE") + entry(4, "OPEN") + command + entry(4, "CLOSE"),
			"close 4, open 4", func(g *Transcript) bool { return g.Cut }},
		{"a limited print is not whole", command + entry(4, "CLOSE") + entry(4, "OPEN") + footer(2) + "0:000> !htrace 0 1\n" + entry(4, "CLOSE") + footer(1),
			"close 4, open 4", nil},
		{"handles one by one", "0:000> !htrace 4\n" + entry(4, "CLOSE") + entry(4, "OPEN") + footer(2) + "0:000> !htrace 8\n" + entry(8, "OPEN") + footer(1),
			"open 8, close 4, open 4", func(g *Transcript) bool { return slices.Equal(g.Handles, []uint64{4, 8}) }},
		{"a handle again", "!htrace 4\n" + entry(4, "OPEN") + footer(1) + "!htrace 4\n" + entry(4, "CLOSE") + entry(4, "OPEN") + footer(2),
			"close 4, open 4", func(g *Transcript) bool { return slices.Equal(g.Handles, []uint64{4}) }},
		{"a handle that the figures tell", entry(4, "OPEN") + "Parsed 0x17EF stack traces.\nDumped 0x1 stack traces.\n",
			"open 4", func(g *Transcript) bool { return slices.Equal(g.Handles, []uint64{4}) }},
		{"a command for another handle", "!htrace 10\n" + entry(4, "OPEN") + entry(8, "OPEN") + footer(2),
			"open 4, open 8", func(g *Transcript) bool { return g.Handles == nil }},
		{"-diff", diff + entry(8, "OPEN") + entry(4, "OPEN") + displayed(2),
			"open 8, open 4", func(g *Transcript) bool { return g.Diff && !g.Cut && g.Displayed.Value == 2 }},
		{"-diff told by its end alone", entry(4, "OPEN") + displayed(1),
			"open 4", func(g *Transcript) bool { return g.Diff && !g.Cut }},
		{"-diff twice", diff + entry(8, "OPEN") + entry(4, "OPEN") + displayed(2) + diff + entry(12, "OPEN") + entry(8, "OPEN") + displayed(2),
			"open c, open 8, open 4", func(g *Transcript) bool { return g.Diff }},
		{"-diff with closes is none", diff + entry(8, "CLOSE") + entry(4, "OPEN") + displayed(2),
			"close 8, open 4", func(g *Transcript) bool { return !g.Diff }},
		{"-diff after a whole print", command + entry(4, "OPEN") + footer(1) + diff + entry(4, "OPEN") + displayed(1),
			"open 4", func(g *Transcript) bool { return !g.Diff }},
		{"a handle of -diff", diff + entry(8, "OPEN") + entry(4, "OPEN") + displayed(2) + "!htrace 4\n" + entry(4, "CLOSE") + entry(4, "OPEN") + footer(2),
			"close 4, open 4, open 8", func(g *Transcript) bool { return !g.Diff && g.Handles == nil }},
		{"two processes", command + entry(4, "OPEN") + footer(1) + command + foreign(4) + foreign(8) + footer(2),
			"open 4, open 8", func(g *Transcript) bool { return len(g.Others) == 1 && len(g.Others[0].Trace.Operations) == 1 }},
		{"another process's open", command + entry(4, "OPEN") + entry(12, "OPEN") + foreign(8) + "!htrace 8\n" + foreign(8) + footer(1),
			"open 8, open 4, open c", func(g *Transcript) bool { return len(g.Others) == 0 && g.Trace.ProcessID == 0x228 }},
		{"one after another's command", command + entry(4, "OPEN") + "0:000> k\n0x00401009: a!c+0x00000005\n",
			"open 4", func(g *Transcript) bool { return g.Counts.Frames == 1 && g.Counts.Stray == 1 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := read(t, c.text)
			if s := kinds(got); s != c.want {
				t.Errorf("got %s, want %s", s, c.want)
			}
			if c.check != nil && !c.check(got) {
				t.Error(summary(got))
			}
		})
	}
}

// kinds returns kinds and handles in stored order.
func kinds(t *Transcript) string {
	ops := slices.Clone(t.Trace.Operations)
	slices.SortFunc(ops, func(a, b Operation) int { return a.Index - b.Index })
	var s []string
	for _, op := range ops {
		s = append(s, fmt.Sprintf("%s %x", op.Kind, op.Handle))
	}
	return strings.Join(s, ", ")
}

// TestTranscriptOptions checks what may be forced.
func TestTranscriptOptions(t *testing.T) {
	text := header32(4, "OPEN", 0x228) + footer(1) + header32(4, "OPEN", 0x999) + header32(8, "CLOSE", 0x999) + footer(2)
	got, err := ReadTranscript(strings.NewReader(text), Options{ProcessID: 0x228, Order: OldestFirst})
	if err != nil {
		t.Fatal(err)
	}
	if kinds(got) != "open 4" || got.Trace.ProcessID != 0x228 || got.Trace.Order != OldestFirst || got.Others[0].Trace.Order != OldestFirst || got.Others[0].Trace.ProcessID != 0x999 {
		t.Error(summary(got))
	}
}

// TestTranscriptLimits checks what is bounded.
func TestTranscriptLimits(t *testing.T) {
	t.Run("lines", func(t *testing.T) {
		long := "0x00401005: a!" + strings.Repeat("b", maxLine) + "+0x00000005\n"
		longer := strings.Repeat("x", 3*lineBuffer) + "\n"
		got := read(t, header32(4, "OPEN", 1)+long+longer+"0x00401005: a!b+0x00000005\n"+footer(1)+longer[:len(longer)-1])
		if got.Counts.Overlong != 3 || got.Counts.Frames != 1 {
			t.Errorf("%+v", got.Counts)
		}
	})
	t.Run("frames", func(t *testing.T) {
		got := read(t, header32(4, "OPEN", 1)+strings.Repeat("0x00401005: a!b+0x00000005\n", maxFrames+7)+footer(1))
		if got.Counts.Stray != 7 || len(got.Trace.Operations[0].Stack) != maxFrames {
			t.Errorf("%+v", got.Counts)
		}
	})
	t.Run("reads of one byte", func(t *testing.T) {
		trace := makeTextTrace(20, 1, true)
		for _, text := range [][]byte{trace.text(textForms[1]), dresses[6].wear(trace.text(textForms[1]))} {
			got, err := ReadTranscript(iotest.OneByteReader(strings.NewReader(string(text))), Options{})
			if err != nil || describe(got) != trace.expect(textForms[1]) {
				t.Error(err)
			}
		}
	})
}

// TestTranscriptCode checks what a transcript tells of the code.
func TestTranscriptCode(t *testing.T) {
	got := read(t, header32(4, "OPEN", 1)+"0x00401005: a!b+0x00000005\n0x00501000: a!c+0x00000000\n0x00901000: a!far+0x00200000\n"+footer(1))
	for addr, start := range map[uint64]uint64{0x401005: 0x401000, 0x501000: 0, 0x901000: 0, 0x1234: 0} {
		frames := got.Frames(addr)
		if len(frames) != 1 || frames[0].FunctionStart != start {
			t.Errorf("%#x: %+v", addr, frames)
		}
	}
	if got.IsSystem(0x401005) {
		t.Error("a system module")
	}
	var _ Code = got
}

func TestIsTranscript(t *testing.T) {
	for text, want := range map[string]bool{
		"0:000> !htrace\n":                      true,
		"\n\n> Handle tracing enabled.\n":       true,
		"0x00401005: a!b+0x00000005\n":          true,
		"Parsed 0x17EF stack traces.\n":         true,
		"0xd9 new stack traces since the prev":  true,
		"":                                      false,
		"MDMP\x93\xa7\x00\x00\x0c\x00\x00\x00":  false,
		"MZ\x90\x00":                            false,
		"The Handle = 0x00000b08 - OPEN":        false,
		"eax=00000000 ebx=00000000\n0:000> k\n": false,
		"Process 0x1234\n":                      false,
		"0x00000000 : Not used.\n":              false,
		"{\"schema\":\"handletrace/v1\"}":       false,
	} {
		if got := IsTranscript([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// The patterns of practice, which know nothing of the reader. What they match
// in real transcripts is what must be read.
var (
	realHeader = regexp.MustCompile("(?i)^Handle\\s*=?\\s*0x([0-9a-f`]+)\\s*-\\s*(OPEN|CLOSE|\\*{0,3}\\s*BAD[ _-]?REF(?:ERENCE)?\\s*\\*{0,3})\\s*:?\\s*$")
	realFrame  = regexp.MustCompile("(?i)^(?:##\\s*)?0x([0-9a-f`]{8,17})\\s*:\\s*(?:(\\S+?)!(.+?)\\s*)?(?:(\\S*)\\+\\s*0x([0-9a-f]+))?\\s*(?:<-.*)?$")
)

// TestRealTranscripts reads the transcripts of a folder that has an index.
func TestRealTranscripts(t *testing.T) {
	dir := os.Getenv("HANDLETRACE_TRANSCRIPTS")
	if dir == "" {
		t.Skip("HANDLETRACE_TRANSCRIPTS names no folder")
	}
	for _, row := range transcriptIndex(t, dir) {
		t.Run(row["file"], func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(dir, row["file"]))
			if err != nil {
				t.Fatal(err)
			}
			got := read(t, string(text))
			entries, frames := countByPattern(string(text))
			if got.Counts.Entries != entries || got.Counts.Frames != frames || len(got.Trace.Operations) != entries {
				t.Errorf("%+v, %d operations; the patterns find %d entries and %d frames", got.Counts, len(got.Trace.Operations), entries, frames)
			}
			if got.Counts.Stray+got.Counts.Broken+got.Counts.Overlong != 0 || got.Trace.Order != NewestFirst || len(got.Others) != 0 {
				t.Error(summary(got))
			}
			checkFormat(t, got, row["format"])
			for h := range strings.SplitSeq(row["handles"], ",") {
				if v, err := strconv.ParseUint(h, 0, 64); err == nil && !slices.ContainsFunc(got.Trace.Operations, func(o Operation) bool { return o.Handle == v }) {
					t.Errorf("no entry of %s", h)
				}
			}
		})
	}
}

func checkFormat(t *testing.T, got *Transcript, format string) {
	t.Helper()
	size := 4
	if strings.HasPrefix(format, "um64") {
		size = 8
	}
	// A fragment has none of the lines that tell -diff.
	diff := strings.Contains(format, "diff") && !strings.HasPrefix(format, "um64")
	if got.PointerSize != size || got.Diff != diff || got.Kernel != strings.HasPrefix(format, "kd") {
		t.Errorf("format %s: %s", format, summary(got))
	}
}

func transcriptIndex(t *testing.T, dir string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "index.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	var index []map[string]string
	for _, row := range rows[1:] {
		m := make(map[string]string)
		for i, name := range rows[0] {
			if i < len(row) {
				m[name] = row[i]
			}
		}
		index = append(index, m)
	}
	return index
}

func countByPattern(text string) (entries, frames int) {
	lines := bufio.NewScanner(strings.NewReader(strings.NewReplacer("—", "-", "–", "-").Replace(text)))
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if realHeader.MatchString(line) {
			entries++
		} else if realFrame.MatchString(line) {
			frames++
		}
	}
	return entries, frames
}
