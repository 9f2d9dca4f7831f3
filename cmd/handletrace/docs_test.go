package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// block is a fenced block of a page of documentation.
type block struct{ language, text string }

var fence = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")

func blocksOf(t *testing.T, page string) []block {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var list []block
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		list = append(list, block{m[1], m[2]})
	}
	return list
}

// What the pages in docs say is so: a block of "console" holds commands after
// "$ ", with "# exit status N" behind where that is not 0, and below what they
// print, in this order, with [...] for what is left out; a block of "go" is
// part of a file of this repository. Other blocks are for other systems.
func TestDocs(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages (%v)", err)
	}
	code := goSources(t, root)
	// Commands may write files, so they run beside a copy of the test data.
	work := t.TempDir()
	if err := os.CopyFS(filepath.Join(work, "testdata"), os.DirFS(filepath.Join(root, "testdata"))); err != nil {
		t.Fatal(err)
	}
	t.Chdir(work)
	for _, page := range pages {
		t.Run(filepath.Base(page), func(t *testing.T) {
			for _, b := range blocksOf(t, page) {
				switch b.language {
				case "console":
					runConsole(t, b.text)
				case "go":
					checkSnippet(t, code, b.text)
				case "":
					t.Errorf("a block without a language:\n%s", b.text)
				}
			}
		})
	}
}

// goSources returns the text of all Go files, without indentation.
func goSources(t *testing.T, root string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".go" {
			return err
		}
		text, err := os.ReadFile(name)
		b.WriteString(flatten(string(text)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// flatten takes the indentation of lines away.
func flatten(text string) string {
	return regexp.MustCompile(`(?m)^[\t ]+`).ReplaceAllString(strings.ReplaceAll(text, "\r\n", "\n"), "")
}

func checkSnippet(t *testing.T, code, snippet string) {
	t.Helper()
	if !strings.Contains(code, flatten(snippet)) {
		t.Errorf("no Go file of the repository holds\n%s", snippet)
	}
}

var consoleCommand = regexp.MustCompile(`^\$ handletrace (.*?)(?:\s+# exit status (\d))?$`)

func runConsole(t *testing.T, text string) {
	t.Helper()
	var output string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if !strings.HasPrefix(line, "$ ") {
			output = expectLine(t, output, line)
			continue
		}
		m := consoleCommand.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("%q is no command that this test can run", line)
		}
		var out, errs bytes.Buffer
		status := run(context.Background(), strings.Fields(m[1]), bytes.NewReader(nil), &out, &errs)
		if want := m[2]; string(rune('0'+status)) != want && (want != "" || status != exitClean) {
			t.Errorf("%s: exit status %d\n%s", line, status, errs.String())
		}
		output = out.String() + errs.String()
	}
}

// expectLine looks for a line in what is left of the output, and returns what
// is left then.
func expectLine(t *testing.T, output, line string) string {
	t.Helper()
	if line == "" || strings.TrimSpace(line) == "[...]" {
		return output
	}
	_, rest, found := strings.Cut(output, line)
	if !found {
		t.Errorf("the command does not print %q; what is left of its output:\n%s", line, output)
	}
	return rest
}
