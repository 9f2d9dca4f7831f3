package main

import (
	"fmt"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/minidump"
)

// advised is an error with advice that is worth several lines. It is given
// once, however many files need it.
type advised struct {
	error
	advice string
}

// Unwrap returns the error alone.
func (e *advised) Unwrap() error { return e.error }

// howToTrace tells how to make a dump with a trace, and how to leave the
// machine as it was.
const howToTrace = `To record a handle trace on Windows, for a program APP.EXE:
  1. appverif.exe -enable Handles -for APP.EXE     (as administrator; then start the program anew)
     or, in WinDbg attached to the running process:  !htrace -enable
  2. let the fault happen, then write a dump with handle data:
     in WinDbg:  .dump /ma C:\dumps\app.dmp      or:  procdump -ma PID C:\dumps\app.dmp
  3. switch it off again:
     appverif.exe -disable Handles -for APP.EXE   or, in WinDbg:  !htrace -disable`

// noTrace says why a dump has no trace, as far as it tells.
func noTrace(f *minidump.File) error {
	const none = "the dump has no handle trace (HandleOperationList stream): "
	if info, err := f.SystemInfo(); err == nil && info.PlatformID != minidump.PlatformWin32NT {
		return fmt.Errorf("%sit is of a process on %v, and only Windows records one", none, info.PlatformID)
	}
	why := "tracing was off when it was written, or its writer does not write traces"
	if f.Header().Flags&minidump.WithHandleData == 0 && !f.Has(minidump.HandleDataStream) {
		why = "it was written without handle data (the flag MiniDumpWithHandleData), so it has none whether tracing was on or off"
	}
	return &advised{fmt.Errorf("%s%s", none, why), howToTrace}
}

// emptyTrace says why a trace has no operations.
func emptyTrace(f *minidump.File, t *htrace.Trace) error {
	list, err := f.HandleOperationList()
	if err != nil {
		return err
	}
	if missing := t.Completeness().Missing; missing > 0 {
		return fmt.Errorf("none of the %d entries of the handle trace can be read: the file is cut or damaged, get a whole copy", list.NumberOfEntries)
	}
	return &advised{fmt.Errorf("the handle trace has no operations (%d entries, none in use): tracing was on, but nothing was recorded before the dump was written", list.NumberOfEntries), howToTrace}
}
