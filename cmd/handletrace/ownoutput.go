package main

import (
	"bytes"
	"errors"
)

// ourOutputs are what this program writes, by how it begins, with what to give
// instead. Only the text of trace can be read back.
var ourOutputs = []struct {
	begins []byte
	err    error
}{
	{[]byte(`{"index":`), errors.New("these are the JSON lines of handletrace trace --format jsonl: what reads back is the text that trace prints without --format")},
	{[]byte(`{"schema":"handletrace-diff/`), errors.New("this is a JSON report of handletrace diff: give the dumps or the texts of !htrace that it was made of")},
	{[]byte(`{"schema":"handletrace/`), errors.New("this is a JSON report of handletrace: give the dump or the text of !htrace that it was made of")},
	{[]byte(`{"schema":"handletrace-baseline/`), errors.New("this is a baseline: give it with --baseline, and the dump or the text of !htrace")},
	{[]byte(`{"header":{"version":`), errors.New("these are the facts of handletrace info --json: give the dump that they are of")},
}

// ourOutput is the error of a file that this program wrote, and nil for others.
func ourOutput(head []byte) error {
	const most = 256 // bytes that tell
	// What PowerShell redirects is in UTF-16, and JSON may be indented.
	head = bytes.TrimPrefix(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), []byte("\xff\xfe"))
	begin := bytes.Map(func(r rune) rune {
		if r == 0 || r == ' ' || r == '\t' || r == '\r' || r == '\n' {
			return -1
		}
		return r
	}, head[:min(len(head), most)])
	for _, o := range ourOutputs {
		if bytes.HasPrefix(begin, o.begins) {
			return o.err
		}
	}
	return nil
}
