package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/handletrace/handletrace/callstack"
	"github.com/handletrace/handletrace/report"
)

// answerer answers addresses in the order asked.
type answerer struct {
	names namer
	out   *bufio.Writer
	write func(*bufio.Writer, query) error
	bad   int        // words that were no addresses
	busy  sync.Mutex // held while something is looked up
}

// query is an address, and the answer to it.
type query struct {
	word    string
	address uint64
	err     error // why the word is no address
	frames  []callstack.Frame
}

func newAnswerer(names namer, out io.Writer, asJSON bool) *answerer {
	a := &answerer{names: names, out: bufio.NewWriterSize(out, 1<<16), write: writeText}
	if asJSON {
		a.write = writeJSON
	}
	return a
}

// flush writes what is answered so far.
func (a *answerer) flush() error { return a.out.Flush() }

// refused reports the words that were no addresses.
func (a *answerer) refused() error {
	if a.bad == 0 {
		return nil
	}
	return fmt.Errorf("words that are no addresses: %d; give them in hexadecimal, as in 0x7ff6d1c01234", a.bad)
}

// answer answers some words at once.
func (a *answerer) answer(ctx context.Context, words []string) error {
	queries, err := a.resolve(ctx, words)
	if err != nil {
		return err
	}
	return a.print(queries)
}

// resolve looks some words up.
func (a *answerer) resolve(ctx context.Context, words []string) ([]query, error) {
	a.busy.Lock()
	defer a.busy.Unlock()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	queries := make([]query, len(words))
	addresses := make([]uint64, 0, len(words))
	for i, word := range words {
		q := &queries[i]
		q.word = word
		if q.address, q.err = parseAddress(word); q.err == nil {
			addresses = append(addresses, q.address)
		}
	}
	answers, err := a.names.ResolveAt(ctx, addresses)
	for i := range queries {
		if q := &queries[i]; q.err == nil {
			q.frames, answers = answers[0], answers[1:]
		}
	}
	return queries, err
}

// print writes answers and sees that they arrive.
func (a *answerer) print(queries []query) error {
	for i := range queries {
		if queries[i].err != nil {
			a.bad++
		}
		if err := a.write(a.out, queries[i]); err != nil {
			return err
		}
	}
	return a.flush()
}

// answerAll answers the words of r as they come: one who types gets an answer
// after each line, a file is answered in big pieces, of which one is written
// while the next is looked up.
func (a *answerer) answerAll(ctx context.Context, r io.Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	// A read cannot be interrupted, so it is left behind where it hangs; but
	// no look-up may be.
	defer a.busy.Unlock()
	defer a.busy.Lock()
	defer cancel()
	answers := make(chan []query)
	failed := make(chan error, 1)
	go func() {
		defer close(answers)
		failed <- a.resolveAll(ctx, r, answers)
	}()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case queries, ok := <-answers:
			if !ok {
				return <-failed
			}
			if err := a.print(queries); err != nil {
				return err
			}
		}
	}
}

// resolveAll hands the words of r on with their answers.
func (a *answerer) resolveAll(ctx context.Context, r io.Reader, answers chan<- []query) (err error) {
	errRead := readWords(r, func(words []string) bool {
		var queries []query
		if queries, err = a.resolve(ctx, words); err != nil {
			return false
		}
		select {
		case answers <- queries:
			return true
		case <-ctx.Done():
			return false
		}
	})
	return errors.Join(err, errRead)
}

// readSize is the most that is read at a time, and the longest word.
const readSize = 1 << 18

// readWords hands the words of r on, as many as each read brings.
func readWords(r io.Reader, use func([]string) bool) error {
	buf := make([]byte, 0, readSize)
	for {
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		whole := len(buf) // up to the end of the last word that is whole
		if cut := bytes.LastIndexAny(buf, " \t\r\n") + 1; err == nil && (cut > 0 || whole < cap(buf)) {
			whole = cut
		}
		if words := strings.Fields(string(buf[:whole])); len(words) > 0 && !use(words) {
			return nil
		}
		buf = buf[:copy(buf[:cap(buf)], buf[whole:])]
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("standard input: %w", err)
		}
	}
}

// parseAddress reads an address as debuggers print it.
func parseAddress(word string) (uint64, error) {
	v, err := parseHex(word)
	if err != nil {
		return 0, errors.New("no address: give it in hexadecimal, as in 0x7ff6d1c01234")
	}
	return v, nil
}

// writeJSON writes one object on a line.
func writeJSON(w *bufio.Writer, q query) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if q.err != nil {
		return enc.Encode(struct {
			Address string `json:"address"`
			Error   string `json:"error"`
		}{q.word, q.err.Error()})
	}
	return enc.Encode(struct {
		Address string             `json:"address"`
		Frames  []report.FrameJSON `json:"frames"`
	}{hex(q.address), report.NewFramesJSON(q.frames)})
}

// writeText writes a line for each frame.
func writeText(w *bufio.Writer, q query) error {
	if q.err != nil {
		_, err := fmt.Fprintf(w, "%s: %v\n", plain(fmt.Sprintf("%.100s", q.word)), q.err)
		return err
	}
	line := append(w.AvailableBuffer(), hex(q.address)...)
	for i, f := range q.frames {
		if i > 0 {
			line = append(append(line, '\n'), hex(q.address)...)
		}
		line = append(line, ": "...)
		line = plainFrom(append(f.Append(line), report.Source(f)...), len(line))
	}
	_, err := w.Write(append(line, '\n'))
	return err
}

// plainFrom makes what stands in line from an index on safe to print.
func plainFrom(line []byte, start int) []byte {
	if bytes.IndexFunc(line[start:], func(r rune) bool { return r < ' ' || r >= utf8.RuneSelf-1 }) < 0 {
		return line
	}
	return append(line[:start], plain(string(line[start:]))...)
}

func hex(v uint64) string { return "0x" + strconv.FormatUint(v, 16) }
