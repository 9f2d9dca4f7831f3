package report_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/handletrace/handletrace/internal/testfile"
	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/report"
)

// compileSchema reads a schema of docs.
func compileSchema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	s, err := c.Compile(filepath.Join("..", "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// validate checks a document against a schema.
func validate(t *testing.T, s *jsonschema.Schema, document []byte) {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		t.Fatalf("no JSON: %v\n%.500s", err, document)
	}
	if err := s.Validate(v); err != nil {
		t.Error(err)
	}
}

func infoJSON(t testing.TB, f *minidump.File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := report.WriteInfoJSON(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestInfoSchemaOverBuilder(t *testing.T) {
	schema := compileSchema(t, "info.schema.json")
	for name, b := range infoDumps() {
		t.Run(name, func(t *testing.T) { validate(t, schema, infoJSON(t, openDump(t, b))) })
	}
}

func TestInfoSchemaOverRealDumps(t *testing.T) {
	schema := compileSchema(t, "info.schema.json")
	for name, open := range realDumps(t) {
		t.Run(name, func(t *testing.T) { validate(t, schema, infoJSON(t, open(t))) })
	}
}

// realDumps are those of the lab, and of HANDLETRACE_CORPUS where it is set.
func realDumps(t *testing.T) map[string]func(*testing.T) *minidump.File {
	t.Helper()
	dumps := map[string]func(*testing.T) *minidump.File{}
	for _, pattern := range []string{"../testdata/handlelab/*.dmp", "../testdata/handlelab/*.dmp.gz", filepath.Join(os.Getenv("HANDLETRACE_CORPUS"), "*.dmp")} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			dumps[filepath.Base(name)] = func(t *testing.T) *minidump.File { return openFile(t, name) }
		}
	}
	if len(dumps) < 6 {
		t.Fatalf("%d dumps, the lab alone has six", len(dumps))
	}
	return dumps
}

func openFile(t *testing.T, name string) *minidump.File {
	t.Helper()
	data := testfile.MustRead(t, name)
	f, err := minidump.New(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// schemaNode is what the tests below look at in a schema.
type schemaNode struct {
	Description          string
	Type                 string
	Ref                  string `json:"$ref"`
	Properties           map[string]*schemaNode
	PatternProperties    map[string]*schemaNode
	Required             []string
	AdditionalProperties *bool
	Items                *schemaNode
	Defs                 map[string]*schemaNode `json:"$defs"`
}

func readSchema(t *testing.T, name string) *schemaNode {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	var s schemaNode
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	return &s
}

// walk visits a schema and what is in it.
func (s *schemaNode) walk(path string, visit func(path string, s *schemaNode)) {
	if s == nil {
		return
	}
	visit(path, s)
	for _, group := range []map[string]*schemaNode{s.Properties, s.PatternProperties, s.Defs} {
		for name, p := range group {
			p.walk(path+"/"+name, visit)
		}
	}
	s.Items.walk(path+"[]", visit)
}

// Every property says what it is.
func TestSchemasDescribe(t *testing.T) {
	for _, name := range []string{"info.schema.json", "analyze.schema.json", "diff.schema.json"} {
		readSchema(t, name).walk(name, func(path string, s *schemaNode) {
			if s.Description == "" && s.Ref == "" {
				t.Errorf("%s has no description", path)
			}
			for name, p := range s.Properties {
				if p.Description == "" {
					t.Errorf("%s/%s has no description of its own", path, name)
				}
			}
		})
	}
}

// No object may have members that are not described: what info writes is
// described whole.
func TestInfoSchemaIsClosed(t *testing.T) {
	readSchema(t, "info.schema.json").walk("", func(path string, s *schemaNode) {
		if s.Type == "object" && (s.AdditionalProperties == nil || *s.AdditionalProperties) {
			t.Errorf("%s allows additional properties", path)
		}
	})
}

// What the schema describes, info writes: no key is there that no dump has.
func TestInfoSchemaHasNoMoreThanInfo(t *testing.T) {
	root := readSchema(t, "info.schema.json")
	unseen := map[*schemaNode]string{}
	root.walk("", func(path string, s *schemaNode) {
		for name, p := range s.Properties {
			unseen[p] = path + "/" + name
		}
	})
	for _, b := range append(slices.Collect(maps.Values(infoDumps())), crowdedTokenDump()) {
		var v any
		if err := json.Unmarshal(infoJSON(t, openDump(t, b)), &v); err != nil {
			t.Fatal(err)
		}
		root.mark(root, v, unseen)
	}
	for _, path := range slices.Sorted(maps.Values(unseen)) {
		t.Errorf("no dump gives %s", path)
	}
}

// mark takes what a document has out of unseen.
func (s *schemaNode) mark(root *schemaNode, v any, unseen map[*schemaNode]string) {
	if s == nil {
		return
	}
	delete(unseen, s)
	if name, ok := strings.CutPrefix(s.Ref, "#/$defs/"); ok {
		root.Defs[name].mark(root, v, unseen)
		return
	}
	switch v := v.(type) {
	case map[string]any:
		for k, m := range v {
			s.Properties[k].mark(root, m, unseen)
		}
	case []any:
		for _, m := range v {
			s.Items.mark(root, m, unseen)
		}
	}
}
