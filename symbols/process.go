package symbols

import (
	"io"
	"strings"
)

// Module is an image in a process.
type Module struct {
	Base          uint64
	Size          uint64 // bytes
	Path          string // as the process saw it
	TimeDateStamp uint32
	DebugFile     string // name of the debug file, as the linker stored it
	DebugID       string // as symbol servers spell it
	Unloaded      bool   // whether it was gone when the dump was written
}

// Contains reports whether the address lies in the image.
func (m *Module) Contains(addr uint64) bool { return addr >= m.Base && addr-m.Base < m.Size }

// Name returns the file name without its folder.
func (m *Module) Name() string { return m.Path[strings.LastIndexAny(m.Path, `\/`)+1:] }

// systemFolders hold the libraries of Windows. A program of its own that lies
// there (svchost.exe) is taken for an application all the same.
var systemFolders = []string{`\windows\system32\`, `\windows\syswow64\`, `\windows\winsxs\`, `\windows\microsoft.net\`, `\windows\assembly\`, `\winnt\system32\`}

// IsSystem reports whether the module is a library of the operating system, as
// its folder tells.
func (m *Module) IsSystem() bool {
	path := strings.ToLower(m.Path)
	if strings.HasSuffix(path, ".exe") {
		return false
	}
	for _, f := range systemFolders {
		if strings.Contains(path, f) {
			return true
		}
	}
	return false
}

// Process is what a Resolver needs to know of a process.
type Process interface {
	// Modules returns the loaded modules and then the unloaded ones. An
	// address that lies in several belongs to the first. Beside an error it
	// returns those that could be read.
	Modules() ([]Module, error)
	// Memory returns the memory of a module's image: offset 0 is its base.
	// Reading a page that is not known gives an error.
	Memory(m *Module) io.ReaderAt
}

// Regions is a Process that also knows what kinds of memory there are.
type Regions interface {
	// IsGeneratedCode reports whether an address lies in executable memory
	// that is no part of an image's file: code that was compiled at run time,
	// or injected.
	IsGeneratedCode(addr uint64) bool
}
