package minidump_test

import (
	"io"
	"iter"

	"github.com/handletrace/handletrace/minidump"
)

// decoders ask for each stream that the package knows and go through all of
// it.
var decoders = map[minidump.StreamType]func(*minidump.File) error{
	minidump.ThreadListStream:            errorOf((*minidump.File).Threads),
	minidump.ModuleListStream:            errorOf((*minidump.File).Modules),
	minidump.MemoryListStream:            errorOf((*minidump.File).MemoryList),
	minidump.ExceptionStream:             errorOf((*minidump.File).Exceptions),
	minidump.SystemInfoStream:            errorOf((*minidump.File).SystemInfo),
	minidump.ThreadExListStream:          errorOf((*minidump.File).ThreadExList),
	minidump.Memory64ListStream:          errorOf((*minidump.File).Memory64List),
	minidump.CommentStreamA:              errorOf((*minidump.File).CommentA),
	minidump.CommentStreamW:              errorOf((*minidump.File).CommentW),
	minidump.HandleDataStream:            readHandles,
	minidump.FunctionTableStream:         readFunctionTables,
	minidump.UnloadedModuleListStream:    errorOf((*minidump.File).UnloadedModules),
	minidump.MiscInfoStream:              errorOf((*minidump.File).MiscInfo),
	minidump.MemoryInfoListStream:        errorOf((*minidump.File).MemoryInfoList),
	minidump.ThreadInfoListStream:        errorOf((*minidump.File).ThreadInfoList),
	minidump.HandleOperationListStream:   readOperations,
	minidump.TokenStream:                 errorOf((*minidump.File).Tokens),
	minidump.SystemMemoryInfoStream:      errorOf((*minidump.File).SystemMemoryInfo),
	minidump.ProcessVMCountersStream:     errorOf((*minidump.File).ProcessVMCounters),
	minidump.IptTraceStream:              errorOf((*minidump.File).IptTrace),
	minidump.ThreadNamesStream:           errorOf((*minidump.File).ThreadNames),
	minidump.WineModulesStream:           errorOf((*minidump.File).WineModules),
	minidump.BreakpadInfoStream:          errorOf((*minidump.File).BreakpadInfo),
	minidump.BreakpadAssertionInfoStream: errorOf((*minidump.File).BreakpadAssertion),
	minidump.LinuxCPUInfoStream:          errorOf((*minidump.File).LinuxCPUInfo),
	minidump.LinuxProcStatusStream:       errorOf((*minidump.File).LinuxProcStatus),
	minidump.LinuxLSBReleaseStream:       errorOf((*minidump.File).LinuxLSBRelease),
	minidump.LinuxCmdLineStream:          errorOf((*minidump.File).LinuxCmdLine),
	minidump.LinuxEnvironStream:          errorOf((*minidump.File).LinuxEnviron),
	minidump.LinuxAuxvStream:             errorOf((*minidump.File).LinuxAuxv),
	minidump.LinuxMapsStream:             errorOf((*minidump.File).LinuxMaps),
	minidump.LinuxDSODebugStream:         errorOf((*minidump.File).LinuxDSODebug),
	minidump.CrashpadInfoStream:          errorOf((*minidump.File).CrashpadInfo),
}

func errorOf[T any](get func(*minidump.File) (T, error)) func(*minidump.File) error {
	return func(f *minidump.File) error {
		_, err := get(f)
		return err
	}
}

func readHandles(f *minidump.File) error {
	h, err := f.HandleData()
	if err != nil {
		return err
	}
	for _, d := range h.All() {
		h.ObjectInformation(d)
	}
	return nil
}

func readFunctionTables(f *minidump.File) error {
	tables, err := f.FunctionTables()
	if err != nil {
		return err
	}
	for range tables.All() {
	}
	return nil
}

func readOperations(f *minidump.File) error {
	ops, err := f.HandleOperationList()
	if err != nil {
		return err
	}
	for range ops.All() {
	}
	return nil
}

// decodeAll yields what came of each stream that the package knows, and of the
// bytes of the others.
func decodeAll(f *minidump.File) iter.Seq2[minidump.StreamType, error] {
	return func(yield func(minidump.StreamType, error) bool) {
		for t, decode := range decoders {
			if !yield(t, decode(f)) {
				return
			}
		}
		for _, d := range f.Directory() {
			if decoders[d.StreamType] != nil {
				continue
			}
			r, err := f.Stream(d.StreamType)
			if err == nil {
				_, err = io.Copy(io.Discard, r)
			}
			if !yield(d.StreamType, err) {
				return
			}
		}
	}
}
