package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// operation is short for one that a test needs.
func operation(kind minidump.OperationType, handle uint64, thread uint32, frames ...uint64) minidumptest.HandleOperation {
	return minidumptest.HandleOperation{Handle: handle, Type: kind, ThreadID: thread, ProcessID: 1, Frames: frames}
}

const (
	opened = minidump.OperationDbOPEN
	closed = minidump.OperationDbCLOSE
	failed = minidump.OperationDbBADREF
)

// The story of a handle is told where nothing is wrong: who opened and closed
// each object that had the value, and who had it at the end.
func TestStory(t *testing.T) {
	b := built(
		operation(opened, 0x10, 8, 0x1200, 0x2000),
		operation(closed, 0x12, 7, 0x1100, 0x2000),
		operation(opened, 0x20, 8, 0x1300, 0x2000),
		operation(opened, 0x10, 7, 0x1000, 0x2000),
	)
	b.AddModule(minidumptest.Module{Base: 0x800, Size: 0x2800, Name: `C:\app\app.exe`})
	b.AddHandle(minidumptest.Handle{Value: 0x10, Type: "Event", Name: `\Sessions\1\Ready`})
	b.AddHandle(minidumptest.Handle{Value: 0x30, Type: "Key"})
	path := written(t, "d.dmp", b.Bytes())
	out := command(t, exitClean, "analyze", "--handle", "0x11", path)
	expect(t, out,
		"The story of handle 0x10: 2 objects had this value, one after the other",
		"1. opened: #3 by thread 0x7 in app+0x800",
		"closed: #1 by thread 0x7 in app+0x900",
		"2. opened: #0 by thread 0x8 in app+0xa00",
		`still open: Event \Sessions\1\Ready`,
		"the handle table lists it",
		"The newest open: #0 open of 0x10 by thread 0x8",
	)
	var r struct {
		Inputs []struct {
			Story struct {
				Handle, Type, Name, End string
				Lifetimes               []struct {
					Complete    bool
					Open, Close *jsonOperation
					OpenedAt    struct{ Module string } `json:"opened_at"`
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(command(t, exitClean, "analyze", "--format", "json", "--handle", "10", path)), &r); err != nil {
		t.Fatal(err)
	}
	s := r.Inputs[0].Story
	if s.Handle != "0x10" || s.Type != "Event" || len(s.Lifetimes) != 2 || s.Lifetimes[0].Close.Index != 1 || s.Lifetimes[1].Close != nil || !s.Lifetimes[1].Complete || s.Lifetimes[1].OpenedAt.Module != "app.exe" {
		t.Errorf("story: %+v", s)
	}
	// One that the table alone knows has a story too.
	expect(t, command(t, exitClean, "analyze", "--handle", "0x30", path), "no object had this value, as far as the trace goes", "whose open the trace does not have", "(Key)")
}

// What is said of the end agrees with the trace and the table.
func TestEndOfStory(t *testing.T) {
	for _, c := range []struct {
		name  string
		ops   []minidumptest.HandleOperation
		table bool
		want  string
	}{
		{"open, without a table", []minidumptest.HandleOperation{operation(opened, 0x10, 1, 0x1000)}, false, "the newest object held the value, as far as the trace tells"},
		{"open, but not listed", []minidumptest.HandleOperation{operation(opened, 0x10, 1, 0x1000)}, true, "the handle table does not list it"},
		{"closed", []minidumptest.HandleOperation{operation(closed, 0x10, 1, 0x1100), operation(opened, 0x10, 1, 0x1000)}, true, "nothing held the value"},
		{"only failures", []minidumptest.HandleOperation{operation(failed, 0x10, 1, 0x1100)}, true, "nothing held the value"},
	} {
		b := built(c.ops...)
		if c.table {
			b.AddHandle(minidumptest.Handle{Value: 0x40, Type: "File"})
		}
		out := command(t, exitClean, "analyze", "--fail-on", "never", "--handle", "0x10", written(t, "d.dmp", b.Bytes()))
		if !strings.Contains(strings.Join(strings.Fields(out), " "), c.want) {
			t.Errorf("%s: %q is not in\n%s", c.name, c.want, out)
		}
	}
}

// A dump that was written when a thread used an invalid handle begins with the
// newest failure of that thread: in the finding that explains it or, where
// there is none, with the story of that handle.
func TestDumpAtInvalidHandle(t *testing.T) {
	at := func(thread uint32, ops ...minidumptest.HandleOperation) string {
		b := built(ops...)
		b.AddException(minidumptest.Exception{ThreadID: thread, Code: minidump.StatusInvalidHandle})
		return written(t, "d.dmp", b.Bytes())
	}
	other := []minidumptest.HandleOperation{
		operation(failed, 0x20, 9, 0x1500), operation(closed, 0x20, 9, 0x1500), operation(opened, 0x20, 9, 0x1400),
	}
	path := at(7, append(other, doubleClose...)...)
	out := command(t, exitFound, "analyze", path)
	expect(t, out, "1. double-close (certain), handle 0x10\n   The dump was written at this failure")
	if strings.Contains(out, "The story of") {
		t.Errorf("the finding tells it already:\n%s", out)
	}
	expect(t, command(t, exitFound, "analyze", "--format", "json", path), `"failure": {`, `"thread_id": 7`, `"at_exception": true`)

	out = command(t, exitClean, "analyze", "--disable", "double-close,bad-reference,use-after-close,stolen-close", at(7, doubleClose...))
	expect(t, out, "The dump was written when thread 0x7 used an invalid handle (0xC0000008).", "failure in the trace is #0, on handle 0x10.", "Nothing in this trace explains the failure.", "The story of handle 0x10")

	out = command(t, exitFound, "analyze", at(5, doubleClose...))
	expect(t, strings.Join(strings.Fields(out), " "), "thread 0x5 used an invalid handle (0xC0000008). The trace holds no failure of that thread.")

	// A debugger may put the handle into the exception.
	b := built(doubleClose...)
	b.AddException(minidumptest.Exception{ThreadID: 5, Code: minidump.StatusInvalidHandle, Information: []uint64{0x10}})
	out = command(t, exitFound, "analyze", written(t, "d.dmp", b.Bytes()))
	expect(t, strings.Join(strings.Fields(out), " "), "By the exception it was 0x10.", "The story of handle 0x10")
}
