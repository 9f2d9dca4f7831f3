package minidump

import "fmt"

// StreamType is a MINIDUMP_STREAM_TYPE: what a stream holds.
type StreamType uint32

// Stream types of the Windows SDK.
const (
	UnusedStream              StreamType = 0
	ReservedStream0           StreamType = 1
	ReservedStream1           StreamType = 2
	ThreadListStream          StreamType = 3
	ModuleListStream          StreamType = 4
	MemoryListStream          StreamType = 5
	ExceptionStream           StreamType = 6
	SystemInfoStream          StreamType = 7
	ThreadExListStream        StreamType = 8
	Memory64ListStream        StreamType = 9
	CommentStreamA            StreamType = 10
	CommentStreamW            StreamType = 11
	HandleDataStream          StreamType = 12
	FunctionTableStream       StreamType = 13
	UnloadedModuleListStream  StreamType = 14
	MiscInfoStream            StreamType = 15
	MemoryInfoListStream      StreamType = 16
	ThreadInfoListStream      StreamType = 17
	HandleOperationListStream StreamType = 18
	TokenStream               StreamType = 19
	JavaScriptDataStream      StreamType = 20
	SystemMemoryInfoStream    StreamType = 21
	ProcessVMCountersStream   StreamType = 22
	IptTraceStream            StreamType = 23
	ThreadNamesStream         StreamType = 24
	LastReservedStream        StreamType = 0xffff
)

// Stream types of other writers.
const (
	WineModulesStream            StreamType = 0x0000fff0
	UnrealCrashContextStream     StreamType = 0x00010000
	BreakpadInfoStream           StreamType = 0x47670001
	BreakpadAssertionInfoStream  StreamType = 0x47670002
	LinuxCPUInfoStream           StreamType = 0x47670003
	LinuxProcStatusStream        StreamType = 0x47670004
	LinuxLSBReleaseStream        StreamType = 0x47670005
	LinuxCmdLineStream           StreamType = 0x47670006
	LinuxEnvironStream           StreamType = 0x47670007
	LinuxAuxvStream              StreamType = 0x47670008
	LinuxMapsStream              StreamType = 0x47670009
	LinuxDSODebugStream          StreamType = 0x4767000a
	CrashpadInfoStream           StreamType = 0x43500001
	SyzygyASanStream             StreamType = 0x4b6b0001
	LLDBGeneratedStream          StreamType = 0x4c4c4442
	MozMacOSCrashInfoStream      StreamType = 0x4d7a0001
	MozMacOSBootargsStream       StreamType = 0x4d7a0002
	MozLinuxLimitsStream         StreamType = 0x4d7a0003
	MozLinuxSoftErrorsStream     StreamType = 0x4d7a0004
	SentryStackTracesStream      StreamType = 0x53790001
	FacebookAppCustomDataStream  StreamType = 0xfaceca7a
	FacebookBuildIDStream        StreamType = 0xfacecafa
	FacebookAppVersionNameStream StreamType = 0xfacecafb
	FacebookJavaStackStream      StreamType = 0xfacecafc
	FacebookDalvikInfoStream     StreamType = 0xfacecafd
	FacebookUnwindSymbolsStream  StreamType = 0xfacecafe
	FacebookDumpErrorLogStream   StreamType = 0xfacecaff
	FacebookAppStateLogStream    StreamType = 0xfaceccca
	FacebookAbortReasonStream    StreamType = 0xfacedead
	FacebookThreadNameStream     StreamType = 0xfacee000
	FacebookLogcatStream         StreamType = 0xface1ca7
)

var streamTypeNames = map[StreamType]string{
	UnusedStream:                 "Unused",
	ReservedStream0:              "Reserved0",
	ReservedStream1:              "Reserved1",
	ThreadListStream:             "ThreadList",
	ModuleListStream:             "ModuleList",
	MemoryListStream:             "MemoryList",
	ExceptionStream:              "Exception",
	SystemInfoStream:             "SystemInfo",
	ThreadExListStream:           "ThreadExList",
	Memory64ListStream:           "Memory64List",
	CommentStreamA:               "CommentA",
	CommentStreamW:               "CommentW",
	HandleDataStream:             "HandleData",
	FunctionTableStream:          "FunctionTable",
	UnloadedModuleListStream:     "UnloadedModuleList",
	MiscInfoStream:               "MiscInfo",
	MemoryInfoListStream:         "MemoryInfoList",
	ThreadInfoListStream:         "ThreadInfoList",
	HandleOperationListStream:    "HandleOperationList",
	TokenStream:                  "Token",
	JavaScriptDataStream:         "JavaScriptData",
	SystemMemoryInfoStream:       "SystemMemoryInfo",
	ProcessVMCountersStream:      "ProcessVmCounters",
	IptTraceStream:               "IptTrace",
	ThreadNamesStream:            "ThreadNames",
	WineModulesStream:            "WineModules",
	UnrealCrashContextStream:     "UnrealCrashContext",
	BreakpadInfoStream:           "BreakpadInfo",
	BreakpadAssertionInfoStream:  "BreakpadAssertionInfo",
	LinuxCPUInfoStream:           "LinuxCpuInfo",
	LinuxProcStatusStream:        "LinuxProcStatus",
	LinuxLSBReleaseStream:        "LinuxLsbRelease",
	LinuxCmdLineStream:           "LinuxCmdLine",
	LinuxEnvironStream:           "LinuxEnviron",
	LinuxAuxvStream:              "LinuxAuxv",
	LinuxMapsStream:              "LinuxMaps",
	LinuxDSODebugStream:          "LinuxDsoDebug",
	CrashpadInfoStream:           "CrashpadInfo",
	SyzygyASanStream:             "SyzygyASan",
	LLDBGeneratedStream:          "LLDBGenerated",
	MozMacOSCrashInfoStream:      "MozMacosCrashInfo",
	MozMacOSBootargsStream:       "MozMacosBootargs",
	MozLinuxLimitsStream:         "MozLinuxLimits",
	MozLinuxSoftErrorsStream:     "MozLinuxSoftErrors",
	SentryStackTracesStream:      "SentryStackTraces",
	FacebookAppCustomDataStream:  "FacebookAppCustomData",
	FacebookBuildIDStream:        "FacebookBuildId",
	FacebookAppVersionNameStream: "FacebookAppVersionName",
	FacebookJavaStackStream:      "FacebookJavaStack",
	FacebookDalvikInfoStream:     "FacebookDalvikInfo",
	FacebookUnwindSymbolsStream:  "FacebookUnwindSymbols",
	FacebookDumpErrorLogStream:   "FacebookDumpErrorLog",
	FacebookAppStateLogStream:    "FacebookAppStateLog",
	FacebookAbortReasonStream:    "FacebookAbortReason",
	FacebookThreadNameStream:     "FacebookThreadName",
	FacebookLogcatStream:         "FacebookLogcat",
}

// String returns the type's name without the word Stream, or the number of a
// type that is not known.
func (t StreamType) String() string {
	if s, ok := streamTypeNames[t]; ok {
		return s
	}
	return fmt.Sprintf("stream %#x", uint32(t))
}
