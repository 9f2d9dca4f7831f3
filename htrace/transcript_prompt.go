package htrace

import (
	"bytes"
	"strconv"
	"strings"
)

// maxPrompt is how long a prompt may be.
const maxPrompt = 32

// parsePrompt knows the prompts of user mode (0:007>, 0:007:x86>, ||0:1:007>)
// and of the kernel (kd>, lkd>, 0: kd>, 16.0: kd:x86>).
func parsePrompt(b []byte, r *record) bool {
	end := bytes.IndexByte(b[:min(len(b), maxPrompt)], '>')
	if end < 0 || !isPrompt(b[:end]) {
		return false
	}
	r.kind, r.text = linePrompt, skipBlanks(b[end+1:])
	if args, ok := findCommand(r.text); ok {
		r.kind, r.text = lineCommand, args
	}
	return true
}

func isPrompt(b []byte) bool {
	b = skipAny(b, "|")
	digits := 0
	for digits < len(b) && (isDigit(b[digits]) || b[digits] == '.') {
		digits++
	}
	if digits > 0 {
		if digits == len(b) || b[digits] != ':' {
			return false
		}
		b = skipBlanks(b[digits+1:])
	}
	if rest, f := after(b, "lkd"); f == whole {
		return isMachine(rest)
	}
	if rest, f := after(b, "kd"); f == whole {
		return isMachine(rest)
	}
	if digits == 0 || len(b) == 0 || !isDigit(b[0]) {
		return false
	}
	return isMachine(skipAny(b, "0123456789"))
}

// isMachine reports whether b is nothing, or a colon and the parts of a
// prompt that may follow it: more numbers, the kind of machine.
func isMachine(b []byte) bool {
	if len(b) == 0 {
		return true
	}
	if b[0] != ':' {
		return false
	}
	for _, c := range b[1:] {
		if !isLetter(c) && !isDigit(c) && c != ':' && c != '_' {
			return false
		}
	}
	return true
}

// parseCommand knows !htrace without a prompt, as people write it. Prose about
// the command is none.
func parseCommand(b []byte, r *record) bool {
	args, ok := findCommand(b)
	if !ok || !plainArguments(args) {
		return false
	}
	r.kind, r.text = lineCommand, args
	return true
}

func plainArguments(args []byte) bool {
	for _, a := range bytes.Fields(args) {
		if a[0] != '-' && a[0] != '@' && !isExpression(string(a)) {
			return false
		}
	}
	return true
}

func isExpression(s string) bool {
	_, ok := evaluate(s)
	return ok
}

const commandWord = "htrace"

// findCommand finds !htrace or !extension.htrace among the commands of a line
// and returns its arguments.
func findCommand(b []byte) (args []byte, ok bool) {
	bang := bytes.IndexByte(b, '!')
	if bang < 0 {
		return nil, false
	}
	for i := bang + 1; i+len(commandWord) <= len(b); i++ {
		if b[i-1] != '!' && b[i-1] != '.' || !hasFold(b[i:], commandWord) {
			continue
		}
		rest := b[i+len(commandWord):]
		if len(rest) > 0 && !isBlank(rest[0]) && rest[0] != ';' {
			continue
		}
		if end := bytes.IndexByte(rest, ';'); end >= 0 {
			rest = rest[:end]
		}
		return trimRight(skipBlanks(rest)), true
	}
	return nil, false
}

// command is what a command line asked of !htrace.
type command struct {
	known  bool // whether the text has the command at all
	diff   bool
	filter bool   // whether it asked for one handle
	handle uint64 // that handle; 0 where the text does not tell
	count  int    // arguments
}

// readCommand makes sense of arguments: Handle [Max_Traces] in user mode,
// Handle [Process [Max_Traces]] in the kernel, or an option. No handle, or 0,
// asks for all.
func readCommand(args []byte) command {
	fields := strings.Fields(string(args))
	c := command{known: true, count: len(fields)}
	switch {
	case len(fields) == 0:
	case strings.EqualFold(fields[0], "-diff"):
		c.diff = true
	case strings.HasPrefix(fields[0], "-"):
	default:
		v, ok := evaluate(fields[0])
		c.handle, c.filter = v, !ok || v != 0
	}
	return c
}

// limited reports whether the command asked for a limited number of traces.
func (c command) limited(kernel bool) bool {
	if kernel {
		return c.count > 2
	}
	return c.count > 1
}

// evaluate reads a number as debuggers do: hexadecimal unless 0n says
// decimal.
func evaluate(s string) (uint64, bool) {
	base := 16
	switch {
	case len(s) > 2 && strings.EqualFold(s[:2], "0x"):
		s = s[2:]
	case len(s) > 2 && strings.EqualFold(s[:2], "0n"):
		s, base = s[2:], 10
	}
	v, err := strconv.ParseUint(strings.ReplaceAll(s, "`", ""), base, 64)
	return v, err == nil
}
