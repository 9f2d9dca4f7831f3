package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// Operations of a program that closes a handle twice, as they are stored:
// newest first.
var doubleClose = []minidumptest.HandleOperation{
	{Handle: 0x10, Type: minidump.OperationDbBADREF, ThreadID: 7, ProcessID: 1, Frames: []uint64{0x1100, 0x2000}},
	{Handle: 0x10, Type: minidump.OperationDbCLOSE, ThreadID: 7, ProcessID: 1, Frames: []uint64{0x1100, 0x2000}},
	{Handle: 0x10, Type: minidump.OperationDbOPEN, ThreadID: 7, ProcessID: 1, Frames: []uint64{0x1000, 0x2000}},
}

// built returns a dump with operations, and whatever else a test adds.
func built(ops ...minidumptest.HandleOperation) *minidumptest.Builder {
	b := minidumptest.New(minidump.ProcessorArchitectureAMD64)
	b.Flags = minidump.WithHandleData
	b.AddSystemInfo(minidumptest.SystemInfo{Architecture: minidump.ProcessorArchitectureAMD64, Platform: minidump.PlatformWin32NT})
	b.AddMiscInfo(1)
	if len(ops) > 0 {
		b.AddHandleOperations(ops...)
	}
	return b
}

// written writes a file and returns its name.
func written(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func expect(t *testing.T, output string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(output, w) {
			t.Errorf("%q is not in\n%s", w, output)
		}
	}
}

// Each reason for having no trace has a message of its own: the advice to
// switch tracing on helps nobody whose dump was written without handle data.
func TestWhyThereIsNoTrace(t *testing.T) {
	without := built()
	without.Flags = 0
	with := built()
	with.AddHandle(minidumptest.Handle{Value: 4, Type: "Event"})
	empty := built()
	empty.Add(minidump.HandleOperationListStream, uint32(16), uint32(288), uint32(0), uint32(0))
	for _, c := range []struct {
		name string
		dump *minidumptest.Builder
		want string
	}{
		{"no handle data", without, "written without handle data"},
		{"handle data alone", with, "tracing was off"},
		{"an empty list", empty, "has no operations"},
		{"unused entries", built(make([]minidumptest.HandleOperation, 5)...), "5 entries, none in use"},
		{"unreadable entries", built(minidumptest.HandleOperation{Type: 77}, minidumptest.HandleOperation{Type: 78}), "none of the 2 entries"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := written(t, "d.dmp", c.dump.Bytes())
			for _, command := range []string{"analyze", "trace"} {
				stdout, stderr := commandBoth(t, exitFailed, command, path)
				if stdout != "" {
					t.Errorf("%s: standard output: %q", command, stdout)
				}
				expect(t, stderr, c.want, path)
			}
		})
	}
}

// A damaged stream beside the trace costs what it would have told, which a
// warning says, and nothing else.
func TestDamagedStreamsBesideTheTrace(t *testing.T) {
	whole := func() *minidumptest.Builder {
		b := built(doubleClose...)
		b.AddHandle(minidumptest.Handle{Value: 4, Type: "Event"})
		b.AddThread(minidumptest.Thread{ID: 7})
		b.AddThreadNames(minidumptest.ThreadName{ID: 7, Name: "Worker"})
		b.AddMemory(minidumptest.Memory{Start: 0x1000, Data: make([]byte, 64)})
		b.AddException(minidumptest.Exception{ThreadID: 7, Code: minidump.StatusInvalidHandle})
		b.AddModule(minidumptest.Module{Base: 0x1000, Size: 0x1000, Name: `C:\app\app.exe`})
		b.AddUnloadedModules(minidumptest.UnloadedModule{Base: 0x9000, Size: 0x1000, Name: "gone.dll"})
		return b
	}
	for _, stream := range []minidump.StreamType{
		minidump.HandleDataStream, minidump.MiscInfoStream, minidump.SystemInfoStream, minidump.ThreadListStream,
		minidump.ThreadNamesStream, minidump.MemoryListStream, minidump.ExceptionStream, minidump.ModuleListStream,
		minidump.UnloadedModuleListStream,
	} {
		t.Run(stream.String(), func(t *testing.T) {
			b := whole()
			b.Faults.DataSize = map[minidump.StreamType]uint32{stream: 2}
			path := written(t, "d.dmp", b.Bytes())
			out := command(t, exitFound, "analyze", path)
			expect(t, out, "double-close", "warning: ", stream.String())
			_, stderr := commandBoth(t, exitClean, "trace", path)
			expect(t, stderr, "warning: ", stream.String())
			if _, stderr := commandBoth(t, exitClean, "trace", "--quiet", path); stderr != "" {
				t.Errorf("--quiet: %q", stderr)
			}
		})
	}
	out := command(t, exitFound, "analyze", written(t, "d.dmp", whole().Bytes()))
	if strings.Contains(out, "warning") {
		t.Errorf("a warning about a sound dump:\n%s", out)
	}
}

// What a debugger says before the trace may be any length, in any encoding.
func TestTraceAfterALongLog(t *testing.T) {
	text := command(t, exitClean, "trace", labDump(t, "handlelab-x64"))
	log := strings.Repeat("ModLoad: 00007ff6`d1c00000 00007ff6`d1c10000   C:\\app\\app.exe\n", 20_000) + text
	for name, content := range map[string][]byte{
		"utf8.log":    []byte(log),
		"utf16le.log": utf16le(log),
	} {
		out := command(t, exitFound, "analyze", written(t, name, content))
		expect(t, out, "transcript, 539 handle operations", "stolen-close (certain)")
	}
}

func utf16le(text string) []byte {
	b := []byte{0xff, 0xfe}
	for i := range len(text) {
		b = append(b, text[i], 0)
	}
	return b
}

// A text that is no trace was perhaps meant as a dump: the error says both.
func TestOtherText(t *testing.T) {
	_, stderr := commandBoth(t, exitFailed, "analyze", written(t, "notes.txt", []byte(strings.Repeat("dear diary\n", 10_000))))
	expect(t, stderr, "not a minidump", "nor has it a line that !htrace prints")
	_, stderr = commandBoth(t, exitFailed, "analyze", written(t, "log.txt", []byte("0:000> !htrace\nNo handle tracing\n")))
	expect(t, stderr, "no entry of a handle trace")
}

func TestWhatIsGivenWrong(t *testing.T) {
	dump := labDump(t, "handlelab-x64")
	for _, c := range []struct {
		name string
		args []string
		want []string
	}{
		{"standard input twice", []string{"analyze", "-", "-"}, []string{"more than once"}},
		{"standard input twice, to compare", []string{"diff", "-", "-"}, []string{"more than once"}},
		{"a negative number", []string{"trace", "--last", "-1", dump}, []string{"--last"}},
		{"first and last", []string{"trace", "--last", "1", "--first", "1", dump}, []string{"first", "last"}},
		{"a handle that does not occur", []string{"analyze", "--handle", "0x9998", dump}, []string{"0x9998 does not occur", "0x100 (4 operations)"}},
		{"a handle that does not occur in the trace", []string{"trace", "--handle", "9999", dump}, []string{"0x9998 does not occur", "two low bits"}},
		{"an unknown rule", []string{"analyze", "--disable", "leaks", dump}, []string{"leaks", "stolen-close"}},
		{"an unknown grade", []string{"analyze", "--grade", "leak=sure", dump}, []string{"RULE=possible"}},
		{"a baseline that is not there", []string{"analyze", "--baseline", "none.json", dump}, []string{"none.json", "--write-baseline"}},
		{"a baseline that is none", []string{"analyze", "--baseline", dump, dump}, []string{"not a baseline"}},
		{"an unknown kind", []string{"trace", "--kind", "dup", dump}, []string{"bad-reference"}},
		{"a thread that is no number", []string{"trace", "--thread", "main", dump}, []string{"--thread", "hexadecimal"}},
		{"an input as output", []string{"analyze", "--output", dump, dump}, []string{"overwrite"}},
		{"an output in a folder that is not there", []string{"analyze", "--output", filepath.Join(dump, "y", "x"), dump}, []string{"--output", dump, "make the folder"}},
		{"a folder as output", []string{"analyze", "--output", lab, dump}, []string{"--output", "is a directory"}},
		{"quiet and verbose", []string{"analyze", "-q", "-v", dump}, []string{"quiet", "verbose"}},
		{"an unknown manual page", []string{"man", "nothing"}, []string{"nothing"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			stdout, stderr := commandBoth(t, exitFailed, c.args...)
			if stdout != "" {
				t.Errorf("standard output: %q", stdout)
			}
			expect(t, stderr, c.want...)
		})
	}
}

// Every file that cannot be read has a line of its own, and advice that is
// the same for all is given once.
func TestErrorsOfSeveralFiles(t *testing.T) {
	a, b := written(t, "a.dmp", built().Bytes()), written(t, "b.dmp", built().Bytes())
	_, stderr := commandBoth(t, exitFailed, "analyze", a, t.TempDir(), b)
	lines := strings.Split(stderr, "\n")
	for i, w := range []string{"a.dmp", "is a directory", "b.dmp"} {
		if !strings.HasPrefix(lines[i], "handletrace: ") || !strings.Contains(lines[i], w) {
			t.Errorf("line %d: %q", i, lines[i])
		}
	}
	if n := strings.Count(stderr, "!htrace -enable"); n != 1 {
		t.Errorf("the advice is given %d times:\n%s", n, stderr)
	}
}

func TestStandardInputIsText(t *testing.T) {
	text := command(t, exitClean, "trace", labDump(t, "handlelab-x64"))
	var out, errs bytes.Buffer
	if status := run(context.Background(), []string{"analyze", "-"}, strings.NewReader(text), &out, &errs); status != exitFound {
		t.Fatalf("exit status %d: %s", status, errs.String())
	}
	expect(t, out.String(), "-: transcript, 539 handle operations")
}

// That nothing was found says little where much is missing, so the report says
// what is.
func TestCleanButNotWhole(t *testing.T) {
	ops := []minidumptest.HandleOperation{operation(closed, 0x10, 1, 0x1100), operation(opened, 0x10, 1, 0x1000)}
	whole := command(t, exitClean, "analyze", written(t, "d.dmp", built(ops...).Bytes()))
	expect(t, whole, "No misuse of a handle was found in this trace.")
	b := built(ops...)
	b.Faults.Count = map[minidump.StreamType]uint64{minidump.HandleOperationListStream: 500}
	expect(t, command(t, exitClean, "analyze", written(t, "d.dmp", b.Bytes())),
		"warning: ", "500 operations are announced", "but it does not show everything:", "498 entries are missing")
	expect(t, command(t, exitClean, "analyze", "--format", "json", written(t, "d.dmp", b.Bytes())), `"missing": 498`)

	text := command(t, exitClean, "trace", "--handle", "0xd0", labDump(t, "handlelab-x64"))
	out := command(t, exitClean, "analyze", "--fail-on", "never", written(t, "one.txt", []byte("0:000> !htrace d0\n"+text)))
	expect(t, out, "one handle alone")
}
