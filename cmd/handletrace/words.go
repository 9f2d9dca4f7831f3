package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/handletrace/handletrace/htrace"
)

// orders are the values of --order.
var orders = map[string]htrace.Order{
	"auto":         htrace.OrderUnknown,
	"newest-first": htrace.NewestFirst,
	"oldest-first": htrace.OldestFirst,
}

// keysOf lists the words of a table for help and errors.
func keysOf[V any](table map[string]V) string {
	return strings.Join(slices.Sorted(maps.Keys(table)), ", ")
}

// pick looks a word of the command line up.
func pick[V any](flag, word string, table map[string]V) (V, error) {
	v, ok := table[word]
	if !ok {
		return v, fmt.Errorf("--%s %q: use one of %s", flag, word, keysOf(table))
	}
	return v, nil
}

// never is the value of --fail-on that no finding reaches.
const never = "never"

func parseFailOn(word string) (htrace.Confidence, error) {
	if word == never {
		return 0, nil
	}
	c, err := htrace.ParseConfidence(word)
	if err != nil {
		return 0, fmt.Errorf("--fail-on %q: use possible, likely, certain or never", word)
	}
	return c, nil
}

// parseHandle reads a handle as debuggers print it: hexadecimal with or
// without 0x, or decimal after 0n. An empty word gives nil. The tag bits are taken off.
func parseHandle(word string) (*uint64, error) {
	if word == "" {
		return nil, nil
	}
	v, err := parseHex(word)
	if err != nil {
		return nil, fmt.Errorf("--handle %q: give it in hexadecimal, as in 0x33c, or in decimal, as in 0n828", word)
	}
	op := htrace.Operation{Handle: v}
	v = op.Value()
	return &v, nil
}

// parseHex reads a number as debuggers do: hexadecimal with or without 0x, and
// decimal after 0n.
func parseHex(word string) (uint64, error) {
	if digits, ok := strings.CutPrefix(strings.ToLower(word), "0n"); ok {
		return strconv.ParseUint(digits, 10, 64)
	}
	digits := strings.TrimPrefix(strings.ToLower(strings.ReplaceAll(word, "`", "")), "0x")
	return strconv.ParseUint(digits, 16, 64)
}

// times returns a number and what is counted.
func times(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
