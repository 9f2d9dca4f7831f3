package symbols

import (
	"errors"
	"io"

	"github.com/handletrace/handletrace/minidump"
)

// FromDump returns the process of a minidump.
func FromDump(f *minidump.File) Process { return dump{f} }

type dump struct{ f *minidump.File }

func (d dump) Modules() ([]Module, error) {
	loaded, err := d.loaded()
	unloaded, errUnloaded := d.unloaded()
	return append(loaded, unloaded...), errors.Join(err, errUnloaded)
}

func (d dump) loaded() ([]Module, error) {
	modules, err := d.f.Modules()
	list := make([]Module, len(modules))
	for i := range modules {
		m := &modules[i]
		list[i] = Module{
			Base:          m.BaseOfImage,
			Size:          uint64(m.SizeOfImage),
			Path:          m.Name,
			TimeDateStamp: m.TimeDateStamp,
			DebugFile:     m.DebugFile(),
			DebugID:       m.DebugID(),
		}
	}
	return list, unlessAbsent(err)
}

func (d dump) unloaded() ([]Module, error) {
	modules, err := d.f.UnloadedModules()
	list := make([]Module, len(modules))
	for i := range modules {
		m := &modules[i]
		list[i] = Module{Base: m.BaseOfImage, Size: uint64(m.SizeOfImage), Path: m.Name, TimeDateStamp: m.TimeDateStamp, Unloaded: true}
	}
	return list, unlessAbsent(err)
}

// unlessAbsent drops the error of a stream that is not there, which is no
// damage.
func unlessAbsent(err error) error {
	if errors.Is(err, minidump.ErrNoStream) {
		return nil
	}
	return err
}

// executable are the protections of memory that may be run.
const executable = minidump.PageExecute | minidump.PageExecuteRead | minidump.PageExecuteReadWrite | minidump.PageExecuteWriteCopy

// IsGeneratedCode implements [Regions] from stream 16. Run-time compilers that
// keep their code unwritable map it, so that it is not private to the process.
func (d dump) IsGeneratedCode(addr uint64) bool {
	info, err := d.f.MemoryInfo(addr)
	return err == nil && info.State == minidump.MemCommit && info.Type != minidump.MemImage && info.Protect&executable != 0
}

func (d dump) Memory(m *Module) io.ReaderAt {
	memory, err := d.f.Memory()
	if err != nil {
		return failing{err}
	}
	return memory.Section(m.Base, m.Size)
}

// failing is memory that cannot be read.
type failing struct{ err error }

func (f failing) ReadAt([]byte, int64) (int, error) { return 0, f.err }
