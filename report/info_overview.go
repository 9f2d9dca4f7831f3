package report

import (
	"fmt"

	"github.com/handletrace/handletrace/minidump"
)

// infoOverview is what people look for first. The text alone has it: the JSON
// holds the same under the sections' own keys.
type infoOverview struct {
	system    *InfoSystem
	processID *uint32
	exception *InfoException
	memory    *InfoMemoryLists
	threads   string
	modules   string
	handles   string
	trace     *int
}

var overviewSection = one[infoOverview]{
	infoPlace: shows("", "Overview"),
	read: func(f *minidump.File) (*infoOverview, error) {
		// What cannot be read is told by the sections themselves.
		o := &infoOverview{}
		o.system, _ = systemSection.read(f)
		o.processID, _ = processIDSection.read(f)
		o.exception, _ = exceptionSection.read(f)
		o.memory, _ = memoryListsSection.read(f)
		o.trace, _ = operationsSection.read(f)
		o.threads = howMany(threadsSection.read(f))
		o.modules = howMany(modulesSection.read(f))
		o.handles = howMany(handlesSection.read(f))
		return o, nil
	},
	write: func(t *infoText, o *infoOverview) {
		if o.system != nil {
			t.field("system", fmt.Sprintf("%s, %s, %s", o.system.name(), o.system.Architecture, count(int(o.system.Processors), "processor")))
		}
		if o.processID != nil {
			t.field("process", fmt.Sprint(*o.processID))
		}
		if e := o.exception; e != nil {
			t.field("exception", fmt.Sprintf("%s at %s in thread %#x", withName(e.Code, e.CodeName), withName(e.Address, e.At), e.ThreadID))
		}
		if o.memory != nil {
			t.field("memory", fmt.Sprintf("%s, %s", ranges(o.memory.Ranges), size(o.memory.Bytes)))
		}
		t.field("threads", o.threads)
		t.field("modules", o.modules)
		t.field("handles", o.handles)
		t.field("handle trace", o.operations())
	},
}

func (o *infoOverview) operations() string {
	if o.trace == nil {
		return "none"
	}
	return count(*o.trace, "operation")
}

// howMany returns the length of a list, or that it could not be read.
func howMany[T any](r rows[T], err error) string {
	if err != nil && !absent(err) && r.n == 0 {
		return "could not be read"
	}
	return grouped(uint64(r.n))
}
