package main

import (
	"bytes"
	"context"
	"io"
	"testing"
)

// endless gives one byte for ever, up to an amount that no sniffing needs.
type endless struct {
	value byte
	given int
	t     *testing.T
}

func (e *endless) Read(b []byte) (int, error) {
	if e.given += len(b); e.given > 1<<24 {
		e.t.Error("an input that is nothing known was read on and on")
		return 0, io.EOF
	}
	for i := range b {
		b[i] = e.value
	}
	return len(b), nil
}

// What is neither a dump nor text is refused by its beginning: a device or a
// pipe may have no end.
func TestEndlessInput(t *testing.T) {
	for _, value := range []byte{0, 1} {
		var stdout, stderr bytes.Buffer
		status := run(context.Background(), []string{"analyze", "-"}, &endless{value: value, t: t}, &stdout, &stderr)
		if status != exitFailed {
			t.Errorf("%#x: exit status %d", value, status)
		}
		expect(t, stderr.String(), "standard input")
	}
}
