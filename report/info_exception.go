package report

import (
	"fmt"
	"slices"

	"github.com/handletrace/handletrace/minidump"
)

// InfoException is why a thread stopped.
type InfoException struct {
	ThreadID uint32 `json:"thread_id"`
	InfoExceptionRecord
	InfoContext
	// Nested are the records that this one leads to, in the process's memory.
	Nested []InfoExceptionRecord `json:"nested,omitempty"`
}

// InfoExceptionRecord is an exception record.
type InfoExceptionRecord struct {
	Code          string   `json:"code"`
	CodeName      string   `json:"code_name,omitempty"`
	Flags         string   `json:"flags"`
	FlagNames     []string `json:"flag_names,omitempty"`
	Address       string   `json:"address"`
	At            string   `json:"at,omitempty"` // Address as module+0xoffset
	Record        string   `json:"record,omitempty"`
	Information   []string `json:"information,omitempty"`
	Meaning       string   `json:"meaning,omitempty"`
	RecordAddress string   `json:"record_address,omitempty"` // of the record itself
}

var exceptionSection = one[InfoException]{
	infoPlace: shows("exception", "Exception", minidump.ExceptionStream),
	read: func(f *minidump.File) (*InfoException, error) {
		list, err := f.Exceptions()
		if err != nil {
			return nil, err
		}
		e := exceptionReader{f, newLocator(f), platformOf(f)}.read(&list[0])
		return &e, nil
	},
	set:   func(i *Info, e *InfoException) { i.Exception = e },
	write: func(t *infoText, e *InfoException) { e.write(t) },
}

var otherExceptionsSection = many[InfoException]{
	infoPlace: shows("other_exceptions", "Other exceptions", minidump.ExceptionStream),
	read: func(f *minidump.File) (rows[InfoException], error) {
		list, err := f.Exceptions()
		if err != nil {
			return rows[InfoException]{}, nil
		}
		r := exceptionReader{f, newLocator(f), platformOf(f)}
		return rowsFrom(list[1:], r.read), nil
	},
	set: func(i *Info, list []InfoException) { i.OtherExceptions = list },
	write: func(t *infoText, r rows[InfoException]) {
		each(t, r, func(i int, e *InfoException) {
			t.sub(fmt.Sprintf("exception %d", i+2), func() { e.write(t) })
		})
	},
}

type exceptionReader struct {
	f        *minidump.File
	locator  locator
	platform minidump.Platform
}

func platformOf(f *minidump.File) minidump.Platform {
	s, err := f.SystemInfo()
	if err != nil {
		return minidump.PlatformWin32NT
	}
	return s.PlatformID
}

func (r exceptionReader) read(e *minidump.Exception) InfoException {
	info := InfoException{ThreadID: e.ThreadID}
	info.InfoExceptionRecord = r.record(&minidump.ExceptionRecord{
		ExceptionCode: e.ExceptionCode, ExceptionFlags: e.ExceptionFlags, ExceptionRecord: e.ExceptionRecord,
		ExceptionAddress: e.ExceptionAddress, ExceptionInformation: e.ExceptionInformation,
	})
	c, err := r.f.ExceptionContext(e)
	info.InfoContext = infoContext(c, err, r.locator)
	nested := r.f.NestedExceptions(e)
	for i := range nested {
		info.Nested = append(info.Nested, r.record(&nested[i]))
	}
	return info
}

func (r exceptionReader) record(e *minidump.ExceptionRecord) InfoExceptionRecord {
	info := InfoExceptionRecord{
		Code: hex(uint64(e.ExceptionCode)), CodeName: exceptionName(r.platform, e.ExceptionCode),
		Flags: hex(uint64(e.ExceptionFlags)), Address: hex(e.ExceptionAddress), At: r.locator.at(e.ExceptionAddress),
	}
	if r.platform == minidump.PlatformWin32NT {
		info.FlagNames = bitNames(e.ExceptionFlags, exceptionFlagNames)
		info.Meaning = exceptionMeaning(e)
	}
	if e.ExceptionRecord != 0 {
		info.Record = hex(e.ExceptionRecord)
	}
	if e.Address != 0 {
		info.RecordAddress = hex(e.Address)
	}
	for _, v := range e.ExceptionInformation {
		info.Information = append(info.Information, hex(v))
	}
	return info
}

var exceptionFlagNames = []bitName{
	{0x1, "noncontinuable"}, {0x2, "unwinding"}, {0x4, "exit unwind"}, {0x8, "stack invalid"}, {0x10, "nested call"},
	{0x20, "target unwind"}, {0x40, "collided unwind"}, {0x80, "software originate"},
}

// exceptionMeaning says what the parameters of a common exception mean.
func exceptionMeaning(e *minidump.ExceptionRecord) string {
	const accessViolation, inPageError = 0xc0000005, 0xc0000006
	p := e.ExceptionInformation
	switch {
	case slices.Contains([]uint32{accessViolation, inPageError}, e.ExceptionCode) && len(p) >= 2:
		verb, ok := map[uint64]string{0: "read", 1: "write", 8: "execute"}[p[0]]
		if !ok {
			return ""
		}
		return fmt.Sprintf("it tried to %s at %#x", verb, p[1])
	case e.ExceptionCode == minidump.StatusInvalidHandle && len(p) >= 1:
		return fmt.Sprintf("the handle was %#x", p[0])
	}
	return ""
}

func (e *InfoException) write(t *infoText) {
	t.field("thread", fmt.Sprintf("%#x (%d)", e.ThreadID, e.ThreadID))
	e.InfoExceptionRecord.write(t)
	t.field("instruction", withName(e.IP, e.Location))
	t.field("stack pointer", e.SP)
	t.field("frame pointer", e.FP)
	t.flush()
	t.inner(func() {
		for _, l := range e.lines() {
			t.line(l)
		}
	})
	for i := range e.Nested {
		t.sub("nested record at "+e.Nested[i].RecordAddress, func() { e.Nested[i].write(t) })
	}
}

func (r *InfoExceptionRecord) write(t *infoText) {
	t.field("code", withName(r.Code, r.CodeName))
	t.field("meaning", r.Meaning)
	t.field("address", withName(r.Address, r.At))
	t.field("parameters", joined(r.Information))
	t.field("flags", withName(r.Flags, joined(r.FlagNames)))
	t.field("leads to the record at", r.Record)
}
