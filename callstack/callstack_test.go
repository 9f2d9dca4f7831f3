package callstack_test

import (
	"fmt"
	"testing"

	"github.com/handletrace/handletrace/callstack"
)

// What is known of a frame decides how it is written, and nothing that is
// known is left out of its name.
func TestString(t *testing.T) {
	for _, c := range []struct {
		frame callstack.Frame
		want  string
	}{
		{callstack.Frame{}, "0x0"},
		{callstack.Frame{Address: 0x7ff612345678}, "0x7ff612345678"},
		{callstack.Frame{Address: 0x7ff612345678, Offset: 8}, "0x7ff612345678"},
		{callstack.Frame{Module: "app.exe", Offset: 0x1234}, "app+0x1234"},
		{callstack.Frame{Module: "app.exe"}, "app+0x0"},
		{callstack.Frame{Module: "app.exe", Function: "main"}, "app!main"},
		{callstack.Frame{Module: "app.exe", Function: "main", Offset: 0x20}, "app!main+0x20"},
		{callstack.Frame{Function: "main", Offset: 0x20}, "main+0x20"},
		{callstack.Frame{Function: "main"}, "main"},
		{callstack.Frame{Module: "System.Core.ni.dll", Function: "f", Offset: 1}, "System.Core.ni!f+0x1"},
		{callstack.Frame{Module: "linux", Function: "f", Offset: 1<<64 - 1}, "linux!f+0xffffffffffffffff"},
	} {
		if got := c.frame.String(); got != c.want {
			t.Errorf("%+v is written %q, want %q", c.frame, got, c.want)
		}
		if got := string(c.frame.Append([]byte("at "))); got != "at "+c.want {
			t.Errorf("Append made %q of %q", got, c.want)
		}
	}
}

func TestModuleName(t *testing.T) {
	for module, want := range map[string]string{"ntdll.dll": "ntdll", "app": "app", "": "", "a.b.exe": "a.b"} {
		if got := (callstack.Frame{Module: module}).ModuleName(); got != want {
			t.Errorf("%q is called %q, want %q", module, got, want)
		}
	}
}

// A source of names of one's own makes frames, and everything that reads frames
// can show them.
func Example() {
	frames := []callstack.Frame{
		{Address: 0x180001043, Module: "plugin.dll", Function: "Guard::~Guard", File: "guard.h", Line: 12, Inlined: true},
		{Address: 0x180001043, Module: "plugin.dll", Function: "Plugin::Flush", Offset: 0x43, File: "plugin.cpp", Line: 80},
		{Address: 0x7ff800012345, Module: "kernel32.dll", Offset: 0x12345},
	}
	for _, f := range frames {
		if fmt.Print(f); f.File != "" {
			fmt.Printf(" (%s:%d)", f.File, f.Line)
		}
		fmt.Println()
	}
	// Output:
	// plugin!Guard::~Guard (guard.h:12)
	// plugin!Plugin::Flush+0x43 (plugin.cpp:80)
	// kernel32+0x12345
}
