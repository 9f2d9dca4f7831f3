package simulate

// An api is a way through the system's code to a system call: the frames below
// the caller, innermost first.
type api []string

// kind is a kind of object with the ways to open, use and close it.
type kind struct {
	name              string
	opens, uses, ends []api
}

// closeHandle are the ways of CloseHandle, with and without KERNEL32's stub.
var closeHandle = []api{
	{"ntdll.dll!NtClose", "KERNELBASE.dll!CloseHandle"},
	{"ntdll.dll!NtClose", "KERNELBASE.dll!CloseHandle", "KERNEL32.DLL!CloseHandleImplementation"},
}

var waits = api{"ntdll.dll!NtWaitForSingleObject", "KERNELBASE.dll!WaitForSingleObjectEx"}

var (
	fileKind = &kind{
		name: "File",
		opens: []api{
			{"ntdll.dll!NtCreateFile", "KERNELBASE.dll!CreateFileInternal", "KERNELBASE.dll!CreateFileW"},
			{"ntdll.dll!NtOpenFile", "KERNELBASE.dll!OpenFileById"},
		},
		uses: []api{
			{"ntdll.dll!NtWriteFile", "KERNELBASE.dll!WriteFile"},
			{"ntdll.dll!NtReadFile", "KERNELBASE.dll!ReadFile"},
			{"ntdll.dll!NtQueryInformationFile", "KERNELBASE.dll!GetFileSizeEx"},
		},
		ends: closeHandle,
	}
	crtFileKind = &kind{
		name: "File",
		opens: []api{{
			"ntdll.dll!NtCreateFile", "KERNELBASE.dll!CreateFileInternal", "KERNELBASE.dll!CreateFileW",
			"ucrtbase.dll!_sopen_nolock", "ucrtbase.dll!_wfopen",
		}},
		uses: []api{{"ntdll.dll!NtWriteFile", "KERNELBASE.dll!WriteFile", "ucrtbase.dll!_write_nolock", "ucrtbase.dll!fwrite"}},
		ends: []api{{"ntdll.dll!NtClose", "KERNELBASE.dll!CloseHandle", "ucrtbase.dll!_close_nolock", "ucrtbase.dll!fclose"}},
	}
	eventKind = &kind{
		name:  "Event",
		opens: []api{{"ntdll.dll!NtCreateEvent", "KERNELBASE.dll!CreateEventExW", "KERNELBASE.dll!CreateEventW"}},
		uses:  []api{{"ntdll.dll!NtSetEvent", "KERNELBASE.dll!SetEvent"}, waits},
		ends:  closeHandle,
	}
	semaphoreKind = &kind{
		name:  "Semaphore",
		opens: []api{{"ntdll.dll!NtCreateSemaphore", "KERNELBASE.dll!CreateSemaphoreExW"}},
		uses:  []api{{"ntdll.dll!NtReleaseSemaphore", "KERNELBASE.dll!ReleaseSemaphore"}, waits},
		ends:  closeHandle,
	}
	keyKind = &kind{
		name: "Key",
		opens: []api{
			{"ntdll.dll!NtOpenKeyEx", "KERNELBASE.dll!LocalBaseRegOpenKey", "KERNELBASE.dll!RegOpenKeyExW"},
		},
		uses: []api{{"ntdll.dll!NtQueryValueKey", "KERNELBASE.dll!RegQueryValueExW"}},
		ends: []api{{"ntdll.dll!NtClose", "KERNELBASE.dll!RegCloseKey"}},
	}
	socketKind = &kind{
		name:  "File",
		opens: []api{{"ntdll.dll!NtCreateFile", "mswsock.dll!SockSocket", "mswsock.dll!WSPSocket", "ws2_32.dll!WSASocketW"}},
		uses:  []api{{"ntdll.dll!NtDeviceIoControlFile", "mswsock.dll!WSPSend", "ws2_32.dll!send"}},
		ends:  []api{{"ntdll.dll!NtClose", "mswsock.dll!SockCloseSocket", "mswsock.dll!WSPCloseSocket", "ws2_32.dll!closesocket"}},
	}
	threadKind = &kind{
		name: "Thread",
		opens: []api{
			{"ntdll.dll!NtCreateThreadEx", "KERNELBASE.dll!CreateRemoteThreadEx", "KERNEL32.DLL!CreateThreadStub", "ucrtbase.dll!_beginthreadex"},
		},
		uses: []api{waits},
		ends: closeHandle,
	}
	sectionKind = &kind{
		name:  "Section",
		opens: []api{{"ntdll.dll!NtCreateSection", "KERNELBASE.dll!CreateFileMappingW"}},
		uses:  []api{{"ntdll.dll!NtMapViewOfSection", "KERNELBASE.dll!MapViewOfFile"}},
		ends:  closeHandle,
	}
	processKind = &kind{
		name:  "Process",
		opens: []api{{"ntdll.dll!NtOpenProcess", "KERNELBASE.dll!OpenProcess"}, {"ntdll.dll!NtDuplicateObject", "KERNELBASE.dll!DuplicateHandle"}},
		uses:  []api{{"ntdll.dll!NtQueryInformationProcess", "KERNELBASE.dll!GetExitCodeProcess"}, waits},
		ends:  closeHandle,
	}
)

var kinds = []*kind{fileKind, crtFileKind, eventKind, semaphoreKind, keyKind, socketKind, threadKind, sectionKind, processKind}

// Ways of the system itself to close a handle.
var (
	moveAway   = api{"ntdll.dll!NtDuplicateObject", "KERNELBASE.dll!DuplicateHandle"} // DUPLICATE_CLOSE_SOURCE
	threadExit = api{"ntdll.dll!NtTerminateThread", "ntdll.dll!RtlExitUserThread"}
)

// raised is the frame that stands inside a close that raises an exception
// because its handle is not open.
const raised = "ntdll.dll!KiRaiseUserExceptionDispatcher"

// apiCall is the call in each function of a way that leads further in: a way
// has one place in each.
const apiCall = "#0"
