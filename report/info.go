package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/handletrace/handletrace/minidump"
)

// Info is what is in a dump, in the shape of the JSON that WriteInfoJSON
// writes. Addresses are hexadecimal strings, for not every JSON reader holds
// 64 bits in a number.
type Info struct {
	Header           InfoHeader     `json:"header"`
	System           *InfoSystem    `json:"system,omitempty"`
	Streams          []InfoStream   `json:"streams"`
	Modules          []InfoModule   `json:"modules,omitempty"`
	UnloadedModules  []InfoModule   `json:"unloaded_modules,omitempty"`
	Threads          []InfoThread   `json:"threads,omitempty"`
	Memory           []InfoMemory   `json:"memory,omitempty"`
	Handles          []InfoHandle   `json:"handles,omitempty"`
	HandleOperations *int           `json:"handle_operations,omitempty"`
	Exception        *InfoException `json:"exception,omitempty"`
	ProcessID        uint32         `json:"process_id,omitempty"`
	Warnings         []string       `json:"warnings"`
}

// InfoHeader is the header of a dump.
type InfoHeader struct {
	Version         uint16 `json:"version"`
	Implementation  uint16 `json:"implementation"`
	NumberOfStreams uint32 `json:"number_of_streams"`
	CheckSum        uint32 `json:"checksum"`
	TimeDateStamp   uint32 `json:"timestamp"`
	Time            string `json:"time"`
	Flags           string `json:"flags"`
	FlagNames       string `json:"flag_names"`
	BigEndian       bool   `json:"big_endian,omitempty"`
}

// InfoSystem is the system a dump was made on.
type InfoSystem struct {
	OS           string `json:"os"`
	Platform     uint32 `json:"platform"`
	Version      string `json:"version"`
	ServicePack  string `json:"service_pack,omitempty"`
	Architecture string `json:"architecture"`
	Processors   uint8  `json:"processors"`
}

// InfoStream is a stream of a dump.
type InfoStream struct {
	Type uint32 `json:"type"`
	Name string `json:"name"`
	Size uint32 `json:"size"`
	Rva  uint32 `json:"rva"`
}

// InfoModule is a module of the process.
type InfoModule struct {
	Base      string `json:"base"`
	Size      uint32 `json:"size"`
	Name      string `json:"name"`
	Version   string `json:"version,omitempty"`
	Timestamp uint32 `json:"timestamp"`
	CodeID    string `json:"code_id,omitempty"`
	DebugFile string `json:"debug_file,omitempty"`
	DebugID   string `json:"debug_id,omitempty"`
}

// InfoThread is a thread of the process.
type InfoThread struct {
	ID        uint32 `json:"id"`
	Name      string `json:"name,omitempty"`
	StackBase string `json:"stack_base"`
	StackSize uint32 `json:"stack_size"`
	Teb       string `json:"teb"`
}

// InfoMemory is a range of the process's memory that is in the dump.
type InfoMemory struct {
	Base string `json:"base"`
	Size uint64 `json:"size"`
}

// InfoHandle is a handle that was open.
type InfoHandle struct {
	Handle string `json:"handle"`
	Type   string `json:"type"`
	Name   string `json:"name"`
	Access string `json:"access"`
	Count  uint32 `json:"count"`
}

// InfoException is why a thread stopped.
type InfoException struct {
	ThreadID    uint32   `json:"thread_id"`
	Code        string   `json:"code"`
	Flags       string   `json:"flags"`
	Address     string   `json:"address"`
	Information []string `json:"information,omitempty"`
}

// InfoOf reads everything that Info holds. What cannot be read is left out and
// told among the warnings.
func InfoOf(f *minidump.File) *Info {
	h := f.Header()
	info := &Info{
		Header: InfoHeader{
			Version: h.Version, Implementation: h.Implementation, NumberOfStreams: h.NumberOfStreams,
			CheckSum: h.CheckSum, TimeDateStamp: h.TimeDateStamp, Time: h.Time().Format(time.RFC3339),
			Flags: hex(uint64(h.Flags)), FlagNames: h.Flags.String(), BigEndian: h.BigEndian,
		},
		Warnings: []string{},
	}
	for _, d := range f.Directory() {
		info.Streams = append(info.Streams, InfoStream{uint32(d.StreamType), d.StreamType.String(), d.DataSize, d.Rva})
	}
	for _, part := range infoParts {
		if err := part(f, info); err != nil && !errors.Is(err, minidump.ErrNoStream) {
			info.Warnings = append(info.Warnings, err.Error())
		}
	}
	for _, w := range f.Warnings() {
		info.Warnings = append(info.Warnings, w.String())
	}
	return info
}

// infoParts fill an Info, a stream each.
var infoParts = []func(*minidump.File, *Info) error{
	systemPart, modulesPart, unloadedPart, threadsPart, memoryPart, handlesPart, operationsPart, exceptionPart, miscPart,
}

func systemPart(f *minidump.File, info *Info) error {
	s, err := f.SystemInfo()
	if err != nil {
		return err
	}
	info.System = &InfoSystem{
		OS: s.PlatformID.String(), Platform: uint32(s.PlatformID), Version: s.Version(), ServicePack: s.CSDVersion,
		Architecture: s.ProcessorArchitecture.String(), Processors: s.NumberOfProcessors,
	}
	return nil
}

func modulesPart(f *minidump.File, info *Info) error {
	modules, err := f.Modules()
	for i := range modules {
		m := &modules[i]
		info.Modules = append(info.Modules, InfoModule{
			Base: hex(m.BaseOfImage), Size: m.SizeOfImage, Name: m.Name, Version: m.VersionInfo.FileVersion(),
			Timestamp: m.TimeDateStamp, CodeID: m.CodeID(), DebugFile: m.DebugFile(), DebugID: m.DebugID(),
		})
	}
	return err
}

func unloadedPart(f *minidump.File, info *Info) error {
	modules, err := f.UnloadedModules()
	for i := range modules {
		m := &modules[i]
		info.UnloadedModules = append(info.UnloadedModules, InfoModule{Base: hex(m.BaseOfImage), Size: m.SizeOfImage, Name: m.Name, Timestamp: m.TimeDateStamp})
	}
	return err
}

func threadsPart(f *minidump.File, info *Info) error {
	threads, err := f.Threads()
	if err != nil {
		return err
	}
	list, err := f.ThreadNames()
	names := make(map[uint32]string, len(list))
	for _, n := range list {
		names[n.ThreadID] = n.Name
	}
	for i := range threads {
		t := &threads[i]
		info.Threads = append(info.Threads, InfoThread{t.ThreadID, names[t.ThreadID], hex(t.Stack.StartOfMemoryRange), t.Stack.Memory.DataSize, hex(t.Teb)})
	}
	return err
}

func memoryPart(f *minidump.File, info *Info) error {
	memory, err := f.Memory()
	if err != nil {
		return err
	}
	for r := range memory.Ranges() {
		info.Memory = append(info.Memory, InfoMemory{hex(r.Start), r.Size})
	}
	return nil
}

func handlesPart(f *minidump.File, info *Info) error {
	data, err := f.HandleData()
	if err != nil {
		return err
	}
	for _, d := range data.All() {
		info.Handles = append(info.Handles, InfoHandle{hex(d.Handle), d.TypeName, d.ObjectName, hex(uint64(d.GrantedAccess)), d.HandleCount})
	}
	return nil
}

func operationsPart(f *minidump.File, info *Info) error {
	list, err := f.HandleOperationList()
	if err != nil {
		return err
	}
	n := list.Len()
	info.HandleOperations = &n
	return nil
}

func exceptionPart(f *minidump.File, info *Info) error {
	list, err := f.Exceptions()
	if err != nil {
		return err
	}
	e := &list[0]
	info.Exception = &InfoException{ThreadID: e.ThreadID, Code: hex(uint64(e.ExceptionCode)), Flags: hex(uint64(e.ExceptionFlags)), Address: hex(e.ExceptionAddress)}
	for _, v := range e.ExceptionInformation {
		info.Exception.Information = append(info.Exception.Information, hex(v))
	}
	return nil
}

func miscPart(f *minidump.File, info *Info) error {
	m, err := f.MiscInfo()
	if err == nil && m.HasProcessID() {
		info.ProcessID = m.ProcessID
	}
	return err
}

// WriteInfoJSON writes what is in a dump as JSON.
func WriteInfoJSON(w io.Writer, info *Info) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(info)
}

// WriteInfoText writes what is in a dump for people to read.
func WriteInfoText(w io.Writer, info *Info) error {
	b := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintf(b, "written\t%s\nflags\t%s (%s)\n", info.Header.Time, info.Header.Flags, info.Header.FlagNames)
	if s := info.System; s != nil {
		fmt.Fprintf(b, "system\t%s %s %s, %s, %s\n", s.OS, s.Version, s.ServicePack, s.Architecture, count(int(s.Processors), "processor"))
	}
	if info.ProcessID != 0 {
		fmt.Fprintf(b, "process\t%d\n", info.ProcessID)
	}
	if e := info.Exception; e != nil {
		fmt.Fprintf(b, "exception\t%s at %s in thread %#x\n", e.Code, e.Address, e.ThreadID)
	}
	var bytes uint64
	for _, m := range info.Memory {
		bytes += m.Size
	}
	fmt.Fprintf(b, "memory\t%s, %d bytes\n", count(len(info.Memory), "range"), bytes)
	fmt.Fprintf(b, "threads\t%d\nhandles\t%d\n", len(info.Threads), len(info.Handles))
	if info.HandleOperations != nil {
		fmt.Fprintf(b, "handle trace\t%s\n", count(*info.HandleOperations, "operation"))
	} else {
		fmt.Fprintf(b, "handle trace\tnone\n")
	}
	infoTables(b, info)
	for _, warning := range info.Warnings {
		fmt.Fprintf(b, "\nwarning: %s\n", warning)
	}
	return b.Flush()
}

func infoTables(b io.Writer, info *Info) {
	fmt.Fprintf(b, "\nstream\ttype\tsize\toffset\n")
	for _, s := range info.Streams {
		fmt.Fprintf(b, "%s\t%d\t%d\t%#x\n", s.Name, s.Type, s.Size, s.Rva)
	}
	fmt.Fprintf(b, "\nmodule\tbase\tsize\tversion\tdebug id\n")
	for _, m := range info.Modules {
		fmt.Fprintf(b, "%s\t%s\t%#x\t%s\t%s\n", m.Name, m.Base, m.Size, m.Version, m.DebugID)
	}
	if len(info.Handles) == 0 {
		return
	}
	fmt.Fprintf(b, "\nhandle\ttype\taccess\tname\n")
	for _, h := range info.Handles {
		fmt.Fprintf(b, "%s\t%s\t%s\t%s\n", h.Handle, h.Type, h.Access, h.Name)
	}
}
