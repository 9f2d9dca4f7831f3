package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What the README prints is what the command prints and what the example does.
func TestREADME(t *testing.T) {
	root := filepath.Join("..", "..")
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```(go)?\n(.*?)```").FindAllStringSubmatch(string(readme), -1)
	if len(blocks) != 2 {
		t.Fatalf("%d blocks of code, want the command's output and the example", len(blocks))
	}
	t.Run("output", func(t *testing.T) {
		t.Chdir(root)
		output := command(t, exitFound, "analyze", "testdata/handlelab/handlelab-x64.dmp")
		rest := output
		for _, part := range strings.Split(blocks[0][2], "[...]\n") {
			part = strings.TrimSpace(part)
			i := strings.Index(rest, part)
			if i < 0 {
				t.Fatalf("the command does not print\n%s\nbut\n%s", part, output)
			}
			rest = rest[i+len(part):]
		}
	})
	t.Run("example", func(t *testing.T) {
		example, err := os.ReadFile(filepath.Join(root, "htrace", "example_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		code := regexp.MustCompile(`(?m)^\t`).ReplaceAllString(string(example), "")
		if !strings.Contains(code, blocks[1][2]) {
			t.Errorf("the README's example is not that of htrace/example_test.go")
		}
	})
}
