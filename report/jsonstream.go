package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"strings"
)

// indentation is that of one level of a JSON document.
const indentation = "  "

// jsonStream writes a JSON document piece by piece, in the form that
// json.Encoder gives a whole one with SetIndent. The first error ends it.
type jsonStream struct {
	w     *bufio.Writer
	depth int
	bare  bool         // whether nothing is in the innermost object or array yet
	spare bytes.Buffer // of values that are written at once
	err   error
}

func newJSONStream(w io.Writer) *jsonStream { return &jsonStream{w: bufio.NewWriterSize(w, 1<<16)} }

// begin opens an object or array: as a member where it has a key.
func (s *jsonStream) begin(key, bracket string) {
	s.item(key)
	s.w.WriteString(bracket)
	s.depth++
	s.bare = true
}

// end closes the innermost object or array.
func (s *jsonStream) end(bracket string) {
	s.depth--
	if !s.bare {
		s.newline()
	}
	s.bare = false
	s.w.WriteString(bracket)
}

// value writes a value: as a member where it has a key.
func (s *jsonStream) value(key string, v any) {
	s.spare.Reset()
	s.raw(key, s.encodeTo(&s.spare, v))
}

// raw writes a value that is encoded already, for this depth.
func (s *jsonStream) raw(key string, b []byte) {
	s.item(key)
	s.w.Write(b)
}

// item begins a member or an element.
func (s *jsonStream) item(key string) {
	if s.depth == 0 {
		return
	}
	if !s.bare {
		s.w.WriteByte(',')
	}
	s.bare = false
	s.newline()
	if key != "" {
		s.w.WriteByte('"')
		s.w.WriteString(key)
		s.w.WriteString(`": `)
	}
}

func (s *jsonStream) newline() {
	s.w.WriteByte('\n')
	for range s.depth {
		s.w.WriteString(indentation)
	}
}

// flush writes what is still held, and returns the first error.
func (s *jsonStream) flush() error {
	if err := s.w.Flush(); s.err == nil {
		s.err = err
	}
	return s.err
}

// encode encodes a value that stands at this depth of the document.
func (s *jsonStream) encode(v any) []byte { return s.encodeTo(new(bytes.Buffer), v) }

// encodeTo is encode by way of a buffer, of which the answer may be a part.
func (s *jsonStream) encodeTo(b *bytes.Buffer, v any) []byte {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	enc.SetIndent(strings.Repeat(indentation, s.depth), indentation)
	if err := enc.Encode(v); err != nil && s.err == nil {
		s.err = err
	}
	return plainJSON(bytes.TrimSuffix(b.Bytes(), []byte{'\n'}))
}
