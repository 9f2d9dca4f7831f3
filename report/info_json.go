package report

import (
	"bytes"
	"encoding/json"
	"fmt"
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
	most  int64 // bytes that a list may have
	cut   []string
	err   error
}

// newInfoJSON returns a writer of what is in a file of size bytes.
func newInfoJSON(w io.Writer, size int64) *infoJSON {
	j := &infoJSON{w: w, most: mostOutput(size)}
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

// mostOutput bounds what is written of one list: the rows of a sound dump are
// made of bytes of their own, but those of a hostile one may all show the same
// name or the same stack.
func mostOutput(size int64) int64 { return 16<<20 + 8*size }

// writeList writes a member that is a list.
func writeList[T any](j *infoJSON, key string, all iter.Seq[T]) {
	j.key(key)
	j.enc.SetIndent("", "")
	before := "[\n    "
	n, left := 0, j.most
	for v := range all {
		if j.err != nil {
			return
		}
		if left < 0 {
			j.cut = append(j.cut, fmt.Sprintf("%s: the rows after %d are left out: they repeat what others show, and more of it than the file holds", key, n))
			break
		}
		j.put(before)
		left -= j.encode(&v)
		before = ",\n    "
		n++
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

// encode writes a value and returns how many bytes it took.
func (j *infoJSON) encode(v any) int64 {
	if j.err != nil {
		return 0
	}
	j.buf.Reset()
	if j.err = j.enc.Encode(v); j.err == nil {
		_, j.err = j.w.Write(bytes.TrimSuffix(j.buf.Bytes(), []byte("\n")))
	}
	return int64(j.buf.Len())
}

func (j *infoJSON) put(s string) {
	if j.err == nil {
		_, j.err = io.WriteString(j.w, s)
	}
}
