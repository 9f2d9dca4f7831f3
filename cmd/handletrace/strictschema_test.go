package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// Every member that analyze writes is described in docs/analyze.schema.json:
// stories, baselines, failures and errors have all of them.
func TestAnalyzeSchemaIsWhole(t *testing.T) {
	schema := strictSchema(t, filepath.Join("..", "..", "docs", "analyze.schema.json"))
	known := filepath.Join(t.TempDir(), "known.json")
	lab64 := labDump(t, "handlelab-x64")
	command(t, exitClean, "analyze", "--disable", "leak", "--write-baseline", known, lab64)
	b := built(doubleClose...)
	b.Faults.Count = map[minidump.StreamType]uint64{minidump.HandleOperationListStream: 500}
	b.AddException(minidumptest.Exception{ThreadID: 7, Code: minidump.StatusInvalidHandle})
	b.AddHandle(minidumptest.Handle{Value: 0x40, Type: "Event"})
	failing := written(t, "d.dmp", b.Bytes())
	for _, c := range []struct {
		status int
		args   []string
	}{
		{exitFound, []string{"--baseline", known, lab64}},
		{exitFound, []string{"--handle", "0xcc", "--symbols", filepath.Join(lab, "x64"), lab64}},
		{exitFound, []string{failing}},
		{exitClean, []string{"--handle", "0x40", failing}},
		{exitFailed, []string{failing, "none.dmp", t.TempDir()}},
	} {
		out := command(t, c.status, append([]string{"analyze", "--format", "json"}, c.args...)...)
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%q: %v", c.args, err)
		}
	}
}

// What diff writes is what docs/diff.schema.json describes, and nothing else.
func TestDiffSchema(t *testing.T) {
	schema := strictSchema(t, filepath.Join("..", "..", "docs", "diff.schema.json"))
	healthy, faulty := labDump(t, "healthy-x64"), labDump(t, "handlelab-x64")
	text := written(t, "t.txt", []byte(command(t, exitClean, "trace", faulty)))
	for _, args := range [][]string{{faulty, faulty}, {healthy, faulty}, {faulty, healthy}, {text, faulty}} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(command(t, exitClean, append([]string{"diff", "--format", "json"}, args...)...)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%q: %v", args, err)
		}
	}
}

// strictSchema compiles a schema that allows no member which it does not
// describe.
func strictSchema(t *testing.T, path string) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var document any
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	forbidOthers(document)
	c := jsonschema.NewCompiler()
	if err := c.AddResource("strict.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("strict.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func forbidOthers(v any) {
	switch v := v.(type) {
	case map[string]any:
		if v["type"] == "object" {
			v["additionalProperties"] = false
		}
		for _, child := range v {
			forbidOthers(child)
		}
	case []any:
		for _, child := range v {
			forbidOthers(child)
		}
	}
}
