package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/report"
)

// Everything that the JSON has stands in the text too.
func TestInfoTextHasAllOfJSON(t *testing.T) {
	for name, b := range infoDumps() {
		t.Run(name, func(t *testing.T) { compareTextWithJSON(t, openDump(t, b)) })
	}
	for name, open := range realDumps(t) {
		t.Run(name, func(t *testing.T) { compareTextWithJSON(t, open(t)) })
	}
}

func compareTextWithJSON(t *testing.T, f *minidump.File) {
	text := infoText(t, f, true)
	d := json.NewDecoder(bytes.NewReader(infoJSON(t, f)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	words := map[string]bool{}
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("(),;:", r) }) {
		words[w] = true
	}
	missing := 0
	leaves(v, "", func(path string, v any) {
		if shown(text, words, path, v) || missing > 20 {
			return
		}
		missing++
		t.Errorf("the text lacks %s: %v", path, v)
	})
}

// shown reports whether a value stands in the text, in one of the forms that
// the text has for it.
func shown(text string, words map[string]bool, path string, v any) bool {
	switch v := v.(type) {
	case string:
		if words[v] {
			return true
		}
		for line := range strings.Lines(v) {
			line = strings.TrimRight(strings.ReplaceAll(line, "\t", " "), " \r\n")
			if !strings.Contains(text, report.Plain(line)) && !strings.Contains(text, strings.ReplaceAll(line, "|", ", ")) {
				return path == "/streams[]/section"
			}
		}
		return true
	case json.Number:
		n, err := v.Int64()
		if err != nil {
			x, err := v.Float64()
			return err == nil && words[strconv.FormatFloat(x, 'f', -1, 64)]
		}
		digits := v.String()
		grouped := digits
		for i := len(digits) - 3; i > 0; i -= 3 {
			grouped = grouped[:i] + "," + grouped[i:]
		}
		return n == 0 || words[digits] || words[fmt.Sprintf("%#x", n)] || strings.Contains(text, grouped) || strings.Contains(text, "+"+digits)
	}
	return true
}

func leaves(v any, path string, visit func(string, any)) {
	switch v := v.(type) {
	case map[string]any:
		for k, m := range v {
			leaves(m, path+"/"+k, visit)
		}
	case []any:
		for _, m := range v {
			leaves(m, path+"[]", visit)
		}
	default:
		visit(path, v)
	}
}

// WriteInfoJSON writes what InfoOf holds.
func TestInfoOfIsWhatJSONHas(t *testing.T) {
	for name, b := range infoDumps() {
		t.Run(name, func(t *testing.T) {
			var want, got report.Info
			if err := json.Unmarshal(infoJSON(t, openDump(t, b)), &want); err != nil {
				t.Fatal(err)
			}
			held, err := json.Marshal(report.InfoOf(openDump(t, b)))
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(held, &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(report.InfoValue{})); diff != "" {
				t.Errorf("WriteInfoJSON (-) and InfoOf (+):\n%s", diff)
			}
		})
	}
}
