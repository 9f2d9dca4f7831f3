package main

import (
	"fmt"
	"hash/crc32"
	"strings"
	"testing"
)

// frameworkEntry is an operation of a program whose modules open and close
// through a framework, as !htrace prints it.
func frameworkEntry(handle int, kind string, frames ...string) string {
	const digits = 16
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nHandle = 0x%0*x - %s\n", strings.Repeat("-", 38), digits, handle, kind)
	fmt.Fprintf(&b, "Thread ID = 0x%0*x, Process ID = 0x%0*x\n\n", digits, 0x10, digits, 0x20)
	for _, f := range frames {
		fmt.Fprintf(&b, "0x%0*x: %s\n", digits, 0x7ff600000000+uint64(crc32.ChecksumIEEE([]byte(f))), f)
	}
	return b.String()
}

var (
	frameworkClose = []string{"ntdll!NtClose+0x14", "KERNELBASE!CloseHandle+0x45", "fw!Release+0x10", "app!Work+0x20"}
	frameworkOpen  = []string{"ntdll!NtCreateEvent+0x14", "KERNELBASE!CreateEventW+0x7a", "fw!Make+0x10", "app!Work+0x10"}
)

// The user knows which of the modules only handle for others: their caller is
// the one at fault.
func TestPlumbing(t *testing.T) {
	opened, closed := frameworkEntry(0x3c, "OPEN", frameworkOpen...), frameworkEntry(0x3c, "CLOSE", frameworkClose...)
	name := written(t, "fw.txt", []byte(frameworkEntry(0x3c, "*** BAD REFERENCE ***", frameworkClose...)+closed+opened))
	const framework, app = `"function": "Release"`, `"function": "Work"`
	for _, c := range []struct{ plumbing, where string }{{"", framework}, {"FW", app}, {"f*", app}, {"fw.dll", app}, {"other", framework}} {
		args := []string{"analyze", "--format", "json", name}
		if c.plumbing != "" {
			args = append(args, "--plumbing", c.plumbing)
		}
		_, after, _ := strings.Cut(command(t, exitFound, args...), `"where": {`)
		where, _, _ := strings.Cut(after, "}")
		if !strings.Contains(where, c.where) {
			t.Errorf("--plumbing %q: the finding is at %s, want %s", c.plumbing, where, c.where)
		}
	}
	newer := written(t, "new.txt", []byte(frameworkEntry(0x40, "OPEN", frameworkOpen...)+closed+opened))
	expect(t, command(t, exitClean, "diff", name, newer), "+1  fw!Make")
	expect(t, command(t, exitClean, "diff", "--plumbing", "fw", name, newer), "+1  app!Work")
	for _, word := range []string{"*", "a*b", `C:\fw`, "fw!Release"} {
		_, stderr := commandBoth(t, exitFailed, "analyze", "--plumbing", word, name)
		expect(t, stderr, "--plumbing", "mylib")
	}
}
