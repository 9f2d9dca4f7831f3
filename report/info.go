package report

import (
	"bufio"
	"errors"
	"io"
	"slices"

	"github.com/handletrace/handletrace/minidump"
)

// Info is what is in a dump, in the shape of the JSON that WriteInfoJSON
// writes and docs/info.schema.json describes. Addresses and sets of bits are
// hexadecimal strings, for not every JSON reader holds 64 bits in a number.
// What the dump does not hold is left out.
type Info struct {
	Header            InfoHeader          `json:"header"`
	Streams           []InfoStream        `json:"streams"`
	System            *InfoSystem         `json:"system,omitempty"`
	ProcessID         uint32              `json:"process_id,omitempty"`
	MiscInfo          *InfoMisc           `json:"misc_info,omitempty"`
	PEB               *InfoPEB            `json:"peb,omitempty"`
	WOW64PEB          *InfoPEB            `json:"wow64_peb,omitempty"`
	Comments          []InfoComment       `json:"comments,omitempty"`
	Exception         *InfoException      `json:"exception,omitempty"`
	OtherExceptions   []InfoException     `json:"other_exceptions,omitempty"`
	Assertion         *InfoAssertion      `json:"assertion,omitempty"`
	Breakpad          *InfoBreakpad       `json:"breakpad,omitempty"`
	Crashpad          *InfoCrashpad       `json:"crashpad,omitempty"`
	HandleOperations  *int                `json:"handle_operations,omitempty"`
	HandleTrace       *InfoHandleTrace    `json:"handle_trace,omitempty"`
	HandleData        *InfoHandleData     `json:"handle_data,omitempty"`
	Handles           []InfoHandleDetail  `json:"handles,omitempty"`
	Threads           []InfoThread        `json:"threads,omitempty"`
	ThreadsEx         []InfoThreadEx      `json:"threads_ex,omitempty"`
	OtherThreadInfos  []InfoThreadInfo    `json:"other_thread_infos,omitempty"`
	OtherThreadNames  []InfoThreadName    `json:"other_thread_names,omitempty"`
	Modules           []InfoModule        `json:"modules,omitempty"`
	UnloadedModules   []InfoModule        `json:"unloaded_modules,omitempty"`
	WineModules       []InfoModule        `json:"wine_modules,omitempty"`
	FunctionTables    *InfoFunctionTables `json:"function_tables,omitempty"`
	Tokens            []InfoToken         `json:"tokens,omitempty"`
	SystemMemory      *InfoSystemMemory   `json:"system_memory,omitempty"`
	ProcessVMCounters InfoValues          `json:"process_vm_counters,omitempty"`
	IptTrace          *InfoIptTrace       `json:"ipt_trace,omitempty"`
	LinuxCPUInfo      string              `json:"linux_cpu_info,omitempty"`
	LinuxProcStatus   string              `json:"linux_proc_status,omitempty"`
	LinuxLSBRelease   string              `json:"linux_lsb_release,omitempty"`
	LinuxCmdLine      []string            `json:"linux_cmd_line,omitempty"`
	LinuxEnviron      []string            `json:"linux_environ,omitempty"`
	LinuxAuxv         []InfoAuxv          `json:"linux_auxv,omitempty"`
	LinuxMaps         []InfoLinuxMap      `json:"linux_maps,omitempty"`
	LinuxDSODebug     *InfoDSODebug       `json:"linux_dso_debug,omitempty"`
	MemoryLists       *InfoMemoryLists    `json:"memory_lists,omitempty"`
	Memory            []InfoMemoryRange   `json:"memory,omitempty"`
	MemoryInfo        []InfoMemoryInfo    `json:"memory_info,omitempty"`
	Warnings          []string            `json:"warnings"`
}

// infoSections are the parts of the report in its order. A stream's content is
// a section of its own file and a line here.
func infoSections() []infoSection {
	return []infoSection{
		headerSection, overviewSection, streamsSection(), systemSection, processIDSection, miscSection,
		pebSection, wow64PEBSection, commentsSection, exceptionSection, otherExceptionsSection,
		assertionSection, breakpadSection, crashpadSection,
		operationsSection, handleTraceSection, handleDataSection, handlesSection,
		threadsSection, threadsExSection, otherThreadInfosSection, otherThreadNamesSection,
		modulesSection, unloadedModulesSection, wineModulesSection, functionTablesSection,
		tokensSection, systemMemorySection, vmCountersSection, iptTraceSection,
		linuxCPUInfoSection, linuxProcStatusSection, linuxLSBReleaseSection, linuxCmdLineSection,
		linuxEnvironSection, linuxAuxvSection, linuxMapsSection, linuxDSODebugSection,
		memoryListsSection, memorySection, memoryInfoSection,
	}
}

// InfoOf reads everything that Info holds. What cannot be read is left out and
// told among the warnings. A dump of very many handles or memory ranges is
// better written by WriteInfoJSON, which keeps none of them.
func InfoOf(f *minidump.File) *Info {
	info := &Info{Streams: []InfoStream{}, Warnings: []string{}}
	for _, s := range infoSections() {
		if err := s.fill(info, f); err != nil && !absent(err) {
			info.Warnings = append(info.Warnings, err.Error())
		}
	}
	info.Warnings = append(info.Warnings, fileWarnings(f)...)
	return info
}

// WriteInfoJSON writes everything that is in a dump as the JSON of an Info, a
// section at a time.
func WriteInfoJSON(w io.Writer, f *minidump.File) error {
	b := bufio.NewWriter(w)
	j := newInfoJSON(b, f.Size())
	warnings := []string{}
	for _, s := range infoSections() {
		if err := s.json(j, f); err != nil && !absent(err) {
			warnings = append(warnings, err.Error())
		}
	}
	warnings = append(append(warnings, j.cut...), fileWarnings(f)...)
	j.value("warnings", warnings)
	j.close()
	return errors.Join(j.err, b.Flush())
}

// absent reports whether an error only says that the dump does not hold what
// was asked for.
func absent(err error) bool {
	for _, target := range []error{
		minidump.ErrNoStream, minidump.ErrNoContext, minidump.ErrNotMapped, minidump.ErrNotWindows, minidump.ErrNotWOW64,
	} {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}

// present joins the errors that are more than the absence of something.
func present(errs ...error) error {
	return errors.Join(slices.DeleteFunc(errs, absent)...)
}

func fileWarnings(f *minidump.File) []string {
	var list []string
	for _, w := range f.Warnings() {
		list = append(list, w.String())
	}
	return list
}
