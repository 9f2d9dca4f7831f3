package report_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
	"github.com/handletrace/handletrace/report"
)

var update = flag.Bool("update", false, "write the expected texts anew; look at the difference")

func infoText(t testing.TB, f *minidump.File, all bool) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.WriteInfoText(&b, f, report.InfoOptions{All: all}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The texts of dumps of every kind, as people see them. The facts in them were
// compared with those that llvm-readobj, obj2yaml and lldb give.
func TestInfoText(t *testing.T) {
	lab := openFile(t, "../testdata/handlelab/handlelab-x64.dmp")
	golden(t, "handlelab-x64", infoText(t, lab, false))
	for name, b := range infoDumps() {
		t.Run(name, func(t *testing.T) {
			text := infoText(t, openDump(t, b), true)
			// The byte order of the file shows in its header alone.
			name, bigEndian := strings.CutSuffix(name, "-big-endian")
			if bigEndian {
				text = strings.Replace(text, "big-endian", "little-endian", 1)
			}
			golden(t, name, text)
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "info", name+".txt")
	if *update && !strings.HasSuffix(t.Name(), "-big-endian") {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-want +got; go test ./report -run TestInfoText -update):\n%s", path, diff)
	}
}

// No name of a dump can move the cursor, forge a line or turn the text.
func TestInfoTextIsPlain(t *testing.T) {
	const evil = "a\x1b[2J\r\n\u202eb\u2066\u2028c\u009b"
	b := windowsDump(amd64, false)
	b.AddModule(minidumptest.Module{Base: 0x500000, Size: 0x1000, Name: evil})
	b.AddHandle(minidumptest.Handle{Value: 0x40, Type: evil, Name: evil})
	b.AddThread(minidumptest.Thread{ID: 99})
	b.AddThreadNames(minidumptest.ThreadName{ID: 99, Name: evil})
	b.Add(minidump.LinuxCmdLineStream, evil)
	b.Add(minidump.LinuxCPUInfoStream, evil)
	b.Add(minidump.LinuxMapsStream, "00400000-00452000 r-xp 00001000 08:02 173521 /usr/\x1b[2Jbin\n")
	text := infoText(t, openDump(t, b), true)
	for _, line := range strings.Split(text, "\n") {
		if plain := report.Plain(line); plain != line {
			t.Errorf("%q is not plain", line)
		}
	}
	for _, want := range []string{`a\x1b[2J\x0d\x0a\u202eb\u2066\u2028c\x9b`, `/usr/\x1b[2Jbin`} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %s", want)
		}
	}
}

// Long tables are cut, and the line below them says by how much.
func TestInfoTextIsCut(t *testing.T) {
	b := minidumptest.New(amd64)
	for i := range 1234 {
		b.AddHandle(minidumptest.Handle{Value: uint64(4 * (i + 1)), Type: "Event", Name: fmt.Sprintf("name%d.", i)})
	}
	f := openDump(t, b)
	text := infoText(t, f, false)
	for _, want := range []string{"Handles (1,234)\n", "name49.\n", "… and 1,184 more (--all shows them)\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q", want)
		}
	}
	if strings.Contains(text, "name50.") {
		t.Error("the table is not cut")
	}
	all := infoText(t, f, true)
	if !strings.Contains(all, "name1233.\n") || strings.Contains(all, "--all shows them") {
		t.Error("--all does not show all")
	}
}

// The environment may be private: it is shown only to who asks for all.
func TestInfoTextKeepsTheEnvironment(t *testing.T) {
	for name, secret := range map[string]string{"linux": "SECRET=hidden", "windows-amd64": `PATH=C:\`} {
		f := openDump(t, infoDumps()[name])
		if strings.Contains(infoText(t, f, false), secret) {
			t.Errorf("%s: %s is shown", name, secret)
		}
		if !strings.Contains(infoText(t, f, true), secret) {
			t.Errorf("%s: --all does not show %s", name, secret)
		}
	}
}

// A damaged stream costs its own section, which says what was wrong.
func TestInfoOfDamagedDump(t *testing.T) {
	text := infoText(t, openDump(t, damagedDump()), false)
	sections := map[string]string{}
	for _, s := range strings.Split(text, "\n\n") {
		title, body, _ := strings.Cut(s, "\n")
		name, _, _ := strings.Cut(title, " (")
		sections[name] = body
	}
	for title, want := range map[string]string{
		"Modules":               "1000 entries are announced",
		"Handles":               "entries of 8 bytes",
		"Threads":               "ThreadInfoList, offset",
		"Memory regions":        "entries of 1 bytes",
		"Process":               "could not be read",
		"Memory of the machine": "at least 492 were expected",
		"Intel Processor Trace": "2 bytes, at least 8",
		"Tokens":                "beyond the end of the file",
		"Unloaded modules":      "beyond the end of the file",
		"Breakpad":              "beyond the end of the file",
	} {
		if !strings.Contains(sections[title], want) {
			t.Errorf("section %s lacks %q:\n%s", title, want, sections[title])
		}
	}
	for title, want := range map[string]string{"System": "Windows NT", "Handle trace": "1 open", "Threads": "main", "Crashpad": ""} {
		if !strings.Contains(sections[title], want) {
			t.Errorf("section %s lacks %q:\n%s", title, want, sections[title])
		}
	}
}

// A file whose rows all show the same long name must not make the output many
// times its own size.
func TestInfoOfRepeatedNames(t *testing.T) {
	b := minidumptest.New(amd64)
	long := strings.Repeat("n", 1<<20)
	for i := range 2000 {
		b.AddModule(minidumptest.Module{Base: uint64(i) << 16, Size: 1, Name: long})
	}
	f := openDump(t, b)
	limit := int(64<<20 + 20*f.Size())
	var out countingWriter
	if err := report.WriteInfoJSON(&out, f); err != nil {
		t.Fatal(err)
	}
	if out.n > limit {
		t.Errorf("%d bytes of JSON of a file of %d", out.n, f.Size())
	}
	out = countingWriter{}
	if err := report.WriteInfoText(&out, f, report.InfoOptions{All: true}); err != nil {
		t.Fatal(err)
	}
	if out.n > limit {
		t.Errorf("%d bytes of text of a file of %d", out.n, f.Size())
	}
}

type countingWriter struct{ n int }

func (w *countingWriter) Write(p []byte) (int, error) {
	w.n += len(p)
	return len(p), nil
}

// A writer that fails is told, whatever was being written.
func TestInfoToFailingWriter(t *testing.T) {
	f := openDump(t, windowsDump(amd64, false))
	if err := report.WriteInfoJSON(failingWriter{}, f); err == nil {
		t.Error("WriteInfoJSON says nothing of a write that failed")
	}
	if err := report.WriteInfoText(failingWriter{}, f, report.InfoOptions{}); err == nil {
		t.Error("WriteInfoText says nothing of a write that failed")
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, os.ErrClosed }
