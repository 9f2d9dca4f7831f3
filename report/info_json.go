package report

import (
	"bytes"
	"encoding/json"
	"io"
	"iter"
)

// infoJSON writes a JSON object a member at a time, and lists a row a line, so
// that nothing long is held. The first failure stays.
type infoJSON struct {
	w     io.Writer
	buf   bytes.Buffer
	enc   *json.Encoder
	comma string
	err   error
}

func newInfoJSON(w io.Writer) *infoJSON {
	j := &infoJSON{w: w}
	j.enc = json.NewEncoder(&j.buf)
	j.enc.SetEscapeHTML(false)
	j.put("{")
	return j
}

func (j *infoJSON) close() { j.put("\n}\n") }

// value writes a member, indented.
func (j *infoJSON) value(key string, v any) {
	j.key(key)
	j.enc.SetIndent("  ", "  ")
	j.encode(v)
}

// writeList writes a member that is a list.
func writeList[T any](j *infoJSON, key string, all iter.Seq[T]) {
	j.key(key)
	j.enc.SetIndent("", "")
	before := "[\n    "
	for v := range all {
		j.put(before)
		j.encode(&v)
		before = ",\n    "
	}
	if before[0] == '[' {
		j.put("[")
	}
	j.put("\n  ]")
}

func (j *infoJSON) key(key string) {
	j.put(j.comma + "\n  \"" + key + "\": ")
	j.comma = ","
}

func (j *infoJSON) encode(v any) {
	if j.err != nil {
		return
	}
	j.buf.Reset()
	if j.err = j.enc.Encode(v); j.err == nil {
		_, j.err = j.w.Write(bytes.TrimSuffix(j.buf.Bytes(), []byte("\n")))
	}
}

func (j *infoJSON) put(s string) {
	if j.err == nil {
		_, j.err = io.WriteString(j.w, s)
	}
}
