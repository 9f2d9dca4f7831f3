package report

import (
	"fmt"

	"github.com/handletrace/handletrace/minidump"
)

// InfoThread is a thread of the process.
type InfoThread struct {
	InfoThreadEntry
	InfoContext
	// Block is the thread's environment block.
	Block *InfoTEB `json:"teb_fields,omitempty"`
	// WOW64 is the 32-bit half of a thread on 64-bit Windows.
	WOW64 *InfoWOW64Thread `json:"wow64,omitempty"`
}

// InfoThreadEntry is what the lists say of a thread.
type InfoThreadEntry struct {
	ID            uint32 `json:"id"`
	Name          string `json:"name,omitempty"`
	StackBase     string `json:"stack_base"`
	StackSize     uint32 `json:"stack_size"`
	Teb           string `json:"teb"`
	SuspendCount  uint32 `json:"suspend_count"`
	PriorityClass uint32 `json:"priority_class"`
	Priority      int32  `json:"priority"`
	// Times is what stream 17 adds.
	Times *InfoThreadTimes `json:"info,omitempty"`
}

// InfoWOW64Thread is the 32-bit half of a thread on 64-bit Windows.
type InfoWOW64Thread struct {
	InfoRegisters
	Block *InfoTEB `json:"teb_fields,omitempty"`
}

// InfoThreadTimes is what stream 17 says of a thread.
type InfoThreadTimes struct {
	DumpFlags     string   `json:"dump_flags"`
	FlagNames     []string `json:"flag_names,omitempty"`
	DumpError     string   `json:"dump_error"`
	ExitStatus    string   `json:"exit_status"`
	CreateTime    string   `json:"create_time,omitempty"`
	ExitTime      string   `json:"exit_time,omitempty"`
	KernelSeconds float64  `json:"kernel_seconds"`
	UserSeconds   float64  `json:"user_seconds"`
	StartAddress  string   `json:"start_address"`
	StartLocation string   `json:"start_location,omitempty"`
	Affinity      string   `json:"affinity"`
}

var threadInfoFlags = []bitName{
	{minidump.ThreadInfoErrorThread, "error"}, {minidump.ThreadInfoWritingThread, "wrote the dump"},
	{minidump.ThreadInfoExitedThread, "exited"}, {minidump.ThreadInfoInvalidInfo, "invalid info"},
	{minidump.ThreadInfoInvalidContext, "invalid context"}, {minidump.ThreadInfoInvalidTeb, "invalid TEB"},
}

func infoThreadTimes(i *minidump.ThreadInfo, l locator) *InfoThreadTimes {
	return &InfoThreadTimes{
		DumpFlags: hex(uint64(i.DumpFlags)), FlagNames: bitNames(i.DumpFlags, threadInfoFlags),
		DumpError: hex(uint64(i.DumpError)), ExitStatus: hex(uint64(i.ExitStatus)),
		CreateTime: moment(i.CreateTime.Time()), ExitTime: moment(i.ExitTime.Time()),
		KernelSeconds: seconds(i.KernelTime), UserSeconds: seconds(i.UserTime),
		StartAddress: hex(i.StartAddress), StartLocation: l.at(i.StartAddress), Affinity: hex(i.Affinity),
	}
}

var threadsSection = many[InfoThread]{
	infoPlace: shows("threads", "Threads", minidump.ThreadListStream, minidump.ThreadInfoListStream, minidump.ThreadNamesStream),
	read: func(f *minidump.File) (rows[InfoThread], error) {
		threads, err := f.Threads()
		r, others := newThreadReader(f)
		return rowsFrom(threads, r.read), present(err, others)
	},
	set:   func(i *Info, list []InfoThread) { i.Threads = list },
	write: func(t *infoText, r rows[InfoThread]) { table(t, r, threadColumns, threadDetail(t.all)) },
}

// threadReader joins what several streams say of a thread.
type threadReader struct {
	f       *minidump.File
	locator locator
	names   map[uint32]string
	infos   map[uint32]*minidump.ThreadInfo
}

// newThreadReader returns a reader of what there is, and what was wrong with
// the streams that name threads and tell their times.
func newThreadReader(f *minidump.File) (*threadReader, error) {
	r := &threadReader{f, newLocator(f), map[uint32]string{}, map[uint32]*minidump.ThreadInfo{}}
	names, namesErr := f.ThreadNames()
	for _, n := range names {
		if _, ok := r.names[n.ThreadID]; !ok {
			r.names[n.ThreadID] = n.Name
		}
	}
	infos, infosErr := f.ThreadInfoList()
	for i := range infos {
		if id := infos[i].ThreadID; r.infos[id] == nil {
			r.infos[id] = &infos[i]
		}
	}
	return r, present(namesErr, infosErr)
}

func (r *threadReader) read(t *minidump.Thread) InfoThread {
	info := InfoThread{InfoThreadEntry: r.entry(t)}
	c, err := r.f.ThreadContext(t)
	info.InfoContext = infoContext(c, err, r.locator)
	info.Block = infoTEB(r.f.TEB(t))
	if block, err := r.f.WOW64TEB(t); err == nil {
		info.WOW64 = &InfoWOW64Thread{Block: infoTEB(block, nil)}
		if c, err := r.f.WOW64Context(t); err == nil {
			info.WOW64.InfoRegisters = infoRegisters(c, r.locator)
		}
	}
	return info
}

// entry is a thread as its list has it, with its name and times.
func (r *threadReader) entry(t *minidump.Thread) InfoThreadEntry {
	info := InfoThreadEntry{
		ID: t.ThreadID, Name: r.names[t.ThreadID], StackBase: hex(t.Stack.StartOfMemoryRange), StackSize: t.Stack.Memory.DataSize,
		Teb: hex(t.Teb), SuspendCount: t.SuspendCount, PriorityClass: t.PriorityClass, Priority: int32(t.Priority),
	}
	if i := r.infos[t.ThreadID]; i != nil {
		info.Times = infoThreadTimes(i, r.locator)
	}
	return info
}

var threadColumns = []column[InfoThread]{
	number("id", func(t *InfoThread) string { return fmt.Sprintf("%#x", t.ID) }),
	text("name", func(t *InfoThread) string { return t.Name }),
	text("ip", func(t *InfoThread) string { return withName(t.IP, t.Location) }),
	text("sp", func(t *InfoThread) string { return t.SP }),
	number("priority", func(t *InfoThread) string { return fmt.Sprint(t.Priority) }),
	number("suspended", func(t *InfoThread) string { return decimal(t.SuspendCount) }),
	number("last error", func(t *InfoThread) string {
		if t.Block == nil {
			return ""
		}
		return fmt.Sprint(t.Block.LastError)
	}),
	text("last status", func(t *InfoThread) string {
		if t.Block == nil {
			return ""
		}
		return withName(t.Block.LastStatus, t.Block.LastStatusName)
	}),
	text("start address", func(t *InfoThread) string {
		if t.Times == nil {
			return ""
		}
		return withName(t.Times.StartAddress, t.Times.StartLocation)
	}),
	text("flags", func(t *InfoThread) string {
		if t.Times == nil {
			return ""
		}
		return joined(t.Times.FlagNames)
	}),
}

// threadDetail returns the lines below a thread: its stack and times, and
// where all is asked for its blocks and registers.
func threadDetail(all bool) func(*InfoThread) []string {
	return func(t *InfoThread) []string {
		list := t.InfoThreadEntry.lines()
		switch {
		case all:
			list = append(append(list, t.Block.lines("TEB")...), t.InfoContext.lines()...)
		case t.ContextError != "":
			list = append(list, "the registers could not be read: "+t.ContextError)
		}
		if t.WOW64 != nil {
			list = append(list, t.WOW64.lines(all)...)
		}
		return list
	}
}

func (t *InfoThreadEntry) lines() []string {
	list := []string{fmt.Sprintf("stack at %s, %s; TEB %s; priority class %#x", t.StackBase, count(int(t.StackSize), "byte"), t.Teb, t.PriorityClass)}
	if t.Times != nil {
		list = append(list, t.Times.lines()...)
	}
	return list
}

// lines returns the 32-bit half of a thread.
func (t *InfoWOW64Thread) lines(all bool) []string {
	list := []string{fmt.Sprintf("32-bit: ip %s, sp %s, last error %d", withName(t.IP, t.Location), t.SP, t.Block.LastError)}
	if all {
		list = append(append(list, t.Block.lines("32-bit TEB")...), t.InfoRegisters.lines()...)
	}
	return list
}

// lines returns what the table has no columns for.
func (i *InfoThreadTimes) lines() []string {
	s := fmt.Sprintf("%s in user mode, %s in the kernel, affinity %s", span(i.UserSeconds), span(i.KernelSeconds), i.Affinity)
	if i.CreateTime != "" {
		s = "started " + i.CreateTime + ", " + s
	}
	if i.ExitTime != "" {
		s += ", ended " + i.ExitTime
	}
	if i.ExitStatus != "0x103" { // STILL_ACTIVE
		s += ", exit status " + i.ExitStatus
	}
	if i.DumpError != "0x0" {
		s += ", error of the writer " + i.DumpError
	}
	return []string{s}
}
