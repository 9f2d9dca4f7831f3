package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// transcriptsVariable names a folder of texts of !htrace.
const transcriptsVariable = "HANDLETRACE_TRANSCRIPTS"

// What analyze writes as JSON is what docs/analyze.schema.json describes: of
// the lab's dumps, of what trace prints of them, and of others' where they are.
func TestAnalyzeSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "docs", "analyze.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range analyzable(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			out := command(t, exitClean, "analyze", "--fail-on", "never", "--format", "json", name)
			v, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(v); err != nil {
				t.Error(err)
			}
		})
	}
}

// analyzable returns files that analyze reads.
func analyzable(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, name := range []string{"handlelab-x64", "handlelab-x86", "cascade-x64", "cascade-x86", "healthy-x64", "healthy-x86"} {
		names = append(names, labDump(t, name))
	}
	text := filepath.Join(t.TempDir(), "trace.txt")
	if err := os.WriteFile(text, []byte(command(t, exitClean, "trace", names[0])), 0o600); err != nil {
		t.Fatal(err)
	}
	names = append(names, text)
	if folder := os.Getenv(transcriptsVariable); folder != "" {
		texts, err := filepath.Glob(filepath.Join(folder, "*.txt"))
		if err != nil || len(texts) == 0 {
			t.Fatalf("no texts in %s (%v)", folder, err)
		}
		for _, name := range texts {
			if info, err := os.Stat(name); err == nil && info.Size() < maxTranscript {
				names = append(names, name)
			}
		}
	}
	return names
}

// maxTranscript keeps the run short: longer texts have nothing else in them.
const maxTranscript = 1 << 20
