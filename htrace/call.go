package htrace

import (
	"slices"
	"strings"

	"github.com/handletrace/handletrace/callstack"
)

// closers are the functions that close a handle which they are given.
var closers = set("CloseHandle", "NtClose", "ZwClose", "closesocket", "RegCloseKey", "FindClose", "FindCloseChangeNotification",
	"_close", "_close_nolock", "CloseServiceHandle", "ObpCloseHandle", "ObCloseHandle", "CloseThreadpoolWait")

// starters are the functions at the outer end of each stack.
var starters = set("RtlUserThreadStart", "BaseThreadInitThunk", "BaseThreadStart", "BaseProcessStart", "BaseThreadInitXfgThunk",
	"LdrInitializeThunk", "KiSystemService", "KiSystemServiceCopyEnd", "KiFastCallEntry", "KiStartUserThread", "PspUserThreadStartup")

// keepers are the beginnings of functions of the system that open things when
// they are first called, and keep them: the loader, its resources and
// activation contexts, pools of threads, providers of sockets and of names.
var keepers = []string{"Ldr", "RtlpFindMessage", "RtlFindMessage", "RtlCreateActivationContext", "TppAlloc", "TpAllocPool", "TppPool", "TppWorkerThread",
	"RtlpInit", "CsrClientConnect", "BasepInitialize", "LoadLibrary", "CoInitialize", "WSAStartup", "SockInitialize", "EtwpInit", "RtlRunOnce", "InitOnceExecuteOnce"}

// keepsWhatItOpens reports whether a frame is in one of the keepers.
func keepsWhatItOpens(f callstack.Frame) bool {
	return slices.ContainsFunc(keepers, func(k string) bool { return strings.HasPrefix(f.Function, k) })
}

// passed are the system calls' own helpers, which tell nothing of the call.
var passed = set("KiRaiseUserExceptionDispatcher", "KiFastSystemCall", "KiFastSystemCallRet", "KiIntSystemCall")

// callOf tells which call a frame is in, if it is one of the system's.
func callOf(f callstack.Frame) call {
	name := strings.TrimPrefix(f.Function, "AVrfp")
	switch {
	case name == "" || passed[name]:
		return unknownCall
	case closers[name]:
		return closeCall
	case name == "NtDuplicateObject" || name == "ZwDuplicateObject" || name == "DuplicateHandle":
		return duplicateCall
	case isSystemCall(name):
		return otherCall
	}
	return unknownCall
}

// isSystemCall reports whether the name is that of an Nt or Zw function.
func isSystemCall(name string) bool {
	if len(name) < 3 || name[:2] != "Nt" && name[:2] != "Zw" {
		return false
	}
	return name[2] >= 'A' && name[2] <= 'Z'
}
