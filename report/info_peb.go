package report

import (
	"fmt"

	"github.com/handletrace/handletrace/minidump"
)

// InfoPEB is what the process environment block says.
type InfoPEB struct {
	Address           string          `json:"address"`
	PointerSize       int             `json:"pointer_size"`
	BeingDebugged     bool            `json:"being_debugged"`
	ImageBase         string          `json:"image_base"`
	Ldr               string          `json:"ldr"`
	ProcessHeap       string          `json:"process_heap"`
	NtGlobalFlag      string          `json:"nt_global_flag"`
	NtGlobalFlagNames []string        `json:"nt_global_flag_names,omitempty"`
	OSVersion         string          `json:"os_version"`
	SessionID         uint32          `json:"session_id"`
	Parameters        *InfoParameters `json:"parameters,omitempty"`
}

// InfoParameters are what the process was started with.
type InfoParameters struct {
	Address          string   `json:"address"`
	ImagePath        string   `json:"image_path,omitempty"`
	CommandLine      string   `json:"command_line,omitempty"`
	CurrentDirectory string   `json:"current_directory,omitempty"`
	DllPath          string   `json:"dll_path,omitempty"`
	WindowTitle      string   `json:"window_title,omitempty"`
	StandardInput    string   `json:"standard_input"`
	StandardOutput   string   `json:"standard_output"`
	StandardError    string   `json:"standard_error"`
	Environment      []string `json:"environment,omitempty"`
}

var pebSection = one[InfoPEB]{
	infoPlace: shows("peb", "Process environment block"),
	read:      func(f *minidump.File) (*InfoPEB, error) { return infoPEB(f.PEB()) },
	set:       func(i *Info, p *InfoPEB) { i.PEB = p },
	write:     (*infoText).peb,
}

var wow64PEBSection = one[InfoPEB]{
	infoPlace: shows("wow64_peb", "32-bit process environment block"),
	read:      func(f *minidump.File) (*InfoPEB, error) { return infoPEB(f.WOW64PEB()) },
	set:       func(i *Info, p *InfoPEB) { i.WOW64PEB = p },
	write:     (*infoText).peb,
}

func infoPEB(p *minidump.PEB, err error) (*InfoPEB, error) {
	if err != nil {
		return nil, err
	}
	info := &InfoPEB{
		Address: hex(p.Address), PointerSize: p.PointerSize, BeingDebugged: p.BeingDebugged, ImageBase: hex(p.ImageBase),
		Ldr: hex(p.Ldr), ProcessHeap: hex(p.ProcessHeap), NtGlobalFlag: hex(uint64(p.NtGlobalFlag)),
		NtGlobalFlagNames: bitNames(p.NtGlobalFlag, globalFlagNames),
		OSVersion:         fmt.Sprintf("%d.%d.%d", p.OSMajor, p.OSMinor, p.OSBuild), SessionID: p.SessionID,
	}
	if a := p.Parameters; a != nil {
		info.Parameters = &InfoParameters{
			Address: hex(a.Address), ImagePath: a.ImagePathName, CommandLine: a.CommandLine,
			CurrentDirectory: a.CurrentDirectory, DllPath: a.DllPath, WindowTitle: a.WindowTitle,
			StandardInput: hex(a.StandardInput), StandardOutput: hex(a.StandardOutput), StandardError: hex(a.StandardError),
			Environment: a.Environment,
		}
	}
	return info, nil
}

// globalFlagNames are the bits of NtGlobalFlag, as gflags.exe names them.
var globalFlagNames = []bitName{
	{0x1, "stop on exception"}, {0x2, "show loader snaps"}, {0x4, "debug initial command"}, {0x8, "stop on hang"},
	{0x10, "heap tail checking"}, {0x20, "heap free checking"}, {0x40, "heap parameter checking"},
	{0x80, "heap validation on call"}, {0x100, "application verifier"}, {0x800, "heap tagging"},
	{0x1000, "user stack traces"}, {0x2000, "kernel stack traces"}, {0x4000, "object type list"},
	{0x8000, "heap tagging by DLL"}, {0x200000, "no heap coalescing"}, {0x400000, "close exceptions"},
	{0x2000000, "page heap"}, {0x40000000, "bad handles detection"},
}

func (t *infoText) peb(p *InfoPEB) {
	if a := p.Parameters; a != nil {
		t.field("command line", a.CommandLine)
		t.field("image path", a.ImagePath)
		t.field("current directory", a.CurrentDirectory)
		t.field("DLL path", a.DllPath)
		t.field("window title", a.WindowTitle)
		t.field("standard handles", fmt.Sprintf("input %s, output %s, error %s", a.StandardInput, a.StandardOutput, a.StandardError))
	}
	t.field("address", fmt.Sprintf("%s, %d-byte pointers", p.Address, p.PointerSize))
	if p.Parameters != nil {
		t.field("parameters", p.Parameters.Address)
	}
	t.field("image base", p.ImageBase)
	t.field("loader data", p.Ldr)
	t.field("process heap", p.ProcessHeap)
	t.field("global flag", withName(p.NtGlobalFlag, joined(p.NtGlobalFlagNames)))
	t.field("system version", p.OSVersion)
	t.field("session", fmt.Sprint(p.SessionID))
	t.field("being debugged", yes(p.BeingDebugged))
	if p.Parameters != nil {
		t.environment(p.Parameters.Environment)
	}
}

// environment writes the variables, which may be private, where all is asked
// for, and their number otherwise.
func (t *infoText) environment(list []string) {
	switch {
	case len(list) == 0:
	case t.all:
		t.sub("environment", func() { t.list(list) })
	default:
		t.field("environment", count(len(list), "variable")+" (--all shows them)")
	}
}
