package main

import (
	"errors"

	"github.com/handletrace/handletrace/minidump"
)

// aids are the streams that make a report better, and what it lacks without.
// The modules are not among them: the resolver tells of those.
var aids = []struct {
	read  func(*minidump.File) error
	lacks string
}{
	{readable((*minidump.File).HandleData), "types and names of objects are not known"},
	{readable((*minidump.File).MiscInfo), "the number of the process is not known"},
	{readable((*minidump.File).SystemInfo), "the system and its processor are not known"},
	{readable((*minidump.File).Threads), "the threads are not known"},
	{readable((*minidump.File).ThreadNames), "threads have no names"},
	{readable((*minidump.File).Memory), "code is named without the memory of its images"},
	{readable((*minidump.File).Exceptions), "the failure at which the dump was written is not known"},
}

// readable returns a function that tells why a stream cannot be read; its
// absence is no fault.
func readable[T any](get func(*minidump.File) (T, error)) func(*minidump.File) error {
	return func(f *minidump.File) error {
		_, err := get(f)
		if errors.Is(err, minidump.ErrNoStream) {
			return nil
		}
		return err
	}
}

// warn adds what was wrong with a dump to the warnings. It comes after the
// analysis, for what is read only then has its warnings too.
func (in *input) warn() {
	if in.dump == nil {
		return
	}
	for _, a := range aids {
		if err := a.read(in.dump); err != nil {
			in.Warnings = append(in.Warnings, a.lacks+": "+oneLine(err))
		}
	}
	for _, err := range in.names.Warnings() {
		in.Warnings = append(in.Warnings, "modules could not be read, and their code has no names: "+oneLine(err))
	}
	for _, w := range in.dump.Warnings() {
		in.Warnings = append(in.Warnings, w.String())
	}
}
