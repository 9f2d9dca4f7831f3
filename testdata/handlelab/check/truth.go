package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Kinds of operations, as in stream 18.
const (
	openOp  = 1
	closeOp = 2
	badRef  = 3
)

var kinds = map[string]uint32{"open": openOp, "close": closeOp, "bad-reference": badRef}

type trueOperation struct {
	index     int
	op        string
	kind      uint32
	handle    uint64
	thread    uint32
	functions []string // innermost first
}

type incident map[string]string

type truth struct {
	before, after []uint64
	operations    []trueOperation // in the order of time
	incidents     []incident
}

func readTruth(name string) (*truth, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	t := &truth{}
	for line := range strings.Lines(string(data)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		values := map[string]string{}
		for _, field := range fields[1:] {
			key, value, _ := strings.Cut(field, "=")
			values[key] = value
		}
		switch fields[0] {
		case "truth":
		case "before":
			t.before = append(t.before, number(values["handle"]))
		case "after":
			t.after = append(t.after, number(values["handle"]))
		case "operation":
			t.operations = append(t.operations, newOperation(values))
		case "incident":
			t.incidents = append(t.incidents, values)
		default:
			return nil, fmt.Errorf("%s: unknown line %q", name, line)
		}
	}
	return t, nil
}

func newOperation(values map[string]string) trueOperation {
	o := trueOperation{
		index:  int(number(values["index"])),
		op:     values["op"],
		kind:   kinds[values["op"]],
		handle: number(values["handle"]),
		thread: uint32(number(values["tid"])),
	}
	if f := values["function"]; f != "-" {
		o.functions = []string{f}
	}
	if c := values["callers"]; c != "" {
		o.functions = append(o.functions, strings.Split(c, ",")...)
	}
	return o
}

// number reads what the lab itself has written.
func number(s string) uint64 {
	n, err := strconv.ParseUint(s, 0, 64)
	if err != nil {
		failf("%q is no number", s)
	}
	return n
}

func (t *truth) stored(index int) trueOperation {
	return t.operations[len(t.operations)-1-index]
}

// list returns the operations that an incident names under a key.
func (t *truth) list(i incident, key string) []trueOperation {
	var list []trueOperation
	for s := range strings.SplitSeq(i[key], ",") {
		if s != "" {
			list = append(list, t.stored(int(number(s))))
		}
	}
	return list
}

// checkIncidents: each incident has the parts it is made of, and these are
// operations of the right kind, in the right order, on the right handle.
func checkIncidents(t *truth) {
	inIncident := map[int]bool{}
	for _, i := range t.incidents {
		for _, key := range []string{"culprit", "related"} {
			for _, o := range t.list(i, key) {
				inIncident[o.index] = true
			}
		}
		if i["kind"] == "leak" {
			t.checkLeak(i)
		} else {
			t.checkMisuse(i)
		}
	}
	for _, o := range t.operations {
		if o.kind == badRef && !inIncident[o.index] {
			failf("bad reference #%d is in no incident", o.index)
		}
	}
}

func (t *truth) checkMisuse(i incident) {
	steps := []struct {
		key  string
		kind uint32
	}{{"first_open", openOp}, {"first_close", closeOp}, {"victim", openOp}, {"culprit", badRef}}
	if i["kind"] == "stolen-close" {
		steps[3].kind = closeOp
	} else {
		steps = append(steps[:2], steps[3])
	}
	last := len(t.operations)
	for _, step := range steps {
		list := t.list(i, step.key)
		if len(list) != 1 || list[0].kind != step.kind || list[0].handle != number(i["handle"]) ||
			list[0].index >= last {
			failf("%s: %s is %+v", i["kind"], step.key, list)
			continue
		}
		last = list[0].index
	}
	for _, o := range t.list(i, "related") {
		if o.index >= last || o.handle != number(i["handle"]) {
			failf("%s: related is %+v", i["kind"], o)
		}
	}
}

func (t *truth) checkLeak(i incident) {
	opens := t.list(i, "opens")
	if len(opens) != int(number(i["count"])) {
		failf("leak: %d opens, count=%s", len(opens), i["count"])
	}
	for _, o := range opens {
		if o.kind != openOp || o.functions[0] != i["site_function"] {
			failf("leak: %+v", o)
		}
		for later := o.index - 1; later >= 0; later-- {
			if t.stored(later).handle == o.handle {
				failf("leak: #%d is not the last of 0x%x", o.index, o.handle)
			}
		}
	}
}
